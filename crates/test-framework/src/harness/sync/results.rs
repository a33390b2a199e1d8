//! What parallel and disturbed syncs came to, each field measured in the events of its test.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

/// Sessions that sync side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConcurrentSyncResult {
    /// Whether every session has come to the honest tip.
    pub success: bool,
    /// How many have.
    pub sessions_completed: u32,
    /// How many there were.
    pub concurrent_sessions: u32,
    /// How long a session took in virtual time until it said that it was synced, on average.
    pub average_sync_time: Duration,
    /// How often downloaded blocks did not link to what a session had.
    pub conflicts_detected: u32,
}

/// Load that is spread over peers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LoadBalancingResult {
    /// Whether the sync has come to the honest tip.
    pub success: bool,
    /// How many peers have sent blocks that were taken.
    pub peers_utilized: u32,
    /// How many blocks of each were taken.
    pub load_distribution: BTreeMap<String, u32>,
    /// The mean load by the highest one.
    pub balance_efficiency: f64,
    /// How often a batch was asked for again.
    pub failover_count: u32,
}

/// Sessions that race.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RaceConditionResult {
    /// Whether every race has ended in the honest chain.
    pub success: bool,
    /// How many times a session has taken the tip of a branch that did not stay.
    pub race_conditions_detected: u32,
    /// How many of these times it has left that branch again.
    pub conflicts_resolved: u32,
    /// Whether all sessions have the same chain in the end, and it is the honest one.
    pub data_consistency_maintained: bool,
    /// The longest time that a session was on such a branch.
    pub resolution_time: Duration,
}

/// Sessions under failures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParallelFailureResult {
    /// Whether every session has come to the honest tip.
    pub success: bool,
    /// How many there were.
    pub parallel_sessions: u32,
    /// How many messages were lost, cut off or corrupted, connections broken and nodes crashed.
    pub injected_failures: u32,
    /// How many sessions a failure has hit, and have come to the honest tip.
    pub sessions_recovered: u32,
    /// Which share of the sessions has come to the honest tip.
    pub sync_completion_rate: f64,
}

/// What parallel workers gain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParallelPerformanceResult {
    /// Whether both runs have come to the same honest tip.
    pub success: bool,
    /// How many workers there were.
    pub parallel_sessions: u32,
    /// How many blocks they have brought.
    pub total_blocks_synced: u64,
    /// Blocks in a second of virtual time.
    pub aggregate_throughput: f64,
    /// How much faster they are than one worker: 0.3 is 30 % faster.
    pub efficiency_gain: f64,
    /// Which share of their time they waited for an answer that they had asked for.
    pub resource_utilization: f64,
}

/// Syncs through everything that can go wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResilienceTestResult {
    /// Whether every run has come to the honest tip.
    pub success: bool,
    /// How many failures were injected.
    pub failures_injected: u32,
    /// In how many runs.
    pub runs: u32,
    /// How many of these have come to the honest tip.
    pub recovered: u32,
    /// Which share has.
    pub recovery_rate: f64,
    /// The longest time that a run took in virtual time.
    pub longest: Duration,
}
