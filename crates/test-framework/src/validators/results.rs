//! What every result must keep to, whichever its phase.

use std::time::Duration;

use super::phase::passed_percent;
use crate::{
    config::TestConfig,
    judge::{Check, Judge},
    result::TestResult,
};

/// The longest that a test may take.
const LONGEST: Duration = Duration::from_secs(300);

/// What every result must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultValidator {
    /// No test takes longer than five minutes.
    Duration,
    /// At least the configured share of the tests passes.
    SuccessRate,
}

impl ResultValidator {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Duration, Self::SuccessRate];

    /// Says what holds of results that ran.
    #[must_use]
    pub fn validate(self, ran: &[&TestResult], config: &TestConfig) -> Vec<Check> {
        let mut judge = Judge::default();
        match self {
            Self::Duration => {
                for result in ran {
                    let subject = format!("{} in seconds", result.test_name);
                    judge.at_most(
                        "DurationValidator",
                        &subject,
                        LONGEST.as_secs_f64(),
                        result.duration().as_secs_f64(),
                    );
                }
            }
            Self::SuccessRate => {
                if let Some(passed) = passed_percent(ran.iter().copied()) {
                    let limit = config.performance.success_percent_min;
                    judge.at_least("SuccessRateValidator", "passed tests in percent", limit, passed);
                }
            }
        }
        judge.into_checks()
    }
}
