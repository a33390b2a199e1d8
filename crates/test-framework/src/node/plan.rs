//! What a node is told to be.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use alys_actor::TokioClock;
use alys_sync::shell::WallClock;

use super::{chain::NodeChain, error::NodeFailure};

/// The most blocks that a chain is made of.
pub const BLOCKS_MAX: u64 = 1_000_000;

/// What a node is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeRole {
    /// It has a chain, and serves it.
    Source {
        /// Where it listens.
        listen: String,
        /// How high its chain is at least: up to [`BLOCKS_MAX`].
        blocks: u64,
    },
    /// It follows another node.
    Follower {
        /// Where that one listens.
        from: String,
        /// Whether it stays when it is synced.
        stay: bool,
    },
}

/// A node that is to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePlan {
    /// What it is there for.
    pub role: NodeRole,
    /// The folder that its chain lies in.
    pub data: PathBuf,
    /// Where the chain starts: authorities, genesis, blocks. Both ends have the same.
    pub seed: u64,
    /// Which of the nodes with this role and seed it is: its key follows from that.
    pub identity: u64,
    /// The time of its start, in seconds since the Unix epoch; `None` for the end of the longest chain there can be, from which on no
    /// block is ahead of the clock.
    pub now: Option<u64>,
    /// Where its metrics are served, if they are.
    pub metrics: Option<SocketAddr>,
    /// Whether it may be reached from, and reach, other machines.
    pub beyond_loopback: bool,
}

impl NodePlan {
    /// The clock of the node, which begins to run now. The time that it shows was told: the clock on the wall is for whoever
    /// starts the node to read.
    ///
    /// # Errors
    ///
    /// As [`NodeChain::new`].
    pub fn clock(&self) -> Result<WallClock, NodeFailure> {
        let chain = NodeChain::new(self.seed)?;
        let now = self.now.unwrap_or_else(|| chain.starts(BLOCKS_MAX + 1));
        Ok(WallClock { clock: Arc::new(TokioClock::new()), origin: now.saturating_mul(1000) })
    }

    /// Holds what was told to its bounds.
    ///
    /// # Errors
    ///
    /// [`NodeFailure::OutOfRange`], which names the first field that is out of them.
    pub fn check(&self) -> Result<(), NodeFailure> {
        match self.role {
            NodeRole::Source { blocks, .. } if blocks > BLOCKS_MAX => Err(NodeFailure::OutOfRange {
                field: "blocks",
                value: blocks,
                allowed: format!("0 to {BLOCKS_MAX}"),
            }),
            NodeRole::Source { blocks, .. } => self.begun(&NodeChain::new(self.seed)?, blocks),
            NodeRole::Follower { .. } => Ok(()),
        }
    }

    /// Says whether the slot of a height has begun when the node starts: no block is taken in before its time.
    pub(super) fn begun(&self, chain: &NodeChain, height: u64) -> Result<(), NodeFailure> {
        let starts = chain.starts(height);
        match self.now {
            Some(now) if now < starts => Err(NodeFailure::OutOfRange {
                field: "now",
                value: now,
                allowed: format!("{starts}, when the slot of height {height} begins, and more"),
            }),
            _ => Ok(()),
        }
    }

    /// The seed of the key: no source has that of a follower.
    pub(super) fn key_seed(&self) -> u64 {
        let role = match self.role {
            NodeRole::Source { .. } => 0,
            NodeRole::Follower { .. } => 1,
        };
        let mut rng = fastrand::Rng::with_seed(self.seed);
        let (base, step) = (rng.u64(..), rng.u64(..) | 1);
        base.wrapping_add(self.identity.wrapping_mul(2).wrapping_add(role).wrapping_mul(step))
    }
}
