//! How the tests were run, and what the framework itself cost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::result::TestResult;

/// How the tests were run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExecutionMetrics {
    /// How many tests may run side by side.
    pub parallel_sessions: usize,
    /// The time that the tests took, added up.
    pub tests: Duration,
    /// What the framework itself cost: threads, runtimes and judging, added up over the tests.
    pub framework_overhead: Duration,
}

impl ExecutionMetrics {
    /// Adds the tests of a phase.
    pub(crate) fn add(&mut self, results: &[TestResult]) {
        self.tests += results.iter().map(TestResult::duration).sum::<Duration>();
        self.framework_overhead += results.iter().map(|result| result.measurement.overhead).sum::<Duration>();
    }
}
