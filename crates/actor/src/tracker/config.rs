//! What a tracker may be told, and the refusal of what makes no sense.

use thiserror::Error;

/// The largest number of shards: more would cost memory without sparing two busy threads a collision.
const SHARDS_MAX: usize = 65_536;

/// Sizes of an [`OrderingTracker`](super::OrderingTracker).
///
/// Only `shards` can be wrong; every value of the other fields has a meaning, 0 included.
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::{OrderingTracker, TrackerConfig};
///
/// let config = TrackerConfig { shards: 1, duplicates_kept: 2, ..TrackerConfig::default() };
/// let tracker = OrderingTracker::new(config)?;
/// for _ in 0..5 {
///     tracker.record("chain", "network", 0);
/// }
/// let sender = &tracker.report("chain").unwrap().senders[0];
/// assert_eq!(sender.duplicates, [0, 0]);
/// assert_eq!(sender.duplicates_total, 4);
/// # Ok::<(), alys_actor::tracker::TrackerConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackerConfig {
    /// Maps that the keys are spread over, each behind its own mutex: a power of two in 1..=65536, 64 by default.
    pub shards: usize,
    /// Duplicates listed for each key, the first ones; later ones are only counted. 1024 by default.
    pub duplicates_kept: usize,
    /// Reorderings listed for each key, the first ones; later ones are only counted. 1024 by default.
    pub reorderings_kept: usize,
    /// Longest expected order that an actor may be given. 1048576 by default.
    pub expected_max: usize,
}

impl Default for TrackerConfig {
    fn default() -> Self {
        Self { shards: 64, duplicates_kept: 1024, reorderings_kept: 1024, expected_max: 1 << 20 }
    }
}

impl TrackerConfig {
    /// Refuses a configuration that no tracker can be built from.
    ///
    /// # Errors
    ///
    /// * [`TrackerConfigError::Shards`] unless `shards` is a power of two in 1..=65536.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::{TrackerConfig, TrackerConfigError};
    ///
    /// assert_eq!(TrackerConfig::default().validate(), Ok(()));
    /// let config = TrackerConfig { shards: 0, ..TrackerConfig::default() };
    /// assert_eq!(config.validate(), Err(TrackerConfigError::Shards { value: 0 }));
    /// ```
    pub fn validate(&self) -> Result<(), TrackerConfigError> {
        if self.shards.is_power_of_two() && self.shards <= SHARDS_MAX {
            Ok(())
        } else {
            Err(TrackerConfigError::Shards { value: self.shards })
        }
    }
}

/// A configuration that no tracker can be built from.
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::{OrderingTracker, TrackerConfig};
///
/// let error = OrderingTracker::new(TrackerConfig { shards: 3, ..TrackerConfig::default() }).unwrap_err();
/// assert_eq!(error.to_string(), "shards is 3: allowed is a power of two in 1..=65536");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TrackerConfigError {
    /// `shards` is zero, no power of two, or too large.
    #[error("shards is {value}: allowed is a power of two in 1..={SHARDS_MAX}")]
    Shards {
        /// The value that was refused.
        value: usize,
    },
}
