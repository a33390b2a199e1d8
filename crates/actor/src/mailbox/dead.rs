//! Dead letters: accepted messages that no handler will see, or none to its end.

use std::{fmt, sync::Arc};

use super::lane::Lane;

/// Why an accepted message was not delivered, or not handled to the end.
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
    /// It was delivered, and its actor ended before it was answered or had failed.
    Interrupted,
}

impl fmt::Display for DeadReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DeadReason::Evicted => "evicted",
            DeadReason::Expired => "expired",
            DeadReason::Drained => "drained",
            DeadReason::Interrupted => "interrupted",
        })
    }
}

/// An accepted message that will not be delivered, or that was not handled to the end, and why.
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::{DeadLetter, DeadReason, Lane};
///
/// let letter = DeadLetter { message: Some(7), lane: Lane::Low, reason: DeadReason::Drained };
/// assert_eq!(letter.message, Some(7));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadLetter<M> {
    /// The message itself; `None` exactly for [`DeadReason::Interrupted`], since its handler owned it when the
    /// incarnation of the actor ended, and it went with the handler.
    pub message: Option<M>,
    /// The lane that it was queued in.
    pub lane: Lane,
    /// Why it died.
    pub reason: DeadReason,
}

/// Where dead letters go.
///
/// Called after the mailbox is consistent again and outside its lock, by whoever caused the death: a sender (evicted),
/// the receiver (expired, drained) or the actor that ended (interrupted). It must not panic, and it may be called while
/// the thread unwinds, when a panic drops a receiver or an actor: then a panic of its own aborts the process.
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
