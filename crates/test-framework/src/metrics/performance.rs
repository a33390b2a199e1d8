//! How fast the tests were, and how that compares with the baseline (FW-4).

use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::{
    baseline::{Baseline, Compared},
    result::{Outcome, TestResult},
};

/// Decimal digits that a percentile keeps.
const DIGITS: u8 = 3;

/// How fast the tests were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerformanceMetrics {
    /// Tests that ran, a second of their phases.
    pub tests_per_second: f64,
    /// Latencies, as `test: samples`.
    pub latencies: BTreeMap<String, Percentiles>,
    /// Figures that are worse than the baseline by more than is allowed.
    pub regressions: Vec<Compared>,
    /// Figures that are better than the baseline by more than a regression may be worse.
    pub improvements: Vec<Compared>,
}

/// Percentiles of samples in nanoseconds, to a thousandth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Percentiles {
    /// How many samples.
    pub samples: u64,
    /// Half of them are not above it.
    pub p50: u64,
    /// 95 of 100 are not above it.
    pub p95: u64,
    /// 99 of 100 are not above it.
    pub p99: u64,
    /// None is above it.
    pub max: u64,
}

impl Percentiles {
    /// Returns those of samples; `None` of none.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_test_framework::Percentiles;
    ///
    /// let percentiles = Percentiles::of(&[10, 20, 30, 40]).unwrap();
    /// assert_eq!((percentiles.p50, percentiles.p99), (20, 40));
    /// assert_eq!(Percentiles::of(&[]), None);
    /// ```
    #[must_use]
    pub fn of(samples: &[u64]) -> Option<Self> {
        // It grows with its values; the digits are within its bounds.
        let mut histogram = Histogram::<u64>::new(DIGITS).ok()?;
        for sample in samples {
            histogram.record(*sample).ok()?;
        }
        let at = |quantile| histogram.value_at_quantile(quantile);
        let percentiles = || Self {
            samples: histogram.len(),
            p50: at(0.5),
            p95: at(0.95),
            p99: at(0.99),
            max: samples.iter().copied().max().unwrap_or(0),
        };
        (!samples.is_empty()).then(percentiles)
    }
}

impl PerformanceMetrics {
    /// Adds the tests of a phase, beside the baseline where there is one.
    pub(super) fn add(&mut self, results: &[TestResult], baseline: Option<&Baseline>, percent_max: f64) {
        for result in results.iter().filter(|result| result.outcome != Outcome::Skipped) {
            for (name, samples) in &result.measurement.samples {
                let percentiles = Percentiles::of(samples);
                let name = format!("{}: {name}", result.test_name);
                self.latencies.extend(percentiles.map(|percentiles| (name, percentiles)));
            }
        }
        for compared in baseline.map(|baseline| baseline.compare(results)).unwrap_or_default() {
            if compared.worse_percent > percent_max {
                self.regressions.push(compared);
            } else if compared.worse_percent < -percent_max {
                self.improvements.push(compared);
            }
        }
    }

    /// Counts all tests so far.
    #[allow(clippy::cast_precision_loss, reason = "tests of a run are far below 2^53")]
    pub(super) fn count(&mut self, tests: u64, phases: Duration) {
        let seconds = phases.as_secs_f64();
        self.tests_per_second = if seconds > 0.0 { tests as f64 / seconds } else { 0.0 };
    }
}
