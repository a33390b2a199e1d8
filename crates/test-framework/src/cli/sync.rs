//! `alys-test sync`.

use alys_test_framework::FrameworkError;
use clap::Args;

use super::node::Common;

/// Follows a node over libp2p, up to its tip; begins with what is in its folder.
#[derive(Debug, Args)]
#[cfg_attr(not(feature = "p2p"), allow(dead_code, reason = "it says then that it cannot"))]
pub(super) struct Sync {
    /// Where the node listens, as it says.
    #[arg(long, value_name = "ADDR")]
    from: String,
    /// Stays when it is synced, until SIGINT or SIGTERM.
    #[arg(long)]
    stay: bool,
    #[command(flatten)]
    common: Common,
}

impl Sync {
    /// Ends with 0 when it is synced.
    #[cfg(feature = "p2p")]
    pub(super) fn run(self) -> Result<u8, FrameworkError> {
        let Self { from, stay, common } = self;
        let role = alys_test_framework::NodeRole::Follower { from, stay };
        super::node_shown::played(&common.plan(role), &common.log)
    }

    /// Says that this program cannot.
    #[cfg(not(feature = "p2p"))]
    pub(super) fn run(self) -> Result<u8, FrameworkError> {
        Err(FrameworkError::NotBuilt { feature: "p2p", command: "sync" })
    }
}
