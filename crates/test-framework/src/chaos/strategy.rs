//! What is made to go wrong.

use serde::{Deserialize, Serialize};

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
    /// Peers of a node that syncs lose their connections at drawn times, and come back.
    RandomDisconnects {
        /// How many within the minute that the network is bad: 1 to 600.
        per_minute: u32,
    },
    /// Frames are corrupted between two ends of a stream.
    MessageCorruption {
        /// How many are sent: 1 to 100,000.
        frames: u32,
        /// The share of them that is corrupted, in thousandths, rounded up: 1 to 1000.
        permille: u16,
    },
    /// Every message of the network takes its time while a node syncs.
    SlowNetwork {
        /// How long: 1 to 60,000.
        latency_ms: u64,
    },
    /// Messages of the network are lost while a node syncs.
    LossyNetwork {
        /// How many of 1,000: 1 to 200.
        permille: u16,
    },
    /// Frames of the network are corrupted while a node syncs.
    NoisyNetwork {
        /// In how many of 1,000 messages: 1 to 100.
        permille: u16,
    },
    /// The links of the network are narrow while a node syncs.
    Congestion {
        /// How many bytes of responses a peer sends in a millisecond: 1 to 1000; otherwise it sends 8.
        bytes_per_ms: u64,
    },
    /// Some of the peers of a node that syncs are cut off, though their connections stay.
    NetworkPartition {
        /// How many of 100, rounded up: 1 to 100.
        percent: u8,
        /// For how long: 1 to 60,000.
        for_ms: u64,
    },
    /// Some of the peers of a node that syncs lie, each in a way of its own.
    ByzantinePeers {
        /// How many peers there are: 3 to 64.
        peers: u32,
        /// How many of them lie: 1 to a third.
        count: u32,
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
    /// The execution client of a node that proposes fails, and is back after one proposal; needs the feature `interop`.
    ClientFailures {
        /// How.
        failure: ClientFailure,
        /// How often: 1 to 50.
        count: u32,
    },
    /// The execution client of a node that proposes lies to one proposal; needs the feature `interop`.
    LyingClients {
        /// What it says, or does.
        lie: ClientLie,
        /// How often: 1 to 50.
        count: u32,
    },
}

/// How an execution client fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFailure {
    /// It resets every connection, and comes back with all that it had.
    Death,
    /// The same, and it comes back with nothing.
    Amnesia,
    /// It answers nothing in time.
    Silence,
    /// It answers with what is no JSON.
    Garbage,
    /// It believes no token.
    RefusedTokens,
}

/// How an execution client lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientLie {
    /// It says SYNCING to everything.
    Syncing,
    /// It says ACCEPTED to what it has built itself.
    Accepted,
    /// It takes the tip, and builds nothing.
    NothingBuilt,
    /// It builds on another block than the tip.
    OtherParent,
    /// It builds for another time.
    OtherTime,
    /// It builds with other randomness.
    OtherRandomness,
    /// It calls what it has built itself invalid.
    OwnInvalid,
    /// It calls the tip invalid.
    TipInvalid,
}

/// How a disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiskFailure {
    /// One operation of a commit fails, and none after it.
    WriteError,
    /// All operations of a commit fail from one on, and of what was not synced some sectors are there.
    TornWrite,
    /// There is no room for what a commit writes, from one of its operations on; later there is.
    FullDisk,
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
            Self::LossyNetwork { .. } => "lossy_network",
            Self::NoisyNetwork { .. } => "noisy_network",
            Self::Congestion { .. } => "congestion",
            Self::NetworkPartition { .. } => "network_partition",
            Self::ByzantinePeers { .. } => "byzantine_peers",
            Self::DiskFailures { .. } => "disk_failures",
            Self::ByzantineActors { .. } => "byzantine_actors",
            Self::ClientFailures { .. } => "client_failures",
            Self::LyingClients { .. } => "lying_clients",
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
