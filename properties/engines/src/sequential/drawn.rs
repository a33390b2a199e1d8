//! Whole cases from one random source: what a description gains that draws its transitions itself.
//!
//! proptest-state-machine boxes a strategy for each transition and clones the model twice for it. Here one strategy seeds a
//! plain generator and draws the whole sequence, the model led along; proptest's runner still owns the seed, so that a
//! failure is stored, and replayed before anything else, as everywhere.

use std::{fmt, marker::PhantomData, ops::RangeInclusive};

use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy, ValueTree},
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{
    Kill, Persistence, RunReport, Seed, Settings, Suite, cases_wanted, minimise::allowed, rounds::Rounds,
    run_on,
};
use crate::{counterexample::Counterexample, draw::Draw, small::Small};

/// A description that draws the parts of a case itself.
pub trait Drawn: Small {
    /// Draws a beginning.
    fn draw_start(rng: &mut TestRng) -> Self::State;

    /// Draws a transition that the precondition allows in this state.
    fn draw_next(state: &Self::State, rng: &mut TestRng) -> Self::Transition;
}

/// Runs a suite as [`run`](super::run) does, on cases that its description draws.
///
/// # Errors
///
/// The first counterexample, shrunk. With [`Persistence::None`] it is stored nowhere.
pub fn run_drawn<T: StateMachineTest>(
    suite: &Suite,
    persistence: Persistence,
    seed: Seed,
) -> Result<RunReport, Box<Counterexample>>
where
    T::Reference: Drawn,
{
    let settings = Settings::new(suite.name, cases_wanted(suite.cases), seed.number());
    let (rounds, whole) =
        (Rounds::of(Settings { persistence, ..settings }), Whole::<T::Reference>::of(suite));
    let ran = rounds.run(|settings| run_on::<T, _>(suite, settings, &whole));
    ran.map_err(|failed| Box::new(failed.counterexample))
}

/// Looks for a fault as [`hunt_from`](super::hunt_from) does, on cases that its description draws.
#[must_use]
pub fn hunt_drawn<T: StateMachineTest>(suite: &Suite, cases: u32, seed: Seed) -> Option<Kill>
where
    T::Reference: Drawn,
{
    let settings = Settings::new(suite.name, cases, seed.number());
    run_on::<T, _>(suite, &settings, &Whole::<T::Reference>::of(suite))
        .err()
        .map(|found| Kill::from(found.counterexample))
}

/// Draws whole cases.
struct Whole<R> {
    size: RangeInclusive<usize>,
    reference: PhantomData<fn() -> R>,
}

impl<R> Whole<R> {
    fn of(suite: &Suite) -> Self {
        Whole { size: suite.transitions.clone(), reference: PhantomData }
    }
}

impl<R> fmt::Debug for Whole<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Whole").field(&self.size).finish()
    }
}

impl<R: Drawn> Strategy for Whole<R> {
    type Tree = Windows<R>;
    type Value = (R::State, Vec<R::Transition>, Option<std::sync::Arc<std::sync::atomic::AtomicUsize>>);

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut seed = [0; 16];
        runner.rng().fill_bytes(&mut seed);
        let mut rng = TestRng::from_seed(RngAlgorithm::XorShift, &seed);
        let spread = self.size.end() - self.size.start() + 1;
        let length = self.size.start() + Draw(&mut rng).index(spread);
        let start = R::draw_start(&mut rng);
        let mut transitions = Vec::with_capacity(length);
        let mut state = start.clone();
        for _ in 0..length {
            let transition = R::draw_next(&state, &mut rng);
            state = R::apply(state, &transition);
            transitions.push(transition);
        }
        Ok(Windows { start, transitions, before: None, size: length / 2, at: 0 })
    }
}

/// A case that shrinks by windows of transitions, the largest first: enough for what is stored with the seed, since the
/// minimiser goes on from there.
struct Windows<R: ReferenceStateMachine> {
    start: R::State,
    transitions: Vec<R::Transition>,
    /// What to go back to when the last window was needed.
    before: Option<Vec<R::Transition>>,
    size: usize,
    at: usize,
}

impl<R: Drawn> Windows<R> {
    /// Leaves out the next window without which the transitions are still allowed.
    fn leave_out(&mut self) -> bool {
        while self.size > 0 {
            if self.at + self.size > self.transitions.len() {
                (self.size, self.at) = (self.size / 2, 0);
                continue;
            }
            let window = self.at..self.at + self.size;
            let candidate = R::without(&self.transitions, &|index| window.contains(&index));
            if allowed::<R>(&self.start, &candidate) {
                self.before = Some(std::mem::replace(&mut self.transitions, candidate));
                return true;
            }
            self.at += 1;
        }
        false
    }
}

impl<R: Drawn> fmt::Debug for Windows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Windows").field(&self.start).field(&self.transitions).finish()
    }
}

impl<R: Drawn> ValueTree for Windows<R> {
    type Value = <Whole<R> as Strategy>::Value;

    fn current(&self) -> Self::Value {
        (self.start.clone(), self.transitions.clone(), None)
    }

    fn simplify(&mut self) -> bool {
        self.leave_out()
    }

    fn complicate(&mut self) -> bool {
        let Some(before) = self.before.take() else { return false };
        self.transitions = before;
        self.at += 1;
        self.leave_out()
    }
}
