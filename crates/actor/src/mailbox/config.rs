//! What a mailbox is told when it is made, and what it refuses to be told.

use thiserror::Error;

/// What a full mailbox does with one message more (rule MB-4).
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::{MailboxConfig, Overflow};
///
/// let config = MailboxConfig { overflow: Overflow::DropLowest, ..MailboxConfig::with_capacity(64) };
/// assert!(config.validate().is_ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// Gives the message back in the error.
    Reject,
    /// Lets `send` and `ask` wait for room; `try_send` is refused with its message.
    Backpressure,
    /// Evicts the oldest message of the lowest non-empty lane that is not above the incoming one; refuses the
    /// incoming message where every waiting message is above it.
    DropOldest,
    /// Evicts the newest message of the lowest lane strictly below the incoming one; refuses the incoming
    /// message where nothing is below it.
    DropLowest,
}

/// How lanes share the receiver (rules MB-2 and MB-11).
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::{Fairness, MailboxConfig};
///
/// let config = MailboxConfig { fairness: Fairness::Aging { every: 8 }, ..MailboxConfig::with_capacity(64) };
/// assert!(config.validate().is_ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fairness {
    /// The highest non-empty lane is always next; a low lane may starve.
    Strict,
    /// A non-empty lane is next at the latest after `every` deliveries from lanes above it.
    ///
    /// The lowest lane that is due goes first. The price, with all lanes never empty: deliveries of lower lanes age
    /// those below them in turn, so that Emergencies get `(every / (every + 1))` to the fifth power of the deliveries,
    /// and wait for up to 31, 11, 7 or 5 lower messages in a row where `every` is 1, 2, 3 or 8.
    Aging {
        /// Deliveries from above after which a lane is due; at least 1.
        every: u64,
    },
}

/// How full a mailbox is, in words (rule MB-6).
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::{Backpressure, MailboxConfig};
///
/// let config = MailboxConfig::with_capacity(10);
/// assert_eq!(config.backpressure(0), Backpressure::Normal);
/// assert_eq!(config.backpressure(10), Backpressure::Blocked);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Backpressure {
    /// Below the warning threshold.
    Normal,
    /// At or above the warning threshold.
    Warning,
    /// At or above the critical threshold.
    Critical,
    /// Full.
    Blocked,
}

/// The shape of a mailbox.
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::{MailboxConfig, MailboxConfigError};
///
/// let config = MailboxConfig { warning_permille: 900, critical_permille: 500, ..MailboxConfig::with_capacity(8) };
/// let refused = config.validate().unwrap_err();
/// assert_eq!(
///     refused,
///     MailboxConfigError::ThresholdsOutOfOrder { warning_permille: 900, critical_permille: 500 }
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MailboxConfig {
    /// The number of messages that may be queued at once; at least 1. Nothing is allocated ahead.
    pub capacity: usize,
    /// What happens to a message that finds the mailbox full. Defaults to [`Overflow::Backpressure`].
    pub overflow: Overflow,
    /// How lanes share the receiver. Defaults to [`Fairness::Strict`].
    pub fairness: Fairness,
    /// The fill, in thousandths of the capacity, from which the state is [`Backpressure::Warning`]; 1 to
    /// `critical_permille`. Defaults to 700.
    pub warning_permille: u16,
    /// The fill, in thousandths of the capacity, from which the state is [`Backpressure::Critical`];
    /// `warning_permille` to 1000. Defaults to 900.
    pub critical_permille: u16,
}

impl MailboxConfig {
    /// A configuration of this capacity with every other field at its default.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::MailboxConfig;
    ///
    /// assert!(MailboxConfig::with_capacity(1).validate().is_ok());
    /// assert!(MailboxConfig::with_capacity(0).validate().is_err());
    /// ```
    #[must_use]
    pub const fn with_capacity(capacity: usize) -> Self {
        MailboxConfig {
            capacity,
            overflow: Overflow::Backpressure,
            fairness: Fairness::Strict,
            warning_permille: 700,
            critical_permille: 900,
        }
    }

    /// Says whether a mailbox of this shape can be made.
    ///
    /// # Errors
    ///
    /// The first field that is out of range, with its value and what is allowed: see [`MailboxConfigError`].
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::{Fairness, MailboxConfig, MailboxConfigError};
    ///
    /// let config = MailboxConfig { fairness: Fairness::Aging { every: 0 }, ..MailboxConfig::with_capacity(8) };
    /// assert_eq!(config.validate(), Err(MailboxConfigError::ZeroAging));
    /// ```
    pub fn validate(&self) -> Result<(), MailboxConfigError> {
        let (warning_permille, critical_permille) = (self.warning_permille, self.critical_permille);
        if self.capacity == 0 {
            return Err(MailboxConfigError::ZeroCapacity);
        }
        if self.fairness == (Fairness::Aging { every: 0 }) {
            return Err(MailboxConfigError::ZeroAging);
        }
        if warning_permille == 0 || warning_permille > 1000 {
            return Err(MailboxConfigError::WarningOutOfRange { warning_permille });
        }
        if critical_permille == 0 || critical_permille > 1000 {
            return Err(MailboxConfigError::CriticalOutOfRange { critical_permille });
        }
        if warning_permille > critical_permille {
            return Err(MailboxConfigError::ThresholdsOutOfOrder { warning_permille, critical_permille });
        }
        Ok(())
    }

    /// The state of a mailbox of this shape that holds `len` messages: a pure function (rule MB-6).
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::{Backpressure, MailboxConfig};
    ///
    /// let config = MailboxConfig { warning_permille: 500, ..MailboxConfig::with_capacity(10) };
    /// assert_eq!(config.backpressure(4), Backpressure::Normal);
    /// assert_eq!(config.backpressure(5), Backpressure::Warning);
    /// assert_eq!(config.backpressure(9), Backpressure::Critical);
    /// ```
    #[must_use]
    pub fn backpressure(&self, len: usize) -> Backpressure {
        // 128 bits: a thousand times a `usize` does not fit 64.
        let reaches = |permille: u16| 1000 * len as u128 >= u128::from(permille) * self.capacity as u128;
        if len >= self.capacity {
            Backpressure::Blocked
        } else if reaches(self.critical_permille) {
            Backpressure::Critical
        } else if reaches(self.warning_permille) {
            Backpressure::Warning
        } else {
            Backpressure::Normal
        }
    }
}

/// Why a mailbox cannot be made.
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::{MailboxConfig, MailboxConfigError};
///
/// let refused = MailboxConfig::with_capacity(0).validate().unwrap_err();
/// assert_eq!(refused, MailboxConfigError::ZeroCapacity);
/// assert_eq!(refused.to_string(), "capacity is 0: a mailbox holds at least 1 message");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MailboxConfigError {
    /// The field `capacity` is 0.
    #[error("capacity is 0: a mailbox holds at least 1 message")]
    ZeroCapacity,
    /// The field `every` of [`Fairness::Aging`] is 0.
    #[error("fairness is Aging {{ every: 0 }}: a lane is due after at least 1 delivery from above")]
    ZeroAging,
    /// The field `warning_permille` is not a positive share.
    #[error("warning_permille is {warning_permille}: allowed are 1 to 1000")]
    WarningOutOfRange {
        /// The value given.
        warning_permille: u16,
    },
    /// The field `critical_permille` is not a positive share.
    #[error("critical_permille is {critical_permille}: allowed are 1 to 1000")]
    CriticalOutOfRange {
        /// The value given.
        critical_permille: u16,
    },
    /// The warning threshold is above the critical one.
    #[error(
        "warning_permille is {warning_permille}: at most critical_permille ({critical_permille}) is allowed"
    )]
    ThresholdsOutOfOrder {
        /// The warning threshold given.
        warning_permille: u16,
        /// The critical threshold given.
        critical_permille: u16,
    },
}
