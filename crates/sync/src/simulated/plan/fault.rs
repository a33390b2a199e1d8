//! What goes wrong at a time.

use serde::{Deserialize, Serialize};

use super::{Behaviour, LinkPlan};

/// Something that goes wrong, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultStep {
    /// How long after the beginning: 0 to 86,400,000, and at least that of the step before.
    pub at_ms: u64,
    /// What.
    pub fault: Fault,
}

/// What goes wrong. Peers and nodes are named by their numbers, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// A peer loses all of its connections, and comes back.
    Disconnect {
        /// Which.
        peer: u32,
        /// After which time: 0 to 86,400,000.
        for_ms: u64,
    },
    /// A peer leaves for good, unless there is a time from which on nothing fails.
    Leave {
        /// Which.
        peer: u32,
    },
    /// Peers lose their connections one after the other.
    Cascade {
        /// The first of them.
        first: u32,
        /// How many.
        count: u32,
        /// The time between two of them: 0 to 3,600,000.
        every_ms: u64,
        /// How long each of them is away: 0 to 86,400,000.
        for_ms: u64,
    },
    /// The network falls into groups, between which nothing passes; whoever is in none is in one more. Connections stay.
    Partition {
        /// The groups.
        groups: Vec<Group>,
        /// For how long: 0 to 86,400,000.
        for_ms: u64,
    },
    /// All links are others.
    Weather {
        /// What they do.
        link: LinkPlan,
        /// For how long: 0 to 86,400,000.
        for_ms: u64,
    },
    /// A peer takes requests, and says nothing.
    Stall {
        /// Which.
        peer: u32,
        /// For how long: 0 to 86,400,000.
        for_ms: u64,
    },
    /// A peer behaves otherwise from now on.
    Turn {
        /// Which.
        peer: u32,
        /// What it does.
        behaviour: Behaviour,
    },
    /// A node crashes between two things that it does, and is restarted from what is durable.
    Crash {
        /// Which.
        node: u32,
        /// After which time: 0 to 86,400,000.
        for_ms: u64,
    },
    /// The medium of a node fails, which crashes it; it is restarted from what is durable, on a whole medium.
    Medium {
        /// Which.
        node: u32,
        /// After how many more operations it fails.
        after: u64,
        /// Whether the operation that fails is durable all the same.
        comes_through: bool,
        /// How long the node is down: 0 to 86,400,000.
        for_ms: u64,
    },
    /// The clock of a node is set.
    Clock {
        /// Which.
        node: u32,
        /// By how much, forwards or backwards: up to 86,400,000 in all.
        by_ms: i64,
    },
}

/// Some hosts of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Group {
    /// Nodes.
    pub nodes: Vec<u32>,
    /// Peers.
    pub peers: Vec<u32>,
}
