//! Stored programs: run again under the schedules that they broke under.
//!
//! A stored schedule belongs to the code that it was made for. Where one of its switches cannot be made any more, or where the
//! calls then begin and end in another order than in the history that failed, the case does not reach what it was made for:
//! it is stale, and its program is run under many other schedules instead.

use std::path::Path;

use super::{Explored, Found, Program, ProgramOf, Racing, Ran, Switches, order, run};
use crate::{
    cases::{self, Case, CaseError, Expected, FORM, Verdict, Witness},
    counterexample::{Concurrent, Counterexample, Origin},
    sequential::{announce, fail},
};

/// Schedules of each kind under which the program of a stale case is run.
const SCHEDULES: usize = 500;

/// What the witness of a stored program compares.
const ORDER: &str = "the order in which calls begin and end";

/// What came of the stored programs of a suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Replayed {
    /// Reached what they were made for, and held.
    pub(super) held: usize,
    /// Did not reach it, and held under many other schedules.
    pub(super) stale: usize,
}

/// Runs all stored programs of a suite; ends the test where one breaks.
pub(super) fn replay_all<R: Racing>(directory: &Path) -> Result<Replayed, CaseError> {
    let cases: Vec<(_, Case<R::Parameters, R::Action>)> = cases::read_all(directory, R::SUITE)?;
    let mut replayed = Replayed::default();
    for (path, case) in &cases {
        match verdict::<R>(path, case)? {
            Verdict::Holds => replayed.held += 1,
            Verdict::Broken(found) => fail(&found),
            Verdict::Stale(why) => {
                replayed.stale += 1;
                announce(&format!("{}: {} is stale: {why}", R::SUITE, path.display()));
            }
        }
    }
    Ok(replayed)
}

/// Runs a stored program under its schedule, and under many where that does not come to what it did.
///
/// # Errors
///
/// [`CaseError::Schedule`] or [`CaseError::Branches`] when the file says no program with a schedule.
pub fn verdict<R: Racing>(path: &Path, case: &Case<R::Parameters, R::Action>) -> Result<Verdict, CaseError> {
    let (program, wanted) = (program::<R>(path, case)?, schedule(path, case.schedule.as_deref())?);
    let broken = |switches, unexplained| {
        let found = Found::<R> { program: program.clone(), switches, unexplained, tried: 1 };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let origin = Origin::StoredCase(format!("{name}, {},", case.made_with()));
        let found = Counterexample { origin, ..found.counterexample("shuttle") };
        Ok(Verdict::Broken(Box::new(found)))
    };
    let (made, explored, unexplained) = run::follow::<R>(&program, &wanted);
    if let Some(unexplained) = unexplained {
        return broken(made, unexplained);
    }
    let missed = if made == wanted {
        case.witness
            .as_ref()
            .filter(|witness| witness.model != reached(explored))
            .map(|_| format!("{ORDER} is another one"))
    } else {
        Some(format!("of its schedule `{wanted}` only `{made}` could be made"))
    };
    let Some(missed) = missed else { return Ok(Verdict::Holds) };
    match run::find::<R>(&program, 0, SCHEDULES) {
        Some((switches, unexplained)) => broken(switches, unexplained),
        None => Ok(Verdict::Stale(format!("{missed}; {}", case.made_with()))),
    }
}

fn program<R: Racing>(path: &Path, case: &Case<R::Parameters, R::Action>) -> Result<ProgramOf<R>, CaseError> {
    if case.branches.is_empty() {
        return Err(CaseError::Branches { path: path.to_owned() });
    }
    Ok(Program {
        parameters: case.parameters.clone(),
        prefix: case.transitions.clone(),
        branches: case.branches.clone(),
    })
}

fn schedule(path: &Path, text: Option<&str>) -> Result<Switches, CaseError> {
    let schedule = || text.unwrap_or("none").to_owned();
    text.and_then(Switches::parse)
        .ok_or_else(|| CaseError::Schedule { path: path.to_owned(), schedule: schedule() })
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
        expected: Expected::Holds,
        witness: witness(&found.unexplained.history),
        parameters: found.program.parameters.clone(),
        transitions: found.program.prefix.clone(),
        branches: found.program.branches.clone(),
        schedule: Some(found.switches.to_string()),
    }
}

/// The order of the calls of a history that failed; a panic has none.
fn witness(history: &Concurrent) -> Option<Witness> {
    let calls = history.calls.iter();
    let calls =
        calls.map(|call| (call.thread, call.invoked, call.returned.as_ref().map(|(event, _)| *event)));
    let mut explored = Explored::default();
    explored.note(Ran { digest: order(calls), overlaps: 0 });
    let model = reached(explored);
    (!history.calls.is_empty()).then(|| Witness { step: history.calls.len(), what: ORDER.to_owned(), model })
}

/// The digest of an exploration of one schedule, as text.
fn reached(explored: Explored) -> String {
    format!("{:016x}", explored.digest)
}
