//! Concurrent suites as tests, with what is stored.

use std::path::Path;

use serde_json::json;

use super::{
    Explored, Found, Plan, Racing, case_of, explore,
    stored::{self, Replayed},
};
use crate::{
    cases,
    counterexample::Counterexample,
    measure::Stopwatch,
    results,
    sequential::{Persistence, announce, fail, shown},
};

/// Runs the stored programs, then explores a plan as a test, and prints what was tried.
///
/// Stored programs that do not reach what they were made for are counted apart.
///
/// # Panics
///
/// With the whole counterexample when a program breaks; when nothing overlapped; when small programs were not run under every
/// schedule; when a stored case is unreadable.
pub fn expect_explained<R: Racing>(plan: &Plan) -> Explored {
    let (watch, under_way) = (Stopwatch::start(), results::begin(R::SUITE));
    let directory = Persistence::Committed.cases(R::SUITE);
    let stored = directory.as_deref().map_or(Ok(Replayed::default()), stored::replay_all::<R>);
    let Replayed { held, stale } = stored.unwrap_or_else(|error| results::refuse(R::SUITE, &error));
    match explore::<R>(plan) {
        Ok(explored) => {
            let met = explored.check().and_then(|()| explored.check_enumerated());
            met.unwrap_or_else(|unmet| results::refuse(R::SUITE, &unmet));
            let Explored { programs, schedules, enumerated, enumerated_schedules, overlaps, .. } = explored;
            let seconds = watch.elapsed().as_secs_f64();
            announce(&format!(
                "{}: {programs} programs, {schedules} schedules, {overlaps} overlaps, {seconds:.2} s, {held} stored hold, {stale} stale; {enumerated} small programs, all {enumerated_schedules} schedules",
                R::SUITE
            ));
            let did = json!({
                "programs": programs, "schedules": schedules, "overlaps": overlaps, "seconds": seconds,
                "enumerated": enumerated, "enumerated_schedules": enumerated_schedules, "stored_cases": held, "stale_cases": stale,
            });
            under_way.passed(&did);
            explored
        }
        Err(found) => fail(&kept(&found, directory.as_deref())),
    }
}

/// Shows a failure, and stores it where there is a place for it.
fn kept<R: Racing>(found: &Found<R>, directory: Option<&Path>) -> Counterexample {
    let mut counterexample = found.counterexample("shuttle");
    if let Some(directory) = directory {
        counterexample.stored.push(match cases::store(directory, &case_of(found)) {
            Ok(path) => shown(&path),
            Err(error) => format!("nothing: {error}"),
        });
    }
    counterexample
}
