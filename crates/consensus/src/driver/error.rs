//! Why the chain and its execution client do not go on together.

use std::error::Error;

use alys_chain::node::NodeError;

use crate::engine::client::EngineError;
use crate::engine::{ExecutionPayload, PayloadOutcome};
use crate::octets::Hash;

use super::body::BodyError;

/// A payload is not what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayloadMismatch {
    /// It is built on another block.
    #[error("the payload is built on {found}, asked was for one on {asked}")]
    Parent {
        /// On which it should be.
        asked: Hash,
        /// On which it is.
        found: Hash,
    },
    /// It is of another time.
    #[error("the payload is of time {found}, asked was for time {asked}")]
    Timestamp {
        /// Of which it should be.
        asked: u64,
        /// Of which it is.
        found: u64,
    },
    /// It has other randomness.
    #[error("the payload has randomness {found}, asked was for {asked}")]
    Randomness {
        /// Which it should have.
        asked: Hash,
        /// Which it has.
        found: Hash,
    },
}

/// What a payload was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) parent: Hash,
    pub(super) timestamp: u64,
    pub(super) prev_randao: Hash,
}

impl Asked {
    /// Holds a payload to it.
    pub(super) fn check(self, payload: &ExecutionPayload) -> Result<(), PayloadMismatch> {
        let Asked { parent, timestamp, prev_randao } = self;
        if payload.parent_hash != parent {
            return Err(PayloadMismatch::Parent { asked: parent, found: payload.parent_hash });
        }
        if payload.timestamp.0 != timestamp {
            return Err(PayloadMismatch::Timestamp { asked: timestamp, found: payload.timestamp.0 });
        }
        if payload.prev_randao != prev_randao {
            return Err(PayloadMismatch::Randomness { asked: prev_randao, found: payload.prev_randao });
        }
        Ok(())
    }
}

/// A block of the chain that the client calls invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{hash}, {}", .reason.as_deref().unwrap_or("and it does not say why"))]
pub struct RefusedBlock {
    /// Which.
    pub hash: Hash,
    /// The last valid block before it, if the client knows.
    pub latest_valid: Option<Hash>,
    /// Why, if the client says.
    pub reason: Option<String>,
}

/// Why nothing was proposed, taken in or made known.
#[derive(Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError<E: Error + 'static> {
    /// The client could not be asked.
    #[error("the execution client: {0}")]
    Client(#[from] EngineError),
    /// The client lacks something, and says nothing yet.
    #[error("the execution client is not there yet")]
    ClientSyncing,
    /// The client was asked for a payload, and builds none.
    #[error("the execution client builds no payload")]
    NothingBuilt,
    /// The client has built something else.
    #[error("the execution client: {0}")]
    Mismatch(#[from] PayloadMismatch),
    /// The client does not take what it has built itself.
    #[error("the execution client says {outcome:?} to its own payload")]
    OwnPayload {
        /// What it says.
        outcome: PayloadOutcome,
    },
    /// The client calls the tip of the chain invalid.
    #[error("the execution client calls the tip invalid: {0}")]
    TipRefused(RefusedBlock),
    /// The client calls a block of the chain invalid.
    #[error("the execution client calls a block of the chain invalid: {0}")]
    BlockRefused(RefusedBlock),
    /// A body holds no payload, or a payload fits in no body.
    #[error(transparent)]
    Body(BodyError),
    /// The node has failed.
    #[error(transparent)]
    Node(NodeError<E>),
}
