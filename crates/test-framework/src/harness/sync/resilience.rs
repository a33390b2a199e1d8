//! Syncs that outlive what goes wrong: peers that leave, partitions, slow peers, and everything at once.

mod cascade;
mod comprehensive;
mod partition;
mod slow;

use std::time::Duration;

pub(super) use cascade::CASCADING_DISCONNECTIONS;
pub(super) use comprehensive::COMPREHENSIVE_FAILURES;
pub(super) use partition::PARTITION_TOLERANCE;
pub(super) use slow::SLOW_PEERS;

use super::played::{completed, counted, injected};
use super::results::ResilienceTestResult;
use crate::{evidence::Evidence, judge::Judge};

/// What of the injected counts is a failure.
const FAILURES: [&str; 4] = ["lost", "partitioned", "corrupted", "faults"];

impl ResilienceTestResult {
    /// Measures runs, each of one node, in what was seen of them.
    fn of(seen: Evidence<'_>, runs: &[String]) -> Self {
        let recovered = runs.iter().filter(|run| completed(seen, run, 0)).count();
        let failures: u64 = runs.iter().flat_map(|run| FAILURES.map(|kind| injected(seen, run, kind))).sum();
        let longest = runs.iter().map(|run| counted(seen, run, "node 0", 0, "elapsed_ms")).max();
        #[expect(clippy::cast_precision_loss, reason = "some runs")]
        let recovery_rate = recovered as f64 / runs.len().max(1) as f64;
        ResilienceTestResult {
            success: recovered == runs.len(),
            failures_injected: u32::try_from(failures).unwrap_or(u32::MAX),
            runs: u32::try_from(runs.len()).unwrap_or(u32::MAX),
            recovered: u32::try_from(recovered).unwrap_or(u32::MAX),
            recovery_rate,
            longest: Duration::from_millis(longest.unwrap_or_default()),
        }
    }

    /// The original's gate, and ours: all recover.
    fn judge(&self, judge: &mut Judge) {
        judge.at_least("gate", "share of the runs that recover", 0.8, self.recovery_rate);
        judge.equal("SY-1", "runs that recover", self.runs, self.recovered);
        judge.equal("SY-1", "success", "true", self.success.to_string());
        let bound = super::played::BOUND_MS / 1000;
        judge.at_most("SY-1", "the longest sync in seconds of virtual time", bound, self.longest.as_secs());
    }
}

/// The names of runs.
fn runs(kind: &str, count: u64) -> Vec<String> {
    (0..count).map(|number| format!("{kind} {number}")).collect()
}
