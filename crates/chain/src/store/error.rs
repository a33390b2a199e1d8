//! What can go wrong with a store.

use std::{fmt, io};

use thiserror::Error;

use super::Root;
use crate::checkpoint::CheckpointFault;
use crate::pow::AnchorRefused;

/// Why a commit does not fit what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CommitRefused {
    /// The parent of a block is not stored.
    #[error("the parent of the block at height {height} is not stored")]
    UnknownParent {
        /// The height of the block.
        height: u64,
        /// The parent that it names.
        parent: Root,
    },
    /// A block is not one above its parent.
    #[error("a block says height {height}, and its parent has {parent}: one more is needed")]
    Height {
        /// The height of the block.
        height: u64,
        /// The height of its parent.
        parent: u64,
    },
    /// A block is stored at another height.
    #[error("the block at height {height} is stored at {stored}")]
    OtherHeight {
        /// The height that it says now.
        height: u64,
        /// The height at which it is stored.
        stored: u64,
    },
    /// A block lies where blocks have been pruned.
    #[error("height {height} is pruned: blocks above {base} are allowed")]
    Pruned {
        /// The height of the block.
        height: u64,
        /// The height of the checkpoint below which blocks were pruned.
        base: u64,
    },
    /// The head or the finalised block is not stored.
    #[error("the new head or finalised block is not stored")]
    UnknownBlock {
        /// Its root.
        root: Root,
    },
    /// The way to the new head does not lead through the finalised block.
    #[error("the new head does not descend from the block finalised at height {finalised}")]
    CrossesFinalised {
        /// The height of the finalised block.
        finalised: u64,
    },
    /// The new finalised block is not on the way to the head.
    #[error("the block to be finalised at height {height} is not canonical")]
    NotCanonical {
        /// Its height.
        height: u64,
    },
    /// The new finalised block is below the last one.
    #[error("height {height} cannot be finalised behind {finalised}: finality does not go back")]
    FinalisedBefore {
        /// Its height.
        height: u64,
        /// The height of the last finalised block.
        finalised: u64,
    },
}

/// Why a vote is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "slot {slot} is not above slot {voted}, in which a vote was given: one vote a slot, and none in older ones"
)]
pub struct VoteRefused {
    /// The slot.
    pub slot: u64,
    /// The last slot with a vote.
    pub voted: u64,
}

/// Why nothing is pruned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PruneRefused {
    /// There is no checkpoint at this height.
    #[error("there is no checkpoint at height {height}: multiples of {interval} up to {finalised} have one")]
    NoCheckpoint {
        /// The height.
        height: u64,
        /// The interval of checkpoints.
        interval: u64,
        /// The height of the last finalised block.
        finalised: u64,
    },
    /// Not so little has been pruned already.
    #[error("height {height} is below {base}, below which blocks were pruned before")]
    Before {
        /// The height.
        height: u64,
        /// The height below which blocks were pruned.
        base: u64,
    },
}

/// What is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// A block.
    Block,
    /// The height of a block.
    Height,
    /// The entry of a canonical height.
    Canonical,
    /// An anchor.
    Anchor,
    /// A value of the state.
    State,
    /// The row of head, finalised block, votes and marks.
    Chain,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            What::Block => "block",
            What::Height => "height of a block",
            What::Canonical => "canonical height",
            What::Anchor => "anchor",
            What::State => "value of the state",
            What::Chain => "row of the chain",
        })
    }
}

/// A row is not what was written, or is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a stored {what} (height {height}) is damaged or missing: it is not what was written")]
pub struct Damage {
    /// What it is.
    pub what: What,
    /// Its height, as far as it is known; 0 where it has none.
    pub height: u64,
}

/// A checkpoint that cannot be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "the checkpoint at height {height} is not valid: {fault}; the last valid one is at height {last_valid}"
)]
pub struct CheckpointDamage {
    /// Its height.
    pub height: u64,
    /// What is wrong with it.
    pub fault: CheckpointFault,
    /// The height of the last valid checkpoint before it; 0 when there is none.
    pub last_valid: u64,
}

/// Why a store does not do something.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The commit does not fit.
    #[error(transparent)]
    Refused(#[from] CommitRefused),
    /// The vote is not allowed.
    #[error(transparent)]
    Vote(#[from] VoteRefused),
    /// The anchor breaks a rule.
    #[error(transparent)]
    Anchor(#[from] AnchorRefused),
    /// Nothing is pruned.
    #[error(transparent)]
    Prune(#[from] PruneRefused),
    /// A row is not what was written.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// A checkpoint cannot be served.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointDamage),
    /// The disk has failed.
    #[error("the disk has failed: {0}")]
    Disk(#[source] io::Error),
    /// The database has failed, or found itself damaged.
    #[error("the database has failed: {reason}")]
    Database {
        /// What it says.
        reason: String,
    },
    /// Something has failed before.
    #[error("the store has failed before: open it again to know what is durable")]
    Failed,
}

impl StoreError {
    /// Whether it is unknown from now on what is durable.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, StoreError::Disk(_) | StoreError::Database { .. })
    }
}

/// Everything that redb reports.
macro_rules! from_redb {
    ($($error:ty),+) => {
        $(impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                match redb::Error::from(error) {
                    redb::Error::Io(error) => StoreError::Disk(error),
                    other => StoreError::Database { reason: other.to_string() },
                }
            }
        })+
    };
}

from_redb!(
    redb::StorageError,
    redb::TableError,
    redb::TransactionError,
    redb::CommitError,
    redb::DatabaseError
);

/// Why a store cannot be opened. The file is left as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file is no database, or one of something else.
    #[error("`{name}` is no store of a chain: {reason}")]
    Foreign {
        /// The name of the file.
        name: String,
        /// What says so.
        reason: String,
    },
    /// The file was written by another version, mostly by a newer one.
    #[error("`{name}` has schema version {found}: {supported} is supported")]
    Newer {
        /// The name of the file.
        name: String,
        /// Its version.
        found: u32,
        /// The version that is read.
        supported: u32,
    },
    /// The file holds another chain.
    #[error("`{name}` holds another chain: its genesis block is a different one")]
    OtherChain {
        /// The name of the file.
        name: String,
        /// The root of its genesis block.
        genesis: Root,
    },
    /// The file was made with another interval of checkpoints.
    #[error("`{name}` has checkpoints every {found} heights, and {wanted} are configured")]
    OtherInterval {
        /// The name of the file.
        name: String,
        /// Its interval.
        found: u64,
        /// The interval that is configured.
        wanted: u64,
    },
    /// The file is shorter than it was, or its inside contradicts itself.
    #[error("`{name}` is damaged: {reason}")]
    Corrupt {
        /// The name of the file.
        name: String,
        /// What says so.
        reason: String,
    },
    /// The disk has failed.
    #[error("the disk has failed on `{name}`: {error}")]
    Disk {
        /// The name of the file.
        name: String,
        /// Why.
        #[source]
        error: io::Error,
    },
}
