//! What a run is told: every field with its meaning, its unit and what is allowed (FW-5).

mod load;
mod presets;
mod validate;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use load::VARIABLES;
pub use validate::ConfigError;

/// The configuration of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestConfig {
    /// Where all randomness of the run starts; printed in every report.
    pub seed: u64,
    /// Whether tests in virtual time run side by side.
    pub parallel_tests: bool,
    /// Whether later phases run although an earlier one has failed.
    pub continue_after_failure: bool,
    /// Whether the phases end with a chaos plan.
    pub chaos_enabled: bool,
    /// Whether speed is compared with the stored baseline.
    pub performance_tracking: bool,
    /// Whether the suites of properties run under a coverage tool.
    pub coverage_enabled: bool,
    /// Whether the consensus layer is also tested with a real execution client, which is installed, started on loopback and stopped.
    #[serde(default)]
    pub interop: bool,
    /// The compose file of an environment with real clients.
    pub docker_compose_file: String,
    /// Where runs, baselines and reports lie.
    pub test_data_dir: PathBuf,
    /// How long one test may take in real time, in milliseconds: 1 to 3,600,000.
    pub test_deadline_ms: u64,
    /// The simulated network.
    pub network: NetworkConfig,
    /// The actor system.
    pub actor_system: ActorSystemConfig,
    /// The sync engine.
    pub sync: SyncConfig,
    /// The gates.
    pub performance: PerformanceConfig,
    /// The chaos plan.
    pub chaos: ChaosConfig,
}

impl TestConfig {
    /// Returns how many tests run at once.
    #[must_use]
    pub fn at_once(&self) -> usize {
        if self.parallel_tests { self.actor_system.parallel_sessions } else { 1 }
    }
}

/// The simulated network that sync tests run over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// How many peers it has: 1 to 1000.
    pub peers: u32,
    /// The mean latency of a message in milliseconds: 0 to 60,000.
    pub latency_ms: u64,
    /// The share of messages that are lost: 0 to 1.
    pub failure_rate: f64,
}

/// The actor system under test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorSystemConfig {
    /// How many tests run at once where `parallel_tests` is set: 1 to 64.
    pub parallel_sessions: usize,
    /// How many actors are alive at once in the tests of size: 1000 to 100,000.
    pub actors: u32,
    /// How many messages a test of load sends: 1000 to 1,000,000.
    pub messages: u32,
    /// How many messages a burst has: 1000 to 1,000,000.
    pub burst: u32,
    /// How many messages the mailboxes of the overflow tests hold: 1 to 999.
    pub mailbox_capacity: usize,
}

/// The sync engine under test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncConfig {
    /// How many blocks a full sync has: 1 to 1,000,000.
    pub blocks: u64,
    /// The distances between checkpoints that are tried: each at least 1, at least one of them.
    pub checkpoint_intervals: Vec<u64>,
    /// How many sync sessions run side by side: 1 to 64.
    pub parallel_sessions: u32,
}

/// The gates of speed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerformanceConfig {
    /// The least messages a second: more than 0.
    pub throughput_min: f64,
    /// The highest mean latency of a message in milliseconds: more than 0.
    pub latency_mean_ms_max: f64,
    /// The least share of passed tests in percent: 0 to 100.
    pub success_percent_min: f64,
    /// By how much a figure may be worse than its baseline, in percent: 0 to 1000.
    pub regression_percent_max: f64,
}

/// The chaos that follows the phases where `chaos_enabled` is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChaosConfig {
    /// The plan; the built-in one where there is none.
    pub plan: Option<PathBuf>,
}
