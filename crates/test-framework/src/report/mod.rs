//! What is told of a run: one value, written as JSON, as JUnit XML, and as a page.

mod coverage;
mod html;
mod junit;
mod lines;
mod merge;
mod trend;

use serde::Serialize;

pub use coverage::{Met, PropertyCoverage, SuiteLine};
pub use html::html;
pub use junit::junit;
pub use lines::LineCoverage;
pub use merge::{MergeError, merge};
pub use trend::{TrendPoint, trend};

use crate::{
    baseline::Compared,
    chaos::ChaosReport,
    config::TestConfig,
    log::Recorded,
    metrics::TestMetrics,
    phase::MigrationPhase,
    replay::{Difference, replay},
    result::{Outcome, TestResult, ValidationResult},
};

/// The version of the JSON; described in `docs/report.md`.
pub const REPORT_SCHEMA: u32 = 1;

/// What is told of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of this shape.
    pub schema: u32,
    /// The version of the framework.
    pub version: String,
    /// Where all randomness of the run started.
    pub seed: u64,
    /// What it was told.
    pub config: TestConfig,
    /// What it came to as a whole.
    pub outcome: Outcome,
    /// The phases that ran, in their order.
    pub phases: Vec<ValidationResult>,
    /// What it counted.
    pub metrics: TestMetrics,
    /// Its figures beside those of the baseline, where there was one.
    pub compared: Vec<Compared>,
    /// What the chaos after the phases came to, where there was one.
    pub chaos: Option<ChaosReport>,
    /// Which lines the suites of properties went through, where that was asked.
    pub lines: Option<LineCoverage>,
    /// Where the verdicts that were recorded differ from those that the record gives; empty, or something is wrong.
    pub differences: Vec<Difference>,
    /// Earlier runs of the same data directory, the oldest first.
    pub trend: Vec<TrendPoint>,
    /// What the suites of properties have left, where that was looked for and found.
    pub coverage: Option<PropertyCoverage>,
}

impl Report {
    /// The report of a recorded run: everything in it is computed from the record.
    #[must_use]
    pub fn of(recorded: &Recorded) -> Self {
        let replayed = replay(recorded);
        let results = || replayed.phases.iter().flat_map(|phase| phase.results.clone());
        let compared =
            recorded.baseline.as_ref().map(|baseline| baseline.compare(&results().collect::<Vec<_>>()));
        Self {
            schema: REPORT_SCHEMA,
            version: recorded.identity.version.clone(),
            seed: recorded.identity.config.seed,
            config: recorded.identity.config.clone(),
            outcome: outcome(&replayed.phases),
            phases: replayed.phases,
            metrics: replayed.metrics,
            compared: compared.unwrap_or_default(),
            chaos: recorded.chaos.clone(),
            lines: recorded.lines.clone(),
            differences: replayed.differences,
            trend: Vec::new(),
            coverage: None,
        }
    }

    /// Returns every test, in the order of the phases.
    pub fn results(&self) -> impl Iterator<Item = &TestResult> {
        self.phases.iter().flat_map(|phase| &phase.results)
    }

    /// Returns the phases that skipped something required, but for those where that is allowed.
    #[must_use]
    pub fn skipped(&self, allowed: &[MigrationPhase]) -> Vec<MigrationPhase> {
        let required = |result: &TestResult| result.skip.as_ref().is_some_and(|skip| skip.required);
        let phases = self.phases.iter().filter(|phase| phase.results.iter().any(required));
        phases.map(|phase| phase.phase).filter(|phase| !allowed.contains(phase)).collect()
    }

    /// Returns the exit code: 0 when all passed, 1 when something failed, 3 when nothing failed but something required
    /// was skipped.
    #[must_use]
    pub fn exit_code(&self, allowed: &[MigrationPhase]) -> u8 {
        let calm = self.chaos.as_ref().is_none_or(ChaosReport::holds);
        let covered = !matches!(self.lines, Some(LineCoverage::Failed(_)));
        let failed = matches!(self.outcome, Outcome::Failed | Outcome::TimedOut) || !calm || !covered;
        match (failed || !self.differences.is_empty(), self.skipped(allowed).is_empty()) {
            (true, _) => 1,
            (false, false) => 3,
            (false, true) => 0,
        }
    }

    /// Returns it as JSON.
    ///
    /// # Errors
    ///
    /// * What the writer of JSON says; a report has no value that JSON cannot hold.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}

/// A run came to the worst of its phases; one of which nothing ran is skipped.
fn outcome(phases: &[ValidationResult]) -> Outcome {
    let has = |outcome| phases.iter().any(|phase| phase.outcome == outcome);
    let worst = [Outcome::Failed, Outcome::TimedOut, Outcome::Passed];
    worst.into_iter().find(|outcome| has(*outcome)).unwrap_or(Outcome::Skipped)
}
