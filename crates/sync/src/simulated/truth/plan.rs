//! What a truth is made of, as a value.

use alys_chain::{
    authorities::AuthorityError,
    engine::{ConfigError, Settings},
    transition::SupplyOverflow,
};
use alys_wire::containers::{MAX_AUTHORITIES, MAX_TRANSACTIONS};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A fork needs so many blocks of the canonical chain until it is over.
const FORK_EVERY_MIN: u64 = 6;

/// The most canonical blocks that are made: all of them are kept.
const BLOCKS_MAX: u64 = 1_000_000;

/// The course of the honest chain: the same plan gives the same blocks, byte for byte.
///
/// Every field that a file leaves out has the value of [`TruthPlan::default`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TruthPlan {
    /// Where all of its randomness starts: keys, transfers, slots without a block, forks.
    pub seed: u64,
    /// How many authorities propose and approve: 1 to 256.
    pub authorities: u64,
    /// How many canonical blocks there will ever be: 0 to 1,000,000.
    pub blocks: u64,
    /// How many of 1,000 slots have a block: 1 to 1000.
    pub block_permille: u64,
    /// Every how many heights there is a checkpoint: 1 and more.
    pub checkpoint_interval: u64,
    /// After how many blocks the canonical chain is forked again: 6 and more, or 0 for never.
    pub fork_every: u64,
    /// How many transfers a block has: 0 to 1024.
    pub transfers: u32,
    /// The branch that liars show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long_range: Option<LongRange>,
}

/// A branch of certified blocks that begins below what is final, and is never longer than the canonical chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongRange {
    /// The height of the last block that it shares with the canonical chain: below `blocks`.
    pub from: u64,
    /// How many blocks it has: at least 1, and so few that it ends below the canonical tip.
    pub blocks: u64,
}

impl Default for TruthPlan {
    /// Four authorities, a block in every slot, a checkpoint every 10 blocks, no fork.
    fn default() -> Self {
        Self {
            seed: 2026,
            authorities: 4,
            blocks: 40,
            block_permille: 1000,
            checkpoint_interval: 10,
            fork_every: 0,
            transfers: 1,
            long_range: None,
        }
    }
}

/// Why there is no truth of a plan.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TruthError {
    /// A field is out of range.
    #[error("`{field}` is {value}; allowed is {allowed}")]
    OutOfRange {
        /// Which.
        field: &'static str,
        /// What it is.
        value: u64,
        /// What it may be.
        allowed: String,
    },
    /// The authorities that were drawn are none.
    #[error("the authorities: {0}")]
    Authorities(#[from] AuthorityError),
    /// What was drawn is no secret key.
    #[error("authority {index} has no secret key")]
    Key {
        /// Whose it should be.
        index: u64,
    },
    /// The chain refuses its configuration.
    #[error("the chain: {0}")]
    Config(#[from] ConfigError),
    /// The accounts have more than there can be.
    #[error("the genesis: {0}")]
    Supply(#[from] SupplyOverflow),
    /// A block cannot be made: no clock shows its slot, or a body cannot be executed.
    #[error("there is no block above height {above}: no clock shows its slot")]
    Endless {
        /// The height below.
        above: u64,
    },
}

impl TruthPlan {
    /// Says whether there is a truth of it.
    ///
    /// # Errors
    ///
    /// [`TruthError::OutOfRange`] of the first field that is.
    pub fn validate(&self) -> Result<(), TruthError> {
        within("authorities", self.authorities, 1, MAX_AUTHORITIES as u64)?;
        within("blocks", self.blocks, 0, BLOCKS_MAX)?;
        within("block_permille", self.block_permille, 1, 1000)?;
        within("checkpoint_interval", self.checkpoint_interval, 1, u64::MAX)?;
        within("transfers", self.transfers.into(), 0, MAX_TRANSACTIONS as u64)?;
        if self.fork_every > 0 {
            within("fork_every", self.fork_every, FORK_EVERY_MIN, u64::MAX)?;
        }
        let Some(LongRange { from, blocks }) = self.long_range else { return Ok(()) };
        within("long_range.from", from, 0, self.blocks.saturating_sub(2))?;
        within("long_range.blocks", blocks, 1, self.blocks - from - 1)
    }

    /// The settings of the chain of every node.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings { checkpoint_interval: self.checkpoint_interval, ..Settings::default() }
    }
}

fn within(field: &'static str, value: u64, least: u64, most: u64) -> Result<(), TruthError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let allowed = match most {
        u64::MAX => format!("{least} and more"),
        _ => format!("{least} to {most}"),
    };
    Err(TruthError::OutOfRange { field, value, allowed })
}
