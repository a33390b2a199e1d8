//! Replaying a run: every verdict is computed anew from what was recorded, and compared with the recorded one (FW-3).

use std::fmt;

use serde::Serialize;

use crate::{
    harness,
    log::{Identity, Recorded, RecordedTest},
    measurement::Measurement,
    metrics::TestMetrics,
    phase::MigrationPhase,
    result::{Outcome, Skip, TestResult, ValidationResult},
    run::judged_again,
    validators::judge_phase,
};

/// Where a record and its replay differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The test or phase, or what else.
    pub of: String,
    /// What was recorded.
    pub recorded: String,
    /// What the replay came to.
    pub replayed: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: recorded {}, replayed {}", self.of, self.recorded, self.replayed)
    }
}

/// A run that was computed anew from its record.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The phases, in their order.
    pub phases: Vec<ValidationResult>,
    /// The metrics.
    pub metrics: TestMetrics,
    /// Where the two differ; empty where they agree.
    pub differences: Vec<Difference>,
}

/// Computes all verdicts and metrics of a recorded run anew.
#[must_use]
pub fn replay(recorded: &Recorded) -> Replayed {
    let mut differences = Vec::new();
    let mut phases = Vec::new();
    let mut metrics = TestMetrics::for_config(&recorded.identity.config);
    metrics.resources.clone_from(&recorded.resources);
    for phase in MigrationPhase::ALL {
        let tests = recorded.tests.iter().filter(|test| test.phase == phase);
        let Some(&(outcome, duration)) = recorded.phases.get(&phase) else {
            differences.extend(tests.map(|test| differ(&test.name, "no end of its phase", "none needed")));
            continue;
        };
        let results: Vec<_> = tests.map(|test| again(test, recorded, &mut differences)).collect();
        let Identity { config, filter, shard, .. } = &recorded.identity;
        let is_whole = filter.is_none() && shard.is_none();
        let (again, violations) = judge_phase(phase, &results, is_whole, config, recorded.baseline.as_ref());
        if again != outcome {
            differences.push(differ(&format!("phase {phase}"), outcome, again));
        }
        metrics.add(phase, &results, duration, (&recorded.identity.config, recorded.baseline.as_ref()));
        let success = again == Outcome::Passed;
        phases.push(ValidationResult { phase, success, outcome: again, results, violations, duration });
    }
    match &recorded.metrics {
        Some(counted) if *counted == metrics => {}
        Some(counted) => differences.push(differ("metrics", counted, &metrics)),
        None => differences.push(differ("the run", "no end", "all that was recorded")),
    }
    Replayed { phases, metrics, differences }
}

/// Computes the results of one phase anew.
pub(crate) fn results_of(recorded: &Recorded, phase: MigrationPhase) -> Vec<TestResult> {
    let tests = recorded.tests.iter().filter(|test| test.phase == phase);
    tests.map(|test| again(test, recorded, &mut Vec::new())).collect()
}

fn differ(of: &str, recorded: impl fmt::Debug, replayed: impl fmt::Debug) -> Difference {
    Difference { of: of.to_owned(), recorded: format!("{recorded:?}"), replayed: format!("{replayed:?}") }
}

/// Judges one recorded test again.
fn again(test: &RecordedTest, recorded: &Recorded, differences: &mut Vec<Difference>) -> TestResult {
    let config = &recorded.identity.config;
    let mut result = if let Some(skip) = &test.skip {
        harness::not_run(&test.name, test.phase, skip.clone(), config)
    } else {
        let (measurement, outcome) =
            test.measured.clone().unwrap_or((Measurement::default(), Outcome::Failed));
        let Some(case) = harness::case(&test.name) else {
            differences.push(differ(&test.name, "a test of this name", "no such test in this version"));
            let reason = "this version has no such test".to_owned();
            return harness::not_run(&test.name, test.phase, Skip { required: true, reason }, config);
        };
        let result = judged_again(case, config, test.events.clone(), measurement);
        if result.outcome != outcome || test.measured.is_none() {
            differences.push(differ(
                &test.name,
                test.measured.as_ref().map(|(_, outcome)| outcome),
                result.outcome,
            ));
        }
        if result.seed != test.seed {
            differences.push(differ(&format!("{}: seed", test.name), test.seed, result.seed));
        }
        let broken = result.checks.iter().filter(|check| !check.holds()).count() as u64;
        let ended = (result.outcome != Outcome::TimedOut).then_some((result.checks.len() as u64, broken));
        if ended != test.ended {
            differences.push(differ(&format!("{}: checks, and broken ones", test.name), test.ended, ended));
        }
        result
    };
    result.shortest.clone_from(&test.shortest);
    result
}
