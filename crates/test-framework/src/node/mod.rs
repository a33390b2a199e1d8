//! A node that runs as a process: a chain in a folder, the sync of `alys-sync`, libp2p around it.
//!
//! One half serves a chain that is drawn from a seed, the other follows it. Both are the same node: the store of `alys-chain`,
//! the engine and the actor of `alys-sync`, the network of `alys-p2p`. What is durable is told only once it is, so a
//! process that is killed at any moment begins again where it said it was, or later (SY-9). Nothing restarts a node
//! inside its process: it ends with a typed error, and whoever started it starts it again.
//!
//! Authorities, genesis and blocks follow from the seed alone. Who has another seed is on another chain: its store is
//! refused, and so are its peers, by the fork digest.

mod actor;
mod chain;
mod data;
mod endpoint;
mod error;
mod kept;
mod meters;
mod observed;
mod plan;
mod report;
mod run;
mod signals;
mod watch;

pub use chain::NodeChain;
pub use error::NodeFailure;
pub use kept::Lost;
pub use plan::{BLOCKS_MAX, NodePlan, NodeRole};
pub use report::{CheckpointReport, NodeEnd, NodeReport, Position};
pub use run::run_node;
