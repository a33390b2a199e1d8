//! proptest-state-machine alone: its sequences, and its own shrinker.

use std::cell::RefCell;

use alys_properties::sequential::Suite;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{CASES_MAX, Tally, quiet};
use crate::hunts::Found;

pub(super) fn hunt<T: StateMachineTest>(suite: &Suite, seed: u64) -> Option<Found> {
    let tally = RefCell::new(Tally::default());
    let config = Config { cases: CASES_MAX, rng_seed: RngSeed::Fixed(seed), ..quiet() };
    let strategy = T::Reference::sequential_strategy(suite.transitions.clone());
    let outcome = TestRunner::new(config).run(&strategy, |(state, transitions, seen)| {
        tally.borrow_mut().run::<T>(state, transitions, seen).map_err(TestCaseError::fail)
    });
    let Err(TestError::Fail(_, (_, transitions, _))) = outcome else { return None };
    let found = tally.into_inner().found()?;
    Some(Found { calls: transitions.len(), ..found })
}
