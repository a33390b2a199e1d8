//! What each phase must show.

use crate::{
    judge::{Check, Judge},
    phase::MigrationPhase,
    result::{Outcome, TestResult},
};

/// What a phase must show: categories that must be there and pass as a whole, and a share of all tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhaseValidator {
    /// Its name in reports.
    pub name: &'static str,
    /// Categories of which some test must have run, each with the least share of passed tests in percent.
    pub categories: &'static [(&'static str, f64)],
    /// The most failed tests that are allowed.
    pub failures_max: u64,
}

impl PhaseValidator {
    /// Returns that of a phase.
    #[must_use]
    pub fn of(phase: MigrationPhase) -> Self {
        let (name, categories): (_, &[(&str, f64)]) = match phase {
            MigrationPhase::Foundation => ("FoundationValidator", &[]),
            MigrationPhase::ActorCore => ("ActorCoreValidator", &[("lifecycle", 100.0), ("recovery", 100.0)]),
            MigrationPhase::SyncImprovement => {
                ("SyncValidator", &[("full_sync", 100.0), ("checkpoints", 100.0)])
            }
            MigrationPhase::LighthouseMigration => {
                ("LighthouseValidator", &[("api_compatibility", 100.0), ("consensus_integration", 100.0)])
            }
            MigrationPhase::GovernanceIntegration => {
                ("GovernanceValidator", &[("workflows", 100.0), ("signature_validation", 100.0)])
            }
        };
        Self { name, categories, failures_max: 0 }
    }

    /// Says what holds of the results of the phase; skipped tests were not run, and show nothing.
    ///
    /// That every category has run is asked of a whole phase alone, and not of one whose tests say what is missing: those keep the
    /// phase from passing anyway.
    #[must_use]
    pub fn validate(&self, results: &[TestResult], is_whole: bool) -> Vec<Check> {
        let mut judge = Judge::default();
        let excused = |category: &str| {
            let required = |result: &&TestResult| result.skip.as_ref().is_some_and(|skip| skip.required);
            results.iter().filter(required).any(|result| result.category == category)
        };
        let ran = || results.iter().filter(|result| result.outcome != Outcome::Skipped);
        let failed = ran().filter(|result| !result.success()).count();
        judge.at_most(self.name, "failed tests", self.failures_max, failed);
        for (category, percent) in self.categories {
            let of_it = || ran().filter(|result| result.category == *category);
            if is_whole && !excused(category) {
                let subject = format!("tests of category {category} that ran");
                judge.at_least(self.name, &subject, 1_u64, of_it().count());
            }
            if let Some(passed) = passed_percent(of_it()) {
                judge.at_least(
                    self.name,
                    &format!("passed of category {category} in percent"),
                    *percent,
                    passed,
                );
            }
        }
        judge.into_checks()
    }
}

/// Returns the share of results that passed in percent; `None` of none.
pub(super) fn passed_percent<'a>(results: impl Iterator<Item = &'a TestResult>) -> Option<f64> {
    let (passed, all) =
        results.fold((0_u32, 0_u32), |(passed, all), result| (passed + u32::from(result.success()), all + 1));
    (all > 0).then(|| f64::from(passed) * 100.0 / f64::from(all))
}
