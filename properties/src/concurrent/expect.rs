//! Concurrent suites as tests, with what is stored.

use std::path::Path;

use serde_json::json;

use super::{Explored, Found, Plan, Program, Racing, Switches, explore, run};
use crate::{
    cases::{self, Case, CaseError, Expected, FORM},
    counterexample::{Counterexample, Origin},
    measure::Stopwatch,
    results,
    sequential::{Persistence, announce, fail, shown},
};

/// Schedules of each kind under which a stored program is run whose own schedule cannot be followed any more.
const SCHEDULES: usize = 500;

/// Runs the stored programs, then explores a plan as a test, and prints what was tried.
///
/// A stored schedule belongs to the code that it was made for: where its switches cannot be made any more, it is reported as
/// stale, and its program is run under many other schedules.
///
/// # Panics
///
/// With the whole counterexample when a program breaks; when nothing overlapped; when a stored case is unreadable.
pub fn expect_explained<R: Racing>(plan: &Plan) -> Explored {
    let (watch, under_way) = (Stopwatch::start(), results::begin(R::SUITE));
    let directory = Persistence::Committed.cases(R::SUITE);
    let stored = directory.as_deref().map_or(Ok(0), replayed::<R>);
    let stored = match stored {
        Ok(stored) => stored,
        Err(error) => results::refuse(R::SUITE, &error),
    };
    match explore::<R>(plan) {
        Ok(explored) => {
            explored.check().unwrap_or_else(|unmet| results::refuse(R::SUITE, &unmet));
            let Explored { programs, schedules, overlaps, .. } = explored;
            let seconds = watch.elapsed().as_secs_f64();
            announce(&format!(
                "{}: {programs} programs, {schedules} schedules, {overlaps} overlaps, {seconds:.2} s, {stored} stored",
                R::SUITE
            ));
            let did = json!({ "programs": programs, "schedules": schedules, "overlaps": overlaps, "seconds": seconds });
            under_way.passed(&did);
            explored
        }
        Err(found) => fail(&kept(&found, directory.as_deref())),
    }
}

/// Runs what is stored; returns how much held.
fn replayed<R: Racing>(directory: &Path) -> Result<usize, CaseError> {
    let cases: Vec<(_, Case<R::Parameters, R::Action>)> = cases::read_all(directory, R::SUITE)?;
    for (path, case) in &cases {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(found) = broken::<R>(case, &name) {
            fail(&found);
        }
    }
    Ok(cases.len())
}

/// Runs a stored program under its schedule, or under many where that cannot be followed.
pub fn broken<R: Racing>(case: &Case<R::Parameters, R::Action>, name: &str) -> Option<Counterexample> {
    let program = Program {
        parameters: case.parameters.clone(),
        prefix: case.transitions.clone(),
        branches: case.branches.clone(),
    };
    let wanted = case.schedule.as_deref().and_then(Switches::parse).unwrap_or_default();
    let (made, mut unexplained) = run::replay::<R>(&program, &wanted);
    let mut switches = wanted;
    if unexplained.is_none() && made != switches {
        announce(&format!("{}: the schedule of {name} is stale: {made} was made of {switches}", R::SUITE));
        if let Some(found) = run::find::<R>(&program, 0, SCHEDULES) {
            (switches, unexplained) = (found.0, Some(found.1));
        }
    }
    let found = Found::<R> { program, switches, unexplained: unexplained?, tried: 1 };
    Some(Counterexample { origin: Origin::StoredCase(name.to_owned()), ..found.counterexample("shuttle") })
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

/// Makes the case of a failure.
#[must_use]
pub fn case_of<R: Racing>(found: &Found<R>) -> Case<R::Parameters, R::Action> {
    Case {
        form: FORM,
        versions: cases::versions(),
        suite: R::SUITE.to_owned(),
        rule: crate::violation::rule_of(&found.unexplained.message).map(str::to_owned),
        message: found.unexplained.message.lines().next().unwrap_or_default().to_owned(),
        fault: None,
        expected: Expected::Holds,
        witness: None,
        parameters: found.program.parameters.clone(),
        transitions: found.program.prefix.clone(),
        branches: found.program.branches.clone(),
        schedule: Some(found.switches.to_string()),
    }
}
