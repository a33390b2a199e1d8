//! What a simulated chain is made of, as a value.

use std::fmt::Display;

use alys_chain::{
    authorities::AuthorityError,
    engine::{ConfigError, Settings},
    transition::SupplyOverflow,
};
use alys_wire::containers::{MAX_AUTHORITIES, MAX_TRANSACTIONS};
use thiserror::Error;

/// A fork needs so many blocks of the canonical chain until it is over.
pub(super) const FORK_EVERY_MIN: u64 = 6;

/// The course of a simulated chain: the same plan gives the same blocks, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainPlan {
    /// Where all randomness starts: keys, transfers, slots without a block, forks.
    pub seed: u64,
    /// How many authorities propose and approve: 1 to 256.
    pub authorities: u64,
    /// How many of 1,000 slots have a block: 1 to 1000.
    pub block_rate: u64,
    /// Every how many heights there is a checkpoint: 1 and more.
    pub checkpoint_interval: u64,
    /// After how many blocks the canonical chain is forked again: 6 and more, or 0 for never.
    pub fork_every: u64,
    /// How many transfers a block has: 0 to 1024.
    pub transfers: u32,
}

impl Default for ChainPlan {
    /// Four authorities, a block in every slot, a checkpoint every 100 blocks, a fork every 50.
    fn default() -> Self {
        Self {
            seed: 2026,
            authorities: 4,
            block_rate: 1000,
            checkpoint_interval: 100,
            fork_every: 50,
            transfers: 2,
        }
    }
}

/// Why there is no chain of a plan.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ChainPlanError {
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
}

impl ChainPlan {
    /// Says whether there is a chain of it.
    ///
    /// # Errors
    ///
    /// [`ChainPlanError::OutOfRange`] of the first field that is.
    pub fn validate(&self) -> Result<(), ChainPlanError> {
        within("authorities", self.authorities, 1, MAX_AUTHORITIES as u64)?;
        within("block_rate", self.block_rate, 1, 1000)?;
        within("checkpoint_interval", self.checkpoint_interval, 1, u64::MAX)?;
        within("transfers", self.transfers.into(), 0, MAX_TRANSACTIONS as u64)?;
        match self.fork_every {
            0 => Ok(()),
            every => within("fork_every", every, FORK_EVERY_MIN, u64::MAX).map_err(or_never),
        }
    }

    /// The settings of an engine of this chain.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings { checkpoint_interval: self.checkpoint_interval, ..Settings::default() }
    }
}

fn within(field: &'static str, value: u64, least: u64, most: u64) -> Result<(), ChainPlanError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let allowed = if most == u64::MAX { and_more(least) } else { format!("{least} to {most}") };
    Err(ChainPlanError::OutOfRange { field, value, allowed })
}

fn and_more(least: impl Display) -> String {
    format!("{least} and more")
}

fn or_never(error: ChainPlanError) -> ChainPlanError {
    match error {
        ChainPlanError::OutOfRange { field, value, allowed } => {
            ChainPlanError::OutOfRange { field, value, allowed: format!("{allowed}, or 0 for never") }
        }
        other => other,
    }
}
