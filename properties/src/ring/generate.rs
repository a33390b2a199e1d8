//! The generator of ring cases.
//!
//! One transition is one draw from a plain random generator. Which kinds a case draws from is part of the case (swarm):
//! what only shows after many refusals or many peeks is rare where everything is drawn alike.

use alys_models::ring::RingTransition as T;
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy},
    test_runner::{TestRng, TestRunner},
};

use super::{
    CAPACITY_MAX,
    reference::{RingReference, State},
};
use crate::{
    draw::{Draw, Fixed, Simplifying},
    sequential::Drawn,
};

/// The kinds of transitions.
const KINDS: usize = 5;

/// Push, pop, peek, clear, resize.
const WEIGHTS: [u32; KINDS] = [8, 8, 4, 2, 2];

/// Items are below this: they must differ, and nothing else about them matters.
const ITEMS: u32 = 4;

/// How often each kind is drawn, as far as the last of its weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Profile([u32; KINDS]);

impl Profile {
    /// Everything there is.
    pub(super) const WHOLE: Self = Profile(WEIGHTS);

    fn draw<R: Rng>(draw: &mut Draw<'_, R>) -> Self {
        let mut weights = WEIGHTS;
        for (kind, weight) in weights.iter_mut().enumerate() {
            *weight *= match draw.below(6) {
                0 if kind > 0 => 0,
                1 => 4,
                _ => 1,
            };
        }
        Profile(weights)
    }

    fn next<R: Rng>(self, draw: &mut Draw<'_, R>) -> T {
        match draw.weighted(&self.0) {
            0 => T::Push(draw.below(ITEMS) as u8),
            1 => T::Pop,
            2 => T::Peek(draw.index(CAPACITY_MAX) as u8),
            3 => T::Clear,
            _ => T::Resize(1 + draw.index(CAPACITY_MAX) as u8),
        }
    }
}

fn start<R: Rng>(draw: &mut Draw<'_, R>) -> State {
    let profile = Profile::draw(draw);
    State::new(1 + draw.index(CAPACITY_MAX), profile)
}

impl Drawn for RingReference {
    fn draw_start(rng: &mut TestRng) -> State {
        start(&mut Draw(rng))
    }

    fn draw_next(state: &State, rng: &mut TestRng) -> T {
        state.profile.next(&mut Draw(rng))
    }
}

/// Draws the beginning of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start;

impl Strategy for Start {
    type Tree = Fixed<State>;
    type Value = State;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        Ok(Fixed(start(&mut Draw(runner.rng()))))
    }
}

/// Draws a transition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next(pub(super) Profile);

impl Strategy for Next {
    type Tree = Simplifying<T>;
    type Value = T;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        Ok(Simplifying::new(self.0.next(&mut Draw(runner.rng())), simpler))
    }
}

/// The n-th way to simplify a transition, until there is none left.
pub(super) fn simpler(transition: &T, n: usize) -> Option<T> {
    match (*transition, n) {
        (T::Push(item), 0..=1) if n < usize::from(item) => Some(T::Push(n as u8)),
        (T::Peek(index), 0) if index > 0 => Some(T::Peek(0)),
        (T::Resize(capacity), _) if n + 1 < usize::from(capacity) => Some(T::Resize(1 + n as u8)),
        _ => None,
    }
}
