//! The generator of lifecycle cases: few actors that collide, and calls that mostly fit the state they meet.
//!
//! One transition is one draw from a plain random generator, as in the mailbox suites.

use std::rc::Rc;

use alys_models::lifecycle::{
    LifecycleModel, LifecycleOutcome, LifecycleTransition, ModelState, ModelTrigger, allowed, next,
};
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy, ValueTree},
    test_runner::TestRunner,
};

use super::{ACTORS, reference::State};
use crate::draw::{Draw, Fixed};

/// The number of kinds of transitions that are drawn.
const KINDS: usize = 5;

/// How often each kind is drawn, in the order of [`super::labels::KIND_NAMES`].
const WEIGHTS: [u32; KINDS] = [30, 8, 50, 40, 10];

/// What a case draws from: part of the case, so that each explores a corner (swarm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The entries that are kept of each history.
    pub history_kept: usize,
    /// The shards that the registry is configured with.
    pub shards: usize,
    weights: [u32; KINDS],
    actors: usize,
    /// How often the trigger is a stop: names are free again sooner.
    stops: u32,
    /// How often an actor depends on the one that was registered last: chains grow longer.
    chains: u32,
}

impl Profile {
    /// Everything there is, for two actors, in a registry that is configured like this.
    pub(super) fn whole(history_kept: usize, shards: usize) -> Self {
        Profile { history_kept, shards, weights: WEIGHTS, actors: 2, stops: 1, chains: 1 }
    }
}

/// Draws the profile of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start;

impl Strategy for Start {
    type Tree = Fixed<State>;
    type Value = State;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut draw = Draw(runner.rng());
        let mut weights = WEIGHTS;
        if draw.once_in(2) {
            for weight in weights.iter_mut().skip(1) {
                if draw.once_in(5) {
                    *weight = 0;
                }
            }
        }
        let profile = Profile {
            history_kept: draw.pick(&[0, 1, 2, 3, 1024, 1024, 1024]),
            shards: draw.pick(&[1, 1, 2, 4]),
            weights,
            actors: draw.pick(&[1, 2, 3, 5, 5]),
            stops: draw.pick(&[0, 1, 1, 6]),
            chains: draw.pick(&[0, 1, 4]),
        };
        Ok(Fixed(State::new(profile)))
    }
}

/// What the generator looks at in the state.
#[derive(Clone, Debug)]
pub(super) struct Next {
    profile: Profile,
    model: Rc<LifecycleModel>,
}

impl Next {
    pub(super) fn after(state: &State) -> Self {
        Next { profile: state.profile, model: Rc::clone(&state.model) }
    }

    fn draw<R: Rng>(&self, draw: &mut Draw<'_, R>) -> LifecycleTransition {
        let actor = draw.index(self.profile.actors) as u8;
        let mut weights = self.profile.weights;
        // A name that is free is welcome, one that is in use is refused.
        match self.model.state(actor) {
            None => weights[0] *= 4,
            Some(ModelState::Stopped) => weights[0] *= 2,
            Some(_) => weights[0] /= 5,
        }
        match draw.weighted(&weights) {
            0 => LifecycleTransition::Register { actor, dependencies: self.dependencies(draw, actor) },
            1 => LifecycleTransition::Remove { actor },
            2 => {
                LifecycleTransition::Fire { actor, trigger: self.trigger(draw, actor), reason: reason(draw) }
            }
            3 => {
                let (from, to) = self.pair(draw, actor);
                LifecycleTransition::Report { actor, from, to, reason: reason(draw) }
            }
            _ => LifecycleTransition::Verify { actor, expected: self.expected(draw, actor) },
        }
    }

    /// Mostly registered actors, the last one first where chains are wanted; sometimes anybody, the actor included.
    fn dependencies<R: Rng>(&self, draw: &mut Draw<'_, R>, actor: u8) -> Vec<u8> {
        let registered: Vec<u8> = self.model.registered().into_iter().filter(|one| *one != actor).collect();
        let mut dependencies = Vec::new();
        for _ in 0..draw.pick(&[0, 0, 1, 1, 1, 2, 3]) {
            dependencies.push(match (registered.last(), draw.weighted(&[6, self.profile.chains * 3, 1])) {
                (Some(_), 0) => draw.pick(&registered),
                (Some(last), 1) => *last,
                _ => draw.index(ACTORS) as u8,
            });
        }
        dependencies
    }

    fn trigger<R: Rng>(&self, draw: &mut Draw<'_, R>, actor: u8) -> ModelTrigger {
        let state = self.model.state(actor).unwrap_or(ModelState::Uninitialized);
        // A stop has its own weight: half of all actors would never start.
        let goes_on = |one: &ModelTrigger| *one != ModelTrigger::Stop && next(state, *one).is_some();
        let here: Vec<_> = ModelTrigger::ALL.into_iter().filter(goes_on).collect();
        match draw.weighted(&[8, self.profile.stops, 2]) {
            0 if !here.is_empty() => draw.pick(&here),
            1 => ModelTrigger::Stop,
            _ => draw.pick(&ModelTrigger::ALL),
        }
    }

    /// A transition from the actor's state, or an allowed one from another, a loop, or anything.
    fn pair<R: Rng>(&self, draw: &mut Draw<'_, R>, actor: u8) -> (ModelState, ModelState) {
        let states = ModelState::ALL;
        let state = self.model.state(actor).unwrap_or_else(|| draw.pick(&states));
        match draw.weighted(&[6, 3, 1, 1, 1]) {
            0 => (state, draw.pick(&successors(state).unwrap_or(vec![state]))),
            1 => {
                let from = draw.pick(&states);
                (from, draw.pick(&successors(from).unwrap_or(vec![state])))
            }
            2 => (state, state),
            3 => (state, draw.pick(&states)),
            _ => (draw.pick(&states), draw.pick(&states)),
        }
    }

    /// What the actor went through, or nearly.
    fn expected<R: Rng>(&self, draw: &mut Draw<'_, R>, actor: u8) -> Vec<(ModelState, ModelState)> {
        let LifecycleOutcome::Lived { entries, .. } = self.model.history(actor) else { return Vec::new() };
        let mut expected: Vec<_> = entries.iter().map(|entry| (entry.from, entry.to)).collect();
        match draw.below(6) {
            0 => expected.truncate(expected.len().saturating_sub(1)),
            1 => expected.push(draw.pick(&[(ModelState::Running, ModelState::Stopping)])),
            2 if !expected.is_empty() => {
                let place = draw.index(expected.len());
                expected[place].1 = draw.pick(&ModelState::ALL);
            }
            _ => {}
        }
        expected
    }
}

fn successors(from: ModelState) -> Option<Vec<ModelState>> {
    let found: Vec<_> = ModelState::ALL.into_iter().filter(|to| allowed(from, *to)).collect();
    (!found.is_empty()).then_some(found)
}

fn reason<R: Rng>(draw: &mut Draw<'_, R>) -> Option<u8> {
    draw.once_in(3).then(|| draw.below(4) as u8)
}

impl Strategy for Next {
    type Tree = Simplifying;
    type Value = LifecycleTransition;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let current = self.draw(&mut Draw(runner.rng()));
        Ok(Simplifying { current, previous: None, tried: 0 })
    }
}

/// A transition that shrinks to simpler arguments, each tried once.
#[derive(Clone, Debug)]
pub(super) struct Simplifying {
    current: LifecycleTransition,
    previous: Option<LifecycleTransition>,
    tried: usize,
}

impl ValueTree for Simplifying {
    type Value = LifecycleTransition;

    fn current(&self) -> LifecycleTransition {
        self.current.clone()
    }

    fn simplify(&mut self) -> bool {
        while let Some(simpler) = simpler(&self.current, self.tried) {
            self.tried += 1;
            if simpler != self.current {
                self.previous = Some(std::mem::replace(&mut self.current, simpler));
                return true;
            }
        }
        false
    }

    fn complicate(&mut self) -> bool {
        self.previous.take().is_some_and(|previous| {
            self.current = previous;
            true
        })
    }
}

/// The n-th way to simplify a transition, until there is none left.
pub(super) fn simpler(transition: &LifecycleTransition, n: usize) -> Option<LifecycleTransition> {
    use LifecycleTransition as T;
    match (transition.clone(), n) {
        (T::Register { actor, .. }, 0) => Some(T::Register { actor, dependencies: Vec::new() }),
        (T::Register { actor, mut dependencies }, 1..=2) => {
            dependencies.pop();
            Some(T::Register { actor, dependencies })
        }
        (T::Fire { actor, trigger, .. }, 0) => Some(T::Fire { actor, trigger, reason: None }),
        (T::Report { actor, from, to, .. }, 0) => Some(T::Report { actor, from, to, reason: None }),
        (T::Verify { actor, .. }, 0) => Some(T::Verify { actor, expected: Vec::new() }),
        _ => None,
    }
}
