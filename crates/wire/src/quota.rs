//! How often a peer may ask.
//!
//! The generic cell rate algorithm (ITU-T I.371) with exact integers: a quota of `n` tokens in a period lets `n` through
//! at once, and then one each `period / n`. The only state is one instant for each protocol: the theoretical arrival
//! time, when the bucket would be full again.

use std::time::Duration;

use thiserror::Error;

use super::message::Request;
use super::protocol::Protocol;

/// So many tokens in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// invariant: at least 1.
    tokens: u32,
    /// invariant: at least 1 ns and below 2^64 ns.
    period_ns: u64,
}

impl Quota {
    /// Makes a quota.
    ///
    /// # Errors
    ///
    /// [`QuotaError`] if there are no tokens, or the period is zero or longer than 2^64 nanoseconds.
    pub fn new(tokens: u32, period: Duration) -> Result<Self, QuotaError> {
        match u64::try_from(period.as_nanos()) {
            Ok(period_ns) if period_ns > 0 && tokens > 0 => Ok(Self { tokens, period_ns }),
            _ => Err(QuotaError { tokens, period }),
        }
    }

    /// Makes a quota of which it is plain that it is one.
    const fn seconds(tokens: u32, seconds: u64) -> Self {
        assert!(tokens > 0 && seconds > 0);
        Self { tokens, period_ns: seconds * 1_000_000_000 }
    }
}

/// A quota that lets nothing through, or everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "{tokens} tokens in {period:?} are no quota: both must be more than nothing, and the period below 2^64 ns"
)]
pub struct QuotaError {
    /// How many tokens.
    pub tokens: u32,
    /// In which period.
    pub period: Duration,
}

/// The quota of every protocol.
///
/// ```
/// use std::time::Duration;
/// use alys_wire::protocol::Protocol;
/// use alys_wire::quota::{QuotaTable, RateLimiter};
///
/// let mut limiter = RateLimiter::new(QuotaTable::default());
/// let at = |seconds| Duration::from_secs(seconds);
/// assert!(limiter.take(Protocol::Ping, 1, at(0)).is_ok());
/// assert!(limiter.take(Protocol::Ping, 1, at(0)).is_ok());
/// assert!(limiter.take(Protocol::Ping, 1, at(4)).is_err());
/// assert!(limiter.take(Protocol::Ping, 1, at(5)).is_ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaTable {
    quotas: [Quota; Protocol::ALL.len()],
}

impl QuotaTable {
    /// Tells the quota of a protocol.
    pub fn of(&self, protocol: Protocol) -> Quota {
        self.quotas[protocol as usize]
    }

    /// Gives a protocol another quota.
    #[must_use]
    pub fn with(mut self, protocol: Protocol, quota: Quota) -> Self {
        self.quotas[protocol as usize] = quota;
        self
    }
}

impl Default for QuotaTable {
    fn default() -> Self {
        let quotas = Protocol::ALL.map(|protocol| match protocol {
            Protocol::Status => Quota::seconds(5, 15),
            Protocol::Goodbye => Quota::seconds(1, 10),
            Protocol::BlocksByRange | Protocol::BlocksByRoot => Quota::seconds(1_024, 10),
            Protocol::Ping => Quota::seconds(2, 10),
            Protocol::MetaData => Quota::seconds(2, 5),
        });
        Self { quotas }
    }
}

impl Request {
    /// Tells how many tokens the request costs: one for each block asked for, and at least one.
    pub fn cost(&self) -> u64 {
        self.responses_max().max(1)
    }
}

/// The rates of one peer.
///
/// Time is told by the caller, as the duration since any fixed instant; an earlier time than before is taken as it is.
#[derive(Clone, Debug)]
pub struct RateLimiter {
    table: QuotaTable,
    /// When each bucket is full again, in nanoseconds times the quota's tokens: exact, whatever the quota.
    full_at: [u128; Protocol::ALL.len()],
}

impl RateLimiter {
    /// Makes a limiter with every bucket full.
    pub fn new(table: QuotaTable) -> Self {
        Self { table, full_at: [0; Protocol::ALL.len()] }
    }

    /// Takes tokens out of a protocol's bucket, or none if they are not there.
    ///
    /// # Errors
    ///
    /// [`RateLimited::TooMuch`] if the quota never has so many, or [`RateLimited::TooSoon`].
    pub fn take(&mut self, protocol: Protocol, tokens: u64, now: Duration) -> Result<(), RateLimited> {
        let quota = self.table.of(protocol);
        if tokens > u64::from(quota.tokens) {
            return Err(RateLimited::TooMuch { tokens, quota: quota.tokens });
        }
        let scale = u128::from(quota.tokens);
        let now = now.as_nanos().min(u128::from(u64::MAX)) * scale;
        let capacity = u128::from(quota.period_ns) * scale;
        let cost = u128::from(quota.period_ns) * u128::from(tokens);
        let full_at = self.full_at[protocol as usize].max(now) + cost;
        if full_at > now + capacity {
            let wait = (full_at - now - capacity).div_ceil(scale);
            return Err(RateLimited::TooSoon { wait: Duration::from_nanos_u128(wait) });
        }
        self.full_at[protocol as usize] = full_at;
        Ok(())
    }
}

/// A request that comes too often or asks too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RateLimited {
    /// It may come later.
    #[error("too many requests: the next one may come in {wait:?}")]
    TooSoon {
        /// How much later, at least.
        wait: Duration,
    },
    /// It may never come.
    #[error("a request that costs {tokens} is refused whenever it comes: the quota is {quota}")]
    TooMuch {
        /// What it costs.
        tokens: u64,
        /// What the bucket holds.
        quota: u32,
    },
}
