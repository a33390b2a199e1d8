//! What the wall clock and the operating system said of one test: all that differs from run to run.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::metrics::ResourceUsage;

/// What was measured of one test (FW-2, FW-4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// How long it took.
    pub wall: Duration,
    /// What running it cost beside: a thread, a runtime, and judging.
    pub overhead: Duration,
    /// Whether it exceeded its deadline, and was cancelled.
    pub timed_out: bool,
    /// Whether something of it still ran after it was cancelled.
    pub left_running: bool,
    /// Values by name, e.g. messages a second.
    pub values: BTreeMap<String, f64>,
    /// Samples by name, in nanoseconds, e.g. the latency of each message.
    pub samples: BTreeMap<String, Vec<u64>>,
    /// What it took of its machine; of a test that ran alone.
    pub resources: Option<ResourceUsage>,
}

impl Measurement {
    /// Returns the mean of samples in milliseconds; `None` where there are none.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "nanoseconds of a test are far below 2^53")]
    pub fn mean_ms(&self, samples: &str) -> Option<f64> {
        let samples = self.samples.get(samples).filter(|samples| !samples.is_empty())?;
        Some(samples.iter().sum::<u64>() as f64 / samples.len() as f64 / 1e6)
    }
}
