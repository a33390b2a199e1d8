//! What a run has measured so far: tests, resources, the framework itself, and speed.

mod execution;

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

pub use execution::ExecutionMetrics;

use crate::{
    phase::MigrationPhase,
    result::{Outcome, TestResult},
};

/// What a run has measured so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TestMetrics {
    /// How many tests ran; skipped ones did not.
    pub total_tests: u64,
    /// How many of all tests came to what.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// The phases that have run, each by itself.
    pub phases: BTreeMap<MigrationPhase, PhaseMetrics>,
    /// How the tests were run.
    pub execution: ExecutionMetrics,
}

/// What was counted of one phase.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PhaseMetrics {
    /// Tests that ran.
    pub tests_run: u64,
    /// Tests that passed.
    pub tests_passed: u64,
    /// Tests that ran and did not pass.
    pub tests_failed: u64,
    /// Tests that did not run.
    pub tests_skipped: u64,
    /// From the beginning of the phase to its end.
    pub duration: Duration,
    /// The mean duration of the tests that ran; zero of none.
    pub average_duration: Duration,
}

impl PhaseMetrics {
    /// Counts the results of a phase.
    #[must_use]
    pub fn of(results: &[TestResult], duration: Duration) -> Self {
        let ran = || results.iter().filter(|result| result.outcome != Outcome::Skipped);
        let tests_run = ran().count() as u64;
        let tests_passed = ran().filter(|result| result.success()).count() as u64;
        let total: Duration = ran().map(TestResult::duration).sum();
        Self {
            tests_run,
            tests_passed,
            tests_failed: tests_run - tests_passed,
            tests_skipped: results.len() as u64 - tests_run,
            duration,
            average_duration: u32::try_from(tests_run)
                .ok()
                .and_then(|run| total.checked_div(run))
                .unwrap_or_default(),
        }
    }
}

impl TestMetrics {
    /// Adds the results of a phase.
    pub(crate) fn add(&mut self, phase: MigrationPhase, results: &[TestResult], duration: Duration) {
        let counted = PhaseMetrics::of(results, duration);
        self.total_tests += counted.tests_run;
        for result in results {
            *self.outcomes.entry(result.outcome).or_default() += 1;
        }
        self.phases.insert(phase, counted);
        self.execution.add(results);
    }
}
