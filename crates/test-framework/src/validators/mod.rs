//! Validators: what a phase must show beyond tests that pass one by one, and what every result must keep to.

mod phase;
mod results;

pub use phase::PhaseValidator;
pub use results::ResultValidator;

use crate::{
    baseline::Baseline,
    config::TestConfig,
    judge::{Check, Judge},
    phase::MigrationPhase,
    result::{Outcome, TestResult},
};

/// Judges the results of a phase: what it comes to, and the violations of its validators (FW-1).
///
/// A phase of which nothing ran is Skipped, and no validator has anything to say of it; so is one in which all passed that ran
/// and something required was skipped. Of a part of a phase, a filtered one or
/// a shard, nobody can ask that it has every category.
pub(crate) fn judge_phase(
    phase: MigrationPhase,
    results: &[TestResult],
    is_whole: bool,
    config: &TestConfig,
    baseline: Option<&Baseline>,
) -> (Outcome, Vec<Check>) {
    let ran: Vec<_> = results.iter().filter(|result| result.outcome != Outcome::Skipped).collect();
    if ran.is_empty() {
        return (Outcome::Skipped, Vec::new());
    }
    let by_results = ResultValidator::ALL.into_iter().flat_map(|validator| validator.validate(&ran, config));
    let mut judge = Judge::default();
    if let Some(baseline) = baseline {
        baseline.judge(results, config.performance.regression_percent_max, &mut judge);
    }
    let violations: Vec<_> = PhaseValidator::of(phase)
        .validate(results, is_whole)
        .into_iter()
        .chain(by_results)
        .chain(judge.into_checks())
        .filter(|check| !check.holds())
        .collect();
    let misses_something =
        results.iter().any(|result| result.skip.as_ref().is_some_and(|skip| skip.required));
    let outcome = match ran.iter().map(|result| result.outcome).find(|outcome| *outcome != Outcome::Passed) {
        Some(Outcome::TimedOut) => Outcome::TimedOut,
        Some(_) => Outcome::Failed,
        None if violations.is_empty() => {
            if misses_something {
                Outcome::Skipped
            } else {
                Outcome::Passed
            }
        }
        None => Outcome::Failed,
    };
    (outcome, violations)
}
