//! The plan: what is made to go wrong, and when, as a value.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::PlanError;

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

/// What is made to go wrong; where a worker is left out, the seed picks one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Strategy {
    /// The handler of a worker panics.
    Panics {
        /// Which.
        worker: Option<u32>,
        /// How often, each time after it has recovered: 1 to 100.
        count: u32,
    },
    /// The handler of a worker takes no other message for a while.
    Stalls {
        /// Which.
        worker: Option<u32>,
        /// For how long: 1 to 600,000.
        for_ms: u64,
    },
    /// A worker gets many messages at once.
    Floods {
        /// Which.
        worker: Option<u32>,
        /// How many: 1 to 100,000.
        messages: u32,
        /// How long each of them takes: 0 to 1000.
        each_ms: u64,
    },
    /// A worker takes its time with each message of a sender that waits for room.
    SlowConsumers {
        /// Which.
        worker: Option<u32>,
        /// How many: 1 to 100,000.
        messages: u32,
        /// How long each of them takes: 1 to 10,000.
        each_ms: u64,
    },
    /// The clock of the system jumps ahead while somebody waits for an answer.
    ClockSkew {
        /// Which worker is waited for.
        worker: Option<u32>,
        /// By how much: 1 to 86,400,000. A clock that runs backwards is outside of what a clock may do.
        by_ms: u64,
        /// For how long the answer is waited for, twice as long as it takes: 4 to 600,000.
        timeout_ms: u64,
    },
    /// The thread of a worker ends, with everything on it; in real time.
    KilledArbiter {},
    /// A worker in a process of its own takes memory until the system gives no more; in that process's virtual time.
    MemoryPressure {
        /// By how much the process may grow: 1 MiB to 16 GiB.
        budget_bytes: u64,
        /// How much is taken at once: 256 KiB to the budget.
        chunk_bytes: u64,
        /// How often at most: 1 to 100,000.
        chunks: u32,
    },
    /// Threads are busy while a worker is asked; in real time.
    CpuStress {
        /// How many: 1 to 256.
        threads: u32,
        /// How many steps each of them computes: 1 to 1,000,000,000,000.
        iterations: u64,
        /// From how many thousandths of its quiet time on an answer counts as slowed down: 1001 to 1,000,000.
        slowdown_permille_min: u64,
    },
    /// Peers disconnect; refused, for want of a network.
    RandomDisconnects {
        /// How many a minute.
        per_minute: u32,
    },
    /// Frames are corrupted between two ends of a stream.
    MessageCorruption {
        /// How many are sent: 1 to 100,000.
        frames: u32,
        /// The share of them that is corrupted, in thousandths, rounded up: 1 to 1000.
        permille: u16,
    },
    /// Frames are late; refused, for want of a network.
    SlowNetwork {
        /// By how much.
        latency_ms: u64,
    },
    /// The disk fails under a node that imports a chain.
    DiskFailures {
        /// How.
        failure: DiskFailure,
        /// How often: 1 to 100.
        count: u32,
    },
    /// Members of a council vote in the names of others, flip bits, replay, and sign both.
    ByzantineActors {
        /// How many members the council has: 2 to 64.
        members: u32,
        /// How many of them lie: 1 to all of them.
        count: u32,
    },
}

/// How a disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiskFailure {
    /// One operation of a commit fails, and none after it.
    WriteError,
    /// All operations of a commit fail from one on, and of what was not synced some sectors are there.
    TornWrite,
    /// A bit of a stored checkpoint flips.
    BitRot,
}

/// Whose time a strategy runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChaosTime {
    /// A clock that jumps: the same seed gives the same report.
    Virtual,
    /// The wall's: what was measured differs from run to run.
    Real,
}

impl Strategy {
    /// Returns the name that plans and reports use.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Panics { .. } => "panics",
            Self::Stalls { .. } => "stalls",
            Self::Floods { .. } => "floods",
            Self::SlowConsumers { .. } => "slow_consumers",
            Self::ClockSkew { .. } => "clock_skew",
            Self::KilledArbiter {} => "killed_arbiter",
            Self::MemoryPressure { .. } => "memory_pressure",
            Self::CpuStress { .. } => "cpu_stress",
            Self::RandomDisconnects { .. } => "random_disconnects",
            Self::MessageCorruption { .. } => "message_corruption",
            Self::SlowNetwork { .. } => "slow_network",
            Self::DiskFailures { .. } => "disk_failures",
            Self::ByzantineActors { .. } => "byzantine_actors",
        }
    }

    /// Returns whose time it runs in.
    #[must_use]
    pub fn time(&self) -> ChaosTime {
        match self {
            Self::KilledArbiter {} | Self::MemoryPressure { .. } | Self::CpuStress { .. } => ChaosTime::Real,
            _ => ChaosTime::Virtual,
        }
    }

    /// Returns the worker that it names; the first `None` is that it has none, the second that the seed picks one.
    #[must_use]
    pub fn worker(&self) -> Option<Option<u32>> {
        match *self {
            Self::Panics { worker, .. }
            | Self::Stalls { worker, .. }
            | Self::Floods { worker, .. }
            | Self::SlowConsumers { worker, .. }
            | Self::ClockSkew { worker, .. } => Some(worker),
            _ => None,
        }
    }
}

/// Four threads a processor: fewer may leave one to the worker.
fn stressing() -> u32 {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    u32::try_from(processors * 4).map_or(256, |threads| threads.min(256))
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
            Strategy::DiskFailures { failure: DiskFailure::BitRot, count: 4 },
            Strategy::ByzantineActors { members: 7, count: 2 },
            Strategy::KilledArbiter {},
            Strategy::MemoryPressure { budget_bytes: 64 << 20, chunk_bytes: 1 << 20, chunks: 256 },
            Strategy::CpuStress {
                threads: stressing(),
                iterations: 100_000_000,
                slowdown_permille_min: 1200,
            },
        ];
        let steps = (1..).zip(strategies);
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
