//! Why a node does not run, or not any more.

use std::{io, net::SocketAddr, path::PathBuf};

use alys_actor::{
    supervised::AdoptError,
    supervision::{Refusal, SpecError},
};
use alys_chain::{stored::StoredError, transition::TransferError};
use alys_p2p::error::{ReachError, StartError};
use alys_sync::config::SyncConfigError;
use alys_wire::quota::QuotaError;
use thiserror::Error;

use super::kept::Lost;
use crate::simulated::ChainPlanError;

/// Why a node does not run, or not any more.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NodeFailure {
    /// A number is out of its bounds.
    #[error("`{field}` is {value}; allowed is {allowed}")]
    OutOfRange {
        /// Which.
        field: &'static str,
        /// What it is.
        value: u64,
        /// What it may be.
        allowed: String,
    },
    /// No chain comes of the seed.
    #[error("there is no chain of the seed {seed}: {error}")]
    Chain {
        /// The seed.
        seed: u64,
        /// Why.
        #[source]
        error: ChainPlanError,
    },
    /// The folder cannot be used.
    #[error("{path} cannot be used as a folder: {error}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// The store cannot be opened, or has no chain.
    #[error("{path}: {error}; it was left as it was")]
    Store {
        /// Its file.
        path: PathBuf,
        /// Why.
        #[source]
        error: Box<StoredError<TransferError>>,
    },
    /// Something could not be made durable. What is durable is whole.
    #[error("{path}: {error}; what was durable before still is")]
    Durable {
        /// The file of the store.
        path: PathBuf,
        /// Why.
        #[source]
        error: Lost,
    },
    /// A block that was made is refused by the chain.
    #[error("the block above height {above} cannot be made: {reason}")]
    Block {
        /// The height below it.
        above: u64,
        /// Why.
        reason: String,
    },
    /// The network does not start.
    #[error(transparent)]
    Network(#[from] StartError),
    /// The network listens nowhere.
    #[error("{address} is not listened on: the listener has ended")]
    Deaf {
        /// Where it should listen.
        address: String,
    },
    /// The node to be followed was not reached.
    #[error(transparent)]
    Unreachable(#[from] ReachError),
    /// The node to be followed is on another chain.
    #[error(
        "the node at {address} is on another chain than that of the seed {seed}, whose fork digest is {digest}: both ends need one `--seed`"
    )]
    OtherChain {
        /// Where that node is.
        address: String,
        /// Our seed.
        seed: u64,
        /// Our fork digest.
        digest: String,
    },
    /// Metrics cannot be served.
    #[error("metrics cannot be served at {address}: {error}")]
    Metrics {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// Metrics are to be served to other machines.
    #[error("{address} is not of this machine: only with `--allow-public` are metrics served there")]
    PublicMetrics {
        /// Where.
        address: SocketAddr,
    },
    /// What is to be logged is not understood.
    #[error(
        "`{filter}` is no filter of logs ({why}); allowed are levels and targets, such as `info` or `warn,alys_sync=debug`"
    )]
    Filter {
        /// The filter.
        filter: String,
        /// Why not.
        why: String,
    },
    /// The system does not tell of its signals.
    #[error("signals cannot be waited for: {0}")]
    Signals(#[source] io::Error),
    /// A quota is none.
    #[error(transparent)]
    Quota(#[from] QuotaError),
    /// Sync refuses its settings.
    #[error(transparent)]
    Settings(#[from] SyncConfigError),
    /// The key of the node cannot be made.
    #[error("the key of the node cannot be made: {0}")]
    Key(String),
    /// The actor cannot be supervised.
    #[error(transparent)]
    Supervision(#[from] SpecError),
    /// The actor cannot be adopted.
    #[error(transparent)]
    Adopt(#[from] AdoptError),
    /// The actor cannot be started.
    #[error(transparent)]
    Start(#[from] Refusal),
    /// The actor has failed.
    #[error("the node has failed: {reason}")]
    Failed {
        /// What its supervisor was told.
        reason: String,
    },
}
