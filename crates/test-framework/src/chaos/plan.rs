//! The plan: what is made to go wrong, and when, as a value.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::harness::HAS_CLIENTS;

use super::{
    error::PlanError,
    strategy::{ClientFailure, ClientLie, DiskFailure, Strategy},
};

/// The course of a chaos run (FW-5).
///
/// Every field that a file leaves out has the value of [`ChaosPlan::default`], but for the steps: a file without steps
/// has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChaosPlan {
    /// Where all randomness starts: which worker is hit where a step names none.
    #[serde(default = "seed")]
    pub seed: u64,
    /// How many workers there are: 1 to 64.
    #[serde(default = "workers")]
    pub workers: u32,
    /// How many messages the mailbox of each holds: 1 to 100,000.
    #[serde(default = "mailbox_capacity")]
    pub mailbox_capacity: usize,
    /// The time between an answer and the next probe of the same worker: 1 to 60,000.
    #[serde(default = "probe_every_ms")]
    pub probe_every_ms: u64,
    /// How long a probe waits for its answer: 1 to 60,000.
    #[serde(default = "probe_timeout_ms")]
    pub probe_timeout_ms: u64,
    /// The time between a failure and its restart: 0 to 60,000.
    #[serde(default = "backoff_ms")]
    pub backoff_ms: u64,
    /// How many restarts are granted within the window; one more stops the system: 0 to 10,000.
    #[serde(default = "max_restarts")]
    pub max_restarts: u32,
    /// The window: 1 to 3,600,000.
    #[serde(default = "window_ms")]
    pub window_ms: u64,
    /// What is done, in this order: up to 100 steps.
    #[serde(default)]
    pub steps: Vec<ChaosStep>,
}

fn seed() -> u64 {
    2026
}

fn workers() -> u32 {
    4
}

fn mailbox_capacity() -> usize {
    64
}

fn probe_every_ms() -> u64 {
    10
}

fn probe_timeout_ms() -> u64 {
    50
}

fn backoff_ms() -> u64 {
    40
}

fn max_restarts() -> u32 {
    10
}

fn window_ms() -> u64 {
    1000
}

/// One thing that is made to go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChaosStep {
    /// The virtual time at which it begins, or when the step before it is over, if that is later; at least that of the
    /// step before. Steps in real time come after those in virtual time, in their order.
    pub at_ms: u64,
    /// What.
    pub strategy: Strategy,
}

/// Four threads a processor: fewer may leave one to the worker.
fn stressing() -> u32 {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    u32::try_from(processors * 4).map_or(256, |threads| threads.min(256))
}

/// What execution clients do, where there are any.
fn clients() -> Vec<Strategy> {
    if !HAS_CLIENTS {
        return Vec::new();
    }
    let failures = [
        ClientFailure::Death,
        ClientFailure::Amnesia,
        ClientFailure::Silence,
        ClientFailure::Garbage,
        ClientFailure::RefusedTokens,
    ];
    let lies = [ClientLie::Syncing, ClientLie::OwnInvalid, ClientLie::OtherParent, ClientLie::TipInvalid];
    let failures = failures.map(|failure| Strategy::ClientFailures { failure, count: 3 });
    failures.into_iter().chain(lies.map(|lie| Strategy::LyingClients { lie, count: 3 })).collect()
}

impl Default for ChaosPlan {
    /// Everything that there is to suffer, one after the other.
    fn default() -> Self {
        let worker = None;
        let strategies = [
            Strategy::Panics { worker, count: 3 },
            Strategy::Stalls { worker, for_ms: 200 },
            Strategy::Floods { worker, messages: 500, each_ms: 2 },
            Strategy::SlowConsumers { worker, messages: 100, each_ms: 5 },
            Strategy::ClockSkew { worker, by_ms: 5000, timeout_ms: 400 },
            Strategy::MessageCorruption { frames: 2000, permille: 100 },
            Strategy::DiskFailures { failure: DiskFailure::WriteError, count: 4 },
            Strategy::DiskFailures { failure: DiskFailure::TornWrite, count: 4 },
            Strategy::DiskFailures { failure: DiskFailure::FullDisk, count: 4 },
            Strategy::DiskFailures { failure: DiskFailure::BitRot, count: 4 },
            Strategy::ByzantineActors { members: 7, count: 2 },
            Strategy::RandomDisconnects { per_minute: 60 },
            Strategy::SlowNetwork { latency_ms: 5000 },
            Strategy::LossyNetwork { permille: 100 },
            Strategy::NoisyNetwork { permille: 50 },
            Strategy::Congestion { bytes_per_ms: 2 },
            Strategy::NetworkPartition { percent: 50, for_ms: 20_000 },
            Strategy::ByzantinePeers { peers: 9, count: 3 },
            Strategy::KilledArbiter {},
            Strategy::MemoryPressure { budget_bytes: 64 << 20, chunk_bytes: 1 << 20, chunks: 256 },
            Strategy::CpuStress {
                threads: stressing(),
                iterations: 100_000_000,
                slowdown_permille_min: 1200,
            },
        ];
        let steps = (1..).zip(strategies.into_iter().chain(clients()));
        Self {
            seed: seed(),
            workers: workers(),
            mailbox_capacity: mailbox_capacity(),
            probe_every_ms: probe_every_ms(),
            probe_timeout_ms: probe_timeout_ms(),
            backoff_ms: backoff_ms(),
            max_restarts: max_restarts(),
            window_ms: window_ms(),
            steps: steps.map(|(number, strategy)| ChaosStep { at_ms: 1000 * number, strategy }).collect(),
        }
    }
}

impl ChaosPlan {
    /// Reads a plan from TOML, and validates it.
    ///
    /// # Errors
    ///
    /// See [`PlanError`]: each names the field, the value and what is allowed.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_test_framework::ChaosPlan;
    ///
    /// let plan = ChaosPlan::from_toml("[[steps]]\nat_ms = 100\nstrategy.panics = { count = 2 }").unwrap();
    /// assert_eq!(plan.steps[0].strategy.name(), "panics");
    /// let refused = ChaosPlan::from_toml("workers = 0").unwrap_err();
    /// assert_eq!(refused.to_string(), "`workers` is 0; allowed is 1 to 64");
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, PlanError> {
        let plan: Self = toml::from_str(text).map_err(|error| PlanError::of_toml(&error, text))?;
        plan.validate()?;
        Ok(plan)
    }

    /// Reads a plan from a file.
    ///
    /// # Errors
    ///
    /// * [`PlanError::Unreadable`] when the file cannot be read;
    /// * what [`ChaosPlan::from_toml`] says.
    pub fn load(path: &Path) -> Result<Self, PlanError> {
        let unreadable = |error| PlanError::Unreadable { path: path.to_owned(), error };
        Self::from_toml(&std::fs::read_to_string(path).map_err(unreadable)?)
    }
}
