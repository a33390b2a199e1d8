//! hegeltest: a number for the beginning and one for each transition, from which the generators of the suites choose, as they
//! choose from a fuzzer's bytes; shrunk by its engine.

use std::cell::RefCell;

use alys_properties::{
    bytes::{self, BLOCK, START},
    sequential::Suite,
    violation::caught,
};
use hegel::{Database, HealthCheck, Settings, TestCase, Verbosity, generators as gs};
use proptest_state_machine::StateMachineTest;

use super::{CASES_MAX, Tally};
use crate::hunts::Found;

fn property<T: StateMachineTest>(case: &TestCase, longest: usize, tally: &RefCell<Tally>) {
    let start = case.draw_silent(gs::vecs(gs::integers::<u8>()).max_size(START));
    let blocks = case.draw_silent(gs::vecs(gs::integers::<u128>()).min_size(1).max_size(longest));
    let mut all = start;
    all.resize(START, 0);
    blocks.iter().for_each(|block| all.extend(&block.to_le_bytes()[..BLOCK]));
    let (initial, transitions) = bytes::case::<T>(&all);
    let outcome = tally.borrow_mut().run::<T>(initial, transitions, None);
    if let Err(message) = outcome {
        std::panic::resume_unwind(Box::new(message));
    }
}

pub(super) fn hunt<T: StateMachineTest>(suite: &Suite, seed: u64) -> Option<Found> {
    let (tally, longest) = (RefCell::new(Tally::default()), *suite.transitions.end());
    let settings = Settings::new()
        .test_cases(CASES_MAX.into())
        .seed(Some(seed))
        .database(Database::Disabled)
        .verbosity(Verbosity::Quiet)
        .suppress_health_check(HealthCheck::all());
    let run = |case: TestCase| property::<T>(&case, longest, &tally);
    // What failed is in the tally.
    drop(caught(|| hegel::Hegel::new(run).settings(settings).run()));
    tally.into_inner().found()
}
