//! `alys-test node`.

use std::{net::SocketAddr, path::PathBuf};

use alys_test_framework::FrameworkError;
#[cfg(feature = "p2p")]
use alys_test_framework::{NodePlan, NodeRole};
use clap::Args;

/// Serves a chain that is drawn from a seed, over libp2p, until SIGINT or SIGTERM.
#[derive(Debug, Args)]
#[cfg_attr(not(feature = "p2p"), allow(dead_code, reason = "it says then that it cannot"))]
pub(super) struct Node {
    /// Where it listens: a multiaddress of TCP or QUIC; port 0 is any free one, and is told.
    #[arg(long, value_name = "ADDR", default_value = "/ip4/127.0.0.1/tcp/0")]
    listen: String,
    /// How high the chain is at least; a shorter one that is there already is made longer.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    blocks: u64,
    #[command(flatten)]
    common: Common,
}

/// What both ends are told.
#[derive(Debug, Args)]
#[cfg_attr(not(feature = "p2p"), allow(dead_code, reason = "without it nobody asks"))]
pub(super) struct Common {
    /// The folder that the chain lies in.
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    /// Where the chain starts: authorities, genesis and blocks. Both ends need the same.
    #[arg(long, default_value_t = 2026)]
    pub(super) seed: u64,
    /// Which of several with the same seed it is: no two that are connected may have one identity.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) identity: u64,
    /// The time, in seconds since the Unix epoch, as in `$(date +%s)`; without it the end of the longest chain there can be.
    #[arg(long, value_name = "SECONDS")]
    pub(super) now: Option<u64>,
    /// Serves metrics for Prometheus at this address, under `/metrics`.
    #[arg(long, value_name = "ADDR")]
    pub(super) metrics: Option<SocketAddr>,
    /// What is logged on standard error: a level, or levels by target.
    #[arg(long, value_name = "FILTER", default_value = "info")]
    pub(super) log: String,
    /// Allows addresses of other machines.
    #[arg(long)]
    pub(super) allow_public: bool,
}

#[cfg(feature = "p2p")]
impl Common {
    /// The plan of a node.
    pub(super) fn plan(&self, role: NodeRole) -> NodePlan {
        NodePlan {
            role,
            data: self.data.clone(),
            seed: self.seed,
            identity: self.identity,
            now: self.now,
            metrics: self.metrics,
            beyond_loopback: self.allow_public,
        }
    }
}

impl Node {
    /// Ends with 0 when it was told to end while it served.
    #[cfg(feature = "p2p")]
    pub(super) fn run(self) -> Result<u8, FrameworkError> {
        let Self { listen, blocks, common } = self;
        super::node_shown::played(&common.plan(NodeRole::Source { listen, blocks }), &common.log)
    }

    /// Says that this program cannot.
    #[cfg(not(feature = "p2p"))]
    pub(super) fn run(self) -> Result<u8, FrameworkError> {
        Err(FrameworkError::NotBuilt { feature: "p2p", command: "node" })
    }
}
