//! Concurrent suites as tests, with what is stored.

use std::path::Path;

use serde_json::json;

use super::{
    Explored, Found, Plan, Racing, case_of, explore, on_threads,
    stored::{self, Replayed},
};
use crate::{
    cases,
    counterexample::Counterexample,
    measure::Stopwatch,
    results,
    sequential::{Persistence, announce, fail, seconds_wanted, shown},
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
    let (seconds, directory) = (seconds_wanted(), Persistence::Committed.cases(R::SUITE));
    let stored = directory.as_deref().map_or(Ok(Replayed::default()), stored::replay_all::<R>);
    let Replayed { held, stale } = stored.unwrap_or_else(|error| results::refuse(R::SUITE, &error));
    match rounds::<R>(*plan, seconds, &watch) {
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

/// Explores a plan, and as long as there are seconds left the programs that come after it.
fn rounds<R: Racing>(
    mut plan: Plan,
    seconds: Option<u64>,
    watch: &Stopwatch,
) -> Result<Explored, Box<Found<R>>> {
    let mut all = explore::<R>(&plan)?;
    while seconds.is_some_and(|seconds| watch.elapsed().as_secs() < seconds) {
        plan = plan.next();
        all = all.and(&explore::<R>(&plan)?);
    }
    Ok(all)
}

/// Runs the programs of a seed on threads of the operating system as a test, and prints what was tried.
///
/// # Panics
///
/// With the whole counterexample when a program breaks; when nothing overlapped.
pub fn expect_on_threads<R: Racing>(seed: u64, programs: u32, times: u32) -> Explored {
    let (watch, under_way) = (Stopwatch::start(), results::begin(R::SUITE));
    let explored = on_threads::<R>(seed, programs, times);
    let explored = explored.unwrap_or_else(|found| fail(&found.counterexample("threads")));
    explored.check().unwrap_or_else(|unmet| results::refuse(R::SUITE, &unmet));
    let (Explored { programs, schedules, overlaps, .. }, seconds) = (explored, watch.elapsed().as_secs_f64());
    announce(&format!(
        "{}: {programs} programs, {schedules} runs, {overlaps} overlaps, {seconds:.2} s",
        R::SUITE
    ));
    let did = json!({ "programs": programs, "runs": schedules, "overlaps": overlaps, "seconds": seconds });
    under_way.passed(&did);
    explored
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
