//! The adapter of the sequential suite: every transition goes to two trackers.
//!
//! One is looked at from all sides after each transition. But looking brings the fast records in, so what goes wrong
//! only over several of them would never show: the other is looked at when the case ends, and until then only asked
//! what the transitions ask.

use alys_models::tracker::TrackerTransition;
use proptest_state_machine::StateMachineTest;

use super::{
    alys::tracker::OrderingTracker,
    calls::{self, Handles},
    look,
};
use crate::tracker::{
    ACTORS, State, TrackerReference,
    compare::{self, Touched, View},
    record,
};

/// A tracker with the handles made for it.
#[derive(Debug)]
struct Subject {
    tracker: OrderingTracker,
    handles: Handles,
}

impl Subject {
    fn new(state: &State) -> Self {
        let profile = state.profile();
        Subject { tracker: calls::tracker(&profile.limits, profile.shards), handles: Handles::default() }
    }

    fn step(&mut self, state: &State, transition: &TrackerTransition) {
        let real = calls::call(&self.tracker, &mut self.handles, transition);
        compare::outcomes(transition, &state.outcome, &real);
    }

    fn check(&self, expected: &[View; ACTORS], touched: &Touched) {
        for (actor, view) in (0..).zip(expected) {
            compare::views(actor, touched, view, &look::view(&self.tracker, actor));
        }
    }
}

/// The real trackers, and what must be seen of them.
#[derive(Debug)]
pub struct Machine {
    watched: Subject,
    unwatched: Subject,
    expected: [View; ACTORS],
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Machine;
    type Reference = TrackerReference;

    fn init_test(state: &State) -> Machine {
        let expected = std::array::from_fn(|actor| View::of(&state.model, actor as u8));
        let machine = Machine { watched: Subject::new(state), unwatched: Subject::new(state), expected };
        machine.watched.check(&machine.expected, &Touched::NOBODY);
        machine
    }

    fn apply(mut machine: Machine, state: &State, transition: TrackerTransition) -> Machine {
        record(state, &transition);
        machine.watched.step(state, &transition);
        machine.unwatched.step(state, &transition);
        let touched = Touched::by(&transition);
        if let Some(actor) = touched.actor {
            machine.expected[usize::from(actor)] = View::of(&state.model, actor);
        }
        machine.watched.check(&machine.expected, &touched);
        machine
    }

    fn teardown(machine: Machine, _: State) {
        machine.unwatched.check(&machine.expected, &Touched::ANYBODY);
    }
}
