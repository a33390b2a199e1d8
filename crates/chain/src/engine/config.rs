//! What an engine is configured with.

use std::num::{NonZeroU64, NonZeroUsize};

use alys_wire::containers::{BlockBody, BlockHeader, Hash256};

use crate::pool::PoolLimits;
use crate::scheme::SignatureScheme;
use crate::slots::SlotClock;

/// The configuration as it is written down. [`check`](Self::check) makes one of it that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which chain it is; part of everything that is signed. Default 1.
    pub chain_id: u64,
    /// When slot 0 begins, in seconds since the Unix epoch. Default 0.
    pub genesis_time: u64,
    /// How long a slot is, in seconds. Default 2.
    pub slot_duration: u64,
    /// Every how many blocks there is a checkpoint. Default 100.
    pub checkpoint_interval: u64,
    /// How much the pool keeps for each owner. Default 64.
    pub pool_per_owner: usize,
    /// How much the pool keeps in all. Default 1024.
    pub pool_total: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            chain_id: 1,
            genesis_time: 0,
            slot_duration: 2,
            checkpoint_interval: 100,
            pool_per_owner: 64,
            pool_total: 1024,
        }
    }
}

/// A configuration that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainConfig {
    /// Which chain it is.
    pub chain_id: u64,
    /// The clock that cuts time into slots.
    pub clock: SlotClock,
    /// Every how many blocks there is a checkpoint.
    pub checkpoint_interval: NonZeroU64,
    /// The bounds of the pool.
    pub pool: PoolLimits,
}

/// Why there is no engine of this configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A setting is 0.
    #[error("`{field}` is 0, allowed is 1 and more")]
    Zero {
        /// Which one.
        field: &'static str,
    },
    /// There is no authority of this index.
    #[error("authority {index} is ours, allowed are those below {n}")]
    UnknownAuthority {
        /// Which one should be ours.
        index: u64,
        /// How many there are.
        n: usize,
    },
    /// The secret key is not that of the authority.
    #[error("the secret key is not that of authority {index}")]
    ForeignKey {
        /// Whose it should be.
        index: u64,
    },
}

impl Settings {
    /// Checks every field.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Zero`] names the first field that is 0 and must not be.
    pub fn check(&self) -> Result<ChainConfig, ConfigError> {
        let slot_duration = number("slot_duration", self.slot_duration)?;
        Ok(ChainConfig {
            chain_id: self.chain_id,
            clock: SlotClock { genesis_time: self.genesis_time, slot_duration },
            checkpoint_interval: number("checkpoint_interval", self.checkpoint_interval)?,
            pool: PoolLimits {
                per_owner: size("pool_per_owner", self.pool_per_owner)?,
                total: size("pool_total", self.pool_total)?,
            },
        })
    }
}

fn number(field: &'static str, value: u64) -> Result<NonZeroU64, ConfigError> {
    NonZeroU64::new(value).ok_or(ConfigError::Zero { field })
}

fn size(field: &'static str, value: usize) -> Result<NonZeroUsize, ConfigError> {
    NonZeroUsize::new(value).ok_or(ConfigError::Zero { field })
}

/// Who this node is.
#[derive(Clone, Debug)]
pub(super) struct Identity<S: SignatureScheme> {
    pub(super) index: u64,
    pub(super) secret: S::SecretKey,
}

/// The header of genesis: height 0, slot 0, the empty body, nobody's parent.
#[must_use]
pub fn genesis_header(clock: &SlotClock, state_root: Hash256) -> BlockHeader {
    BlockHeader {
        state_root,
        body_root: BlockBody::default().root(),
        timestamp: clock.genesis_time,
        ..BlockHeader::default()
    }
}
