//! What a block does to the chain when it carries a payload.

use alys_chain::transition::StateTransition;
use alys_wire::containers::{BlockBody, Hash256};
use sha2::{Digest, Sha256};

use crate::engine::ShapeError;
use crate::octets::Hash;

use super::body::{BodyError, Carried};

/// The block of the execution layer that a block of the chain ends at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExecutionTip {
    /// Its hash.
    pub hash: Hash,
    /// Its number.
    pub number: u64,
    /// Its time, in seconds since the Unix epoch.
    pub timestamp: u64,
}

/// Why a body cannot follow a block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// It holds no payload.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// Its payload follows another block.
    #[error("the payload follows {found}, the tip is {tip}")]
    Parent {
        /// The tip.
        tip: Hash,
        /// What it follows.
        found: Hash,
    },
    /// Its payload has another number.
    #[error("the payload has number {found}, the tip has {tip}")]
    Number {
        /// The tip's.
        tip: u64,
        /// The payload's.
        found: u64,
    },
    /// Its payload is not later.
    #[error("the payload is of time {found}, which is not after the tip's, {tip}")]
    Timestamp {
        /// The tip's.
        tip: u64,
        /// The payload's.
        found: u64,
    },
    /// Its payload takes something out of a consensus layer that holds nothing.
    #[error("the payload has {found} withdrawals, allowed is none")]
    Withdrawals {
        /// How many it has.
        found: usize,
    },
    /// It is not of the fork: no client could be handed it.
    #[error("the payload is of another fork: {0}")]
    Shape(#[from] ShapeError),
    /// Its payload is not of the time of its block.
    #[error("the payload is of time {found}, its block of time {block}")]
    BlockTime {
        /// The block's.
        block: u64,
        /// The payload's.
        found: u64,
    },
    /// Its payload has other randomness than the root of the block before.
    #[error("the payload has randomness {found}, the block before has root {parent}")]
    Randomness {
        /// The root of the block before.
        parent: Hash,
        /// The payload's.
        found: Hash,
    },
}

/// Executes a body by holding its payload to the one before. What it does is for the execution client to judge, before the block
/// comes here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payloads;

impl StateTransition for Payloads {
    type State = ExecutionTip;
    type Error = Unfit;

    fn apply(&self, tip: &ExecutionTip, body: &BlockBody) -> Result<ExecutionTip, Unfit> {
        let payload = Carried::of(body)?.payload;
        let next = ExecutionTip {
            hash: payload.block_hash,
            number: payload.block_number.0,
            timestamp: payload.timestamp.0,
        };
        if payload.parent_hash != tip.hash {
            return Err(Unfit::Parent { tip: tip.hash, found: payload.parent_hash });
        }
        if Some(next.number) != tip.number.checked_add(1) {
            return Err(Unfit::Number { tip: tip.number, found: next.number });
        }
        if next.timestamp <= tip.timestamp {
            return Err(Unfit::Timestamp { tip: tip.timestamp, found: next.timestamp });
        }
        let withdrawals = payload.withdrawals.map_or(0, |withdrawals| withdrawals.len());
        if withdrawals > 0 {
            return Err(Unfit::Withdrawals { found: withdrawals });
        }
        Ok(next)
    }

    fn root(&self, tip: &ExecutionTip) -> Hash256 {
        let mut digest = Sha256::new_with_prefix(tip.hash.0);
        digest.update(tip.number.to_le_bytes());
        digest.update(tip.timestamp.to_le_bytes());
        Hash256::from(<[u8; 32]>::from(digest.finalize()))
    }
}
