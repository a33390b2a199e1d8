//! What a run has measured so far: tests, resources, the framework itself, and speed.

mod execution;
mod performance;
mod resources;
mod sampler;
mod system;

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

pub use execution::ExecutionMetrics;
pub use performance::{Percentiles, PerformanceMetrics};
pub use resources::{ResourceMetrics, ResourcePoint, ResourceUsage, ResourceWatch, Transferred};
pub(crate) use {
    resources::Before,
    sampler::Sampler,
    system::{allow_to_grow, resident_bytes},
};

use crate::{
    baseline::Baseline,
    config::TestConfig,
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
    /// How fast the tests were.
    pub performance: PerformanceMetrics,
    /// What the process took of its machine in each phase that was watched.
    pub resources: BTreeMap<MigrationPhase, ResourceMetrics>,
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
    /// The metrics of a run of which nothing has run yet.
    #[must_use]
    pub(crate) fn for_config(config: &TestConfig) -> Self {
        let mut metrics = Self::default();
        metrics.execution.parallel_sessions = config.at_once();
        metrics
    }

    /// Adds the results of a phase, beside the baseline where there is one.
    pub(crate) fn add(
        &mut self,
        phase: MigrationPhase,
        results: &[TestResult],
        duration: Duration,
        (config, baseline): (&TestConfig, Option<&Baseline>),
    ) {
        let counted = PhaseMetrics::of(results, duration);
        self.total_tests += counted.tests_run;
        for result in results {
            *self.outcomes.entry(result.outcome).or_default() += 1;
        }
        self.phases.insert(phase, counted);
        self.execution.add(results);
        self.performance.add(results, baseline, config.performance.regression_percent_max);
        let phases = self.phases.values().map(|phase| phase.duration).sum();
        self.performance.count(self.total_tests, phases);
    }
}
