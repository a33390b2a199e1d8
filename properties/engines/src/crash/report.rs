//! What a crash suite went through, and when that does not count.

use std::{cell::Cell, fmt, time::Duration};

use serde_json::{Value, json};
use thiserror::Error;

use super::{Crashed, Store};
use crate::{
    counterexample::Counterexample,
    results,
    sequential::{self, Persistence, RunReport, Seed, Suite, fail},
};

/// The counts of the cases on one thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) operations: u64,
    pub(super) crashes: u64,
    pub(super) recoveries: u64,
    pub(super) recoveries_again: u64,
    pub(super) kept: u64,
}

thread_local! {
    static TALLY: Cell<Tally> = const {
        Cell::new(Tally { operations: 0, crashes: 0, recoveries: 0, recoveries_again: 0, kept: 0 })
    };
}

/// Changes the counts of this thread.
pub(super) fn count(change: impl FnOnce(&mut Tally)) {
    let mut tally = TALLY.get();
    change(&mut tally);
    TALLY.set(tally);
}

/// A crash suite that passed.
#[derive(Clone, Debug)]
pub struct CrashReport {
    /// The suite.
    pub suite: &'static str,
    /// The cases, stored ones included.
    pub cases: u32,
    /// Their transitions.
    pub transitions: u64,
    /// The operations of the disk that they take without a crash.
    pub operations: u64,
    /// The runs that ended at an operation of the disk or met an error of it.
    pub crashes: u64,
    /// The recoveries from them: one for each choice of what survives.
    pub recoveries: u64,
    /// The recoveries after a second crash: of the recovery, or of the store that went on.
    pub recoveries_again: u64,
    /// The recoveries that found something else than a new store holds.
    pub kept: u64,
    /// How long it took, for people only.
    pub elapsed: Duration,
}

impl fmt::Display for CrashReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} cases, {} transitions, {} operations, {} crashes, {} recoveries, {} after a second crash, {:.2} s",
            self.suite,
            self.cases,
            self.transitions,
            self.operations,
            self.crashes,
            self.recoveries,
            self.recoveries_again,
            self.elapsed.as_secs_f64()
        )
    }
}

impl CrashReport {
    /// Returns the same as data.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "cases": self.cases,
            "transitions": self.transitions,
            "operations": self.operations,
            "crashes": self.crashes,
            "recoveries": self.recoveries,
            "recoveries_again": self.recoveries_again,
            "kept": self.kept,
            "seconds": self.elapsed.as_secs_f64(),
        })
    }
}

/// Why a crash suite does not pass.
#[derive(Debug, Error)]
pub enum CrashFailure {
    /// A law of crashes is broken.
    #[error("{0}")]
    Broken(Box<Counterexample>),
    /// There was nothing to lose: no operation of the disk, or no recovery that found anything.
    #[error(
        "suite `{suite}` is vacuous: {operations} operations of the disk, {kept} recoveries that found anything"
    )]
    Vacuous {
        /// The suite.
        suite: &'static str,
        /// The operations of the disk without a crash.
        operations: u64,
        /// The recoveries that found something else than a new store holds.
        kept: u64,
    },
}

impl CrashFailure {
    /// Ends a test with it: with its page, where there is a counterexample.
    ///
    /// # Panics
    ///
    /// Always: that is its purpose.
    pub fn end(&self) -> ! {
        match self {
            CrashFailure::Broken(found) => fail(found),
            CrashFailure::Vacuous { suite, .. } => results::refuse(suite, self),
        }
    }
}

/// Runs a suite of a store: its cases, crashed everywhere.
///
/// # Errors
///
/// - [`CrashFailure::Broken`] with the minimal transitions, and in its message the earliest crash and the simplest choice
///   of what survives.
/// - [`CrashFailure::Vacuous`] when there was nothing to lose.
pub fn run<S: Store>(
    suite: &Suite,
    persistence: Persistence,
    seed: Seed,
) -> Result<CrashReport, CrashFailure> {
    tallied(suite, || sequential::run_with_seeds::<Crashed<S>>(suite, persistence, seed))
}

/// The same with exactly the suite's number of cases and nothing stored, whatever the environment says.
///
/// # Errors
///
/// As [`run`].
pub fn run_exactly<S: Store>(suite: &Suite, seed: Seed) -> Result<CrashReport, CrashFailure> {
    tallied(suite, || sequential::run_exactly::<Crashed<S>>(suite, seed))
}

fn tallied(
    suite: &Suite,
    run: impl FnOnce() -> Result<RunReport, Box<Counterexample>>,
) -> Result<CrashReport, CrashFailure> {
    TALLY.take();
    let ran = run().map_err(CrashFailure::Broken)?;
    let Tally { operations, crashes, recoveries, recoveries_again, kept } = TALLY.take();
    if operations == 0 || kept == 0 {
        return Err(CrashFailure::Vacuous { suite: suite.name, operations, kept });
    }
    Ok(CrashReport {
        suite: suite.name,
        cases: ran.cases + ran.replayed,
        transitions: ran.transitions,
        operations,
        crashes,
        recoveries,
        recoveries_again,
        kept,
        elapsed: ran.elapsed,
    })
}
