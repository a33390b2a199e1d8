//! Dead letters: accepted messages that no handler will see.

use std::{fmt, sync::Arc};

use super::lane::Lane;

/// Why an accepted message was not delivered.
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::DeadReason;
///
/// assert_eq!(DeadReason::Evicted.to_string(), "evicted");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeadReason {
    /// An overflow policy made room for another message.
    Evicted,
    /// Its turn came at or after its deadline.
    Expired,
    /// The mailbox was cleared, or its receiver was dropped.
    Drained,
}

impl fmt::Display for DeadReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DeadReason::Evicted => "evicted",
            DeadReason::Expired => "expired",
            DeadReason::Drained => "drained",
        })
    }
}

/// An accepted message that will not be delivered, and why.
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::{DeadLetter, DeadReason, Lane};
///
/// let letter = DeadLetter { message: 7, lane: Lane::Low, reason: DeadReason::Drained };
/// assert_eq!(letter.message, 7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadLetter<M> {
    /// The message itself.
    pub message: M,
    /// The lane that it was queued in.
    pub lane: Lane,
    /// Why it was not delivered.
    pub reason: DeadReason,
}

/// Where dead letters go.
///
/// Called after the mailbox is consistent again and outside its lock, by whoever caused the death: a sender (evicted)
/// or the receiver (expired, drained). It must not panic.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use alys_actor::mailbox::{DeadLetter, DeadLetters};
///
/// let print: DeadLetters<u32> = Arc::new(|letter: DeadLetter<u32>| drop(letter));
/// # let _ = print;
/// ```
pub type DeadLetters<M> = Arc<dyn Fn(DeadLetter<M>) + Send + Sync>;
