//! What a test and a phase came to.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{event::TestEvent, judge::Check, log::Shortest, measurement::Measurement, phase::MigrationPhase};

/// What a test or a phase came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It ran, and everything that was checked holds.
    Passed,
    /// It ran, and something does not hold, or nothing was checked.
    Failed,
    /// It exceeded its deadline.
    TimedOut,
    /// It did not run.
    Skipped,
}

/// Why something did not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// Whether it should have: a run that skipped something required does not count as passed.
    pub required: bool,
    /// Why, and what to do about it.
    pub reason: String,
}

/// What a test came to, and what it was computed from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TestResult {
    /// Its name.
    pub test_name: String,
    /// Its phase.
    pub phase: MigrationPhase,
    /// Its category.
    pub category: String,
    /// One sentence: what it shows.
    pub summary: String,
    /// What it came to.
    pub outcome: Outcome,
    /// Why it did not run, where it did not.
    pub skip: Option<Skip>,
    /// The seed that it got.
    pub seed: u64,
    /// What was checked on its events.
    pub checks: Vec<Check>,
    /// What was checked on its measurement.
    pub gates: Vec<Check>,
    /// What it saw.
    #[serde(skip)]
    pub events: Vec<TestEvent>,
    /// What was measured.
    pub measurement: Measurement,
    /// The shortest way to the same failure, where one was found.
    pub shortest: Option<Shortest>,
    /// The command that runs it again.
    pub replay: String,
}

impl TestResult {
    /// Says whether it passed.
    #[must_use]
    pub fn success(&self) -> bool {
        self.outcome == Outcome::Passed
    }

    /// Returns how long it took.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.measurement.wall
    }

    /// Returns the checks and gates that do not hold.
    pub fn violations(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().chain(&self.gates).filter(|check| !check.holds())
    }
}

/// What a phase came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ValidationResult {
    /// Which.
    pub phase: MigrationPhase,
    /// Whether it passed; a skipped phase did not.
    pub success: bool,
    /// What it came to.
    pub outcome: Outcome,
    /// Its tests, in their order.
    pub results: Vec<TestResult>,
    /// What the validators found, beyond the failed tests themselves.
    pub violations: Vec<Check>,
    /// How long it took.
    pub duration: Duration,
}
