//! What can go wrong with a node on the store.

use std::error::Error;

use alys_wire::containers::Hash256;

use crate::checkpoint::IntervalError;
use crate::engine::RestoreError;
use crate::store::{OpenError, StoreError};

/// Why something is not durable, or no engine comes of what is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError<E: Error + 'static> {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is no such interval of checkpoints.
    #[error(transparent)]
    Interval(#[from] IntervalError),
    /// The store has refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored block is no block with a certificate.
    #[error("the block at height {height} cannot be read: {reason}")]
    Malformed {
        /// Its height.
        height: u64,
        /// What is wrong with its bytes.
        reason: String,
    },
    /// A stored block is another one than its key says.
    #[error("the block at height {height} is {found}, its key says {stated}")]
    OtherBlock {
        /// Its height.
        height: u64,
        /// The root that it is stored by.
        stated: Hash256,
        /// The root that it has.
        found: Hash256,
    },
    /// A block that the store names is not there.
    #[error("the block at height {height}, which the store names, is not there")]
    Missing {
        /// Its height.
        height: u64,
    },
    /// The values at the base are no state.
    #[error("the values that are stored are no state")]
    Values,
    /// A final block cannot be executed.
    #[error("the final block at height {height} cannot be executed: {error}")]
    Replay {
        /// Its height.
        height: u64,
        /// Why.
        #[source]
        error: E,
    },
    /// Executing a final block gives another state than it says.
    #[error("executing the final block at height {height} gives the state root {computed}, it says {stated}")]
    State {
        /// Its height.
        height: u64,
        /// What the block says.
        stated: Hash256,
        /// The root of the state.
        computed: Hash256,
    },
    /// What is stored is no chain.
    #[error(transparent)]
    Restore(#[from] RestoreError<E>),
}
