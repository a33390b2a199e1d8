//! What sync is configured with.

use std::time::Duration;

use alys_wire::protocol::Protocol;
use alys_wire::quota::{QuotaTable, RateLimiter};
use serde::{Deserialize, Serialize};

/// The configuration as it is written down. [`check`](Self::check) makes one of it that can be used.
///
/// ```
/// use alys_sync::config::{Settings, SyncConfigError};
///
/// assert!(Settings::default().check().is_ok());
/// let refused = Settings { workers: 0, ..Settings::default() }.check();
/// assert_eq!(refused, Err(SyncConfigError::OutOfRange { field: "workers", value: 0, min: 1, max: 256 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How many batches are downloaded at once. 1 to 256, default 6.
    pub workers: u64,
    /// The smallest batch, in blocks. 1 to 1024, default 8.
    pub batch_min: u64,
    /// The largest batch, in blocks. `batch_min` to 1024, default 64.
    pub batch_max: u64,
    /// How many blocks are asked for, waited for or unprocessed at most (SY-10). `batch_max` + 1 to 65,536, default 1024.
    pub blocks_in_flight: u64,
    /// How long a request is waited for, in milliseconds. 1 to 600,000, default 10,000.
    pub request_timeout: u64,
    /// How often a peer is asked where it is, in milliseconds. 1 to 600,000, default 5,000.
    pub status_interval: u64,
    /// How often a batch is tried before it rests. 1 to 16, default 3 (SY-7).
    pub tries: u64,
    /// How long a batch rests then, in milliseconds. 1 to 600,000, default 2,000.
    pub rest: u64,
    /// The first backoff of a peer, in milliseconds; it doubles. 1 to `backoff_max`, default 1,000 (SY-7).
    pub backoff_min: u64,
    /// The longest backoff of a peer, in milliseconds. Up to 600,000, default 30,000 (SY-7).
    pub backoff_max: u64,
    /// How many failures within `breaker_window` open a peer's breaker. 1 to 1024, default 3 (SY-7).
    pub breaker_failures: u64,
    /// Within what time failures open a breaker, in milliseconds. 1 to 3,600,000, default 60,000 (SY-7).
    pub breaker_window: u64,
    /// How long a breaker stays open before one probe is let through, in milliseconds. 1 to 3,600,000, default 60,000.
    pub breaker_open: u64,
    /// How many provable lies ban a peer. 1 to 1024, default 3 (SY-7).
    pub ban_after: u64,
    /// How long a ban lasts, in milliseconds. 1 to 2,592,000,000 (30 days), default 600,000.
    pub ban_time: u64,
    /// How many disconnected peers are remembered. 1 to 65,536, default 1024.
    pub remembered: u64,
    /// How far from the clock a tip's slot may be to be fresh (SY-4). Up to 1,000,000, default 4.
    pub freshness_slots: u64,
    /// How many sampled peers are needed for a majority to count, or for genesis to be the tip (SY-4, SY-5). 1 to 1024,
    /// default 3.
    pub sample: u64,
    /// How many blocks the tip may be behind while blocks are produced (SY-5). Up to 1,000,000, default 100.
    pub max_lag_blocks: u64,
    /// Whether the operator says that there is nothing to sync with beyond what peers prove: the first nodes of a chain
    /// (SY-5). Default false.
    pub bootstrap: bool,
    /// How many threads verify the signatures of a batch. 1 to 64, default 1.
    pub threads: u64,
    /// How many final blocks are kept at least; what lies below the highest checkpoint with so many final blocks above it is pruned, and
    /// is not served any more. Left out by default: nothing is pruned, and memory grows with the chain (CH-9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<u64>,
    /// Which chain and which rules: peers that say another one are left.
    pub fork_digest: [u8; 4],
    /// How often peers may ask. Not a part of what is written down.
    #[serde(skip)]
    pub quotas: QuotaTable,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            workers: 6,
            batch_min: 8,
            batch_max: 64,
            blocks_in_flight: 1024,
            request_timeout: 10_000,
            status_interval: 5_000,
            tries: 3,
            rest: 2_000,
            backoff_min: 1_000,
            backoff_max: 30_000,
            breaker_failures: 3,
            breaker_window: 60_000,
            breaker_open: 60_000,
            ban_after: 3,
            ban_time: 600_000,
            remembered: 1024,
            freshness_slots: 4,
            sample: 3,
            max_lag_blocks: 100,
            bootstrap: false,
            threads: 1,
            keep: None,
            fork_digest: [0; 4],
            quotas: QuotaTable::default(),
        }
    }
}

/// A configuration that can be used: settings that were checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncConfig(
    // invariant: every field is within its range
    Settings,
);

impl SyncConfig {
    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0
    }
}

/// Why sync is not configured like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyncConfigError {
    /// A setting is too small or too large.
    #[error("`{field}` is {value}, allowed is {min} to {max}")]
    OutOfRange {
        /// Which one.
        field: &'static str,
        /// What it is.
        value: u64,
        /// The least that is allowed.
        min: u64,
        /// The most that is allowed.
        max: u64,
    },
    /// Peers with the same quotas never answer a batch of this size.
    #[error("`batch_max` is {batch_max}, and the quotas allow fewer blocks at once")]
    Quota {
        /// The largest batch.
        batch_max: u64,
    },
}

/// A day, in milliseconds.
const DAY: u64 = 86_400_000;

/// The longest time that most settings allow, in milliseconds.
const LONG: u64 = 600_000;

/// An hour, in milliseconds.
const HOUR: u64 = 3_600_000;

impl Settings {
    /// Checks every field.
    ///
    /// # Errors
    ///
    /// [`SyncConfigError::OutOfRange`] names the first field that is not allowed, and what is; [`SyncConfigError::Quota`]
    /// says that batches are too large for the quotas.
    pub fn check(self) -> Result<SyncConfig, SyncConfigError> {
        for (field, value, min, max) in self.ranges() {
            if value < min || max < value {
                return Err(SyncConfigError::OutOfRange { field, value, min, max });
            }
        }
        let mut limiter = RateLimiter::new(self.quotas);
        match limiter.take(Protocol::BlocksByRange, self.batch_max, Duration::ZERO) {
            Ok(()) => Ok(SyncConfig(self)),
            Err(_) => Err(SyncConfigError::Quota { batch_max: self.batch_max }),
        }
    }

    /// What every number is, and from where to where it may be.
    fn ranges(&self) -> [(&'static str, u64, u64, u64); 20] {
        [
            ("workers", self.workers, 1, 256),
            ("batch_min", self.batch_min, 1, 1024),
            ("batch_max", self.batch_max, self.batch_min, 1024),
            ("blocks_in_flight", self.blocks_in_flight, self.batch_max.saturating_add(1), 65_536),
            ("request_timeout", self.request_timeout, 1, LONG),
            ("status_interval", self.status_interval, 1, LONG),
            ("tries", self.tries, 1, 16),
            ("rest", self.rest, 1, LONG),
            ("backoff_max", self.backoff_max, 1, LONG),
            ("backoff_min", self.backoff_min, 1, self.backoff_max),
            ("breaker_failures", self.breaker_failures, 1, 1024),
            ("breaker_window", self.breaker_window, 1, HOUR),
            ("breaker_open", self.breaker_open, 1, HOUR),
            ("ban_after", self.ban_after, 1, 1024),
            ("ban_time", self.ban_time, 1, 30 * DAY),
            ("remembered", self.remembered, 1, 65_536),
            ("freshness_slots", self.freshness_slots, 0, 1_000_000),
            ("sample", self.sample, 1, 1024),
            ("max_lag_blocks", self.max_lag_blocks, 0, 1_000_000),
            ("threads", self.threads, 1, 64),
        ]
    }
}
