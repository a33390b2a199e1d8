//! What a monitor may be told, and the refusal of what makes no sense.

use thiserror::Error;

/// The largest number of shards: a census holds them all at once.
const SHARDS_MAX: usize = 1024;

/// Sizes of a [`LifecycleMonitor`](super::LifecycleMonitor).
///
/// Only `shards` can be wrong.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleConfig, LifecycleMonitor, Trigger};
///
/// let config = LifecycleConfig { history_kept: 1, ..LifecycleConfig::default() };
/// let monitor = LifecycleMonitor::new(config)?;
/// monitor.register("chain")?;
/// monitor.fire("chain", Trigger::Start, None)?;
/// monitor.fire("chain", Trigger::Started, None)?;
/// let kept = monitor.get_transitions("chain");
/// assert_eq!((kept.len(), kept[0].sequence), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifecycleConfig {
    /// Parts that the actors are spread over, each behind its own mutex: a power of two in 1..=1024, 16 by default.
    pub shards: usize,
    /// Transitions kept for each actor, the last ones; those before them are only counted. 1024 by default, and 0 keeps
    /// none.
    pub history_kept: usize,
}

impl Default for LifecycleConfig {
    fn default() -> Self {
        Self { shards: 16, history_kept: 1024 }
    }
}

impl LifecycleConfig {
    /// Refuses a configuration that no monitor can be built from.
    ///
    /// # Errors
    ///
    /// * [`LifecycleConfigError::Shards`] unless `shards` is a power of two in 1..=1024.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleConfig, LifecycleConfigError};
    ///
    /// assert_eq!(LifecycleConfig::default().validate(), Ok(()));
    /// let config = LifecycleConfig { shards: 0, ..LifecycleConfig::default() };
    /// assert_eq!(config.validate(), Err(LifecycleConfigError::Shards { value: 0 }));
    /// ```
    pub fn validate(&self) -> Result<(), LifecycleConfigError> {
        if self.shards.is_power_of_two() && self.shards <= SHARDS_MAX {
            Ok(())
        } else {
            Err(LifecycleConfigError::Shards { value: self.shards })
        }
    }
}

/// A configuration that no monitor can be built from.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleConfig, LifecycleMonitor};
///
/// let error = LifecycleMonitor::new(LifecycleConfig { shards: 3, ..LifecycleConfig::default() }).unwrap_err();
/// assert_eq!(error.to_string(), "shards is 3: allowed is a power of two in 1..=1024");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LifecycleConfigError {
    /// `shards` is zero, no power of two, or too large.
    #[error("shards is {value}: allowed is a power of two in 1..={SHARDS_MAX}")]
    Shards {
        /// The value that was refused.
        value: usize,
    },
}
