//! hegeltest: a list of calls drawn from its generators, shrunk by its engine.

use alys_properties::{
    ring::{CAPACITY_MAX, RingFault},
    violation::caught,
};
use hegel::{Database, HealthCheck, Settings, TestCase, Verbosity, generators as gs};

use super::{CALLS, CALLS_MAX, Rival, Tally, run_case};

/// hegeltest.
pub(super) struct Hegel;

fn property(case: &TestCase) {
    let capacity = case.draw_silent(gs::integers::<usize>().min_value(1).max_value(CAPACITY_MAX));
    let calls = case.draw_silent(gs::vecs(gs::sampled_from(&CALLS[..])).max_size(CALLS_MAX));
    if let Err(message) = run_case(capacity, &calls) {
        std::panic::resume_unwind(Box::new(message));
    }
}

fn run(fault: Option<RingFault>, seed: u64, cases: u32) {
    Tally::begin(fault);
    let settings = Settings::new()
        .test_cases(cases.into())
        .seed(Some(seed))
        .database(Database::Disabled)
        .verbosity(Verbosity::Quiet)
        .suppress_health_check(HealthCheck::all());
    // What failed is in the tally.
    drop(caught(|| hegel::Hegel::new(|case: TestCase| property(&case)).settings(settings).run()));
}

impl Rival for Hegel {
    const NAME: &'static str = "hegeltest";

    fn run(fault: Option<RingFault>, seed: u64, cases: u32) {
        run(fault, seed, cases);
    }
}
