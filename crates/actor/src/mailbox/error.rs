//! How sending, asking and receiving can fail.

use thiserror::Error;

use super::dead::DeadReason;

/// Why a message was not accepted; it holds the message.
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::SendError;
///
/// assert_eq!(SendError::Full(7).into_message(), 7);
/// assert_eq!(SendError::Closed(7).to_string(), "the mailbox is closed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SendError<M> {
    /// There is no room, and the overflow policy makes none for this lane.
    #[error("the mailbox is full")]
    Full(M),
    /// The mailbox was closed, before the message was offered or while it waited for room.
    #[error("the mailbox is closed")]
    Closed(M),
}

impl<M> SendError<M> {
    /// The message that was not accepted.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::SendError;
    ///
    /// assert_eq!(SendError::Closed("stop").into_message(), "stop");
    /// ```
    pub fn into_message(self) -> M {
        match self {
            SendError::Full(message) | SendError::Closed(message) => message,
        }
    }
}

/// Why an ask ended without a reply (rule MB-12).
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::{AskError, DeadReason};
///
/// let error: AskError<u32> = AskError::Dropped(DeadReason::Expired);
/// assert_eq!(error.to_string(), "the message was dropped before delivery: expired");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AskError<M> {
    /// The message was refused for want of room.
    #[error("the mailbox is full")]
    Full(M),
    /// The message was refused because the mailbox is closed.
    #[error("the mailbox is closed")]
    Closed(M),
    /// No reply came in time: the message was withdrawn if it still waited for room, else it stays and its late
    /// reply is discarded.
    #[error("no reply came in time")]
    Timeout,
    /// The message was accepted, but became a dead letter before it was delivered; so the reason is never
    /// [`DeadReason::Interrupted`].
    #[error("the message was dropped before delivery: {0}")]
    Dropped(DeadReason),
    /// The message was delivered, but its handler failed, ended without a reply or was interrupted.
    #[error("the handler failed")]
    Failed,
}

/// Why there is no message right now.
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::TryRecvError;
///
/// assert_ne!(TryRecvError::Empty, TryRecvError::Closed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TryRecvError {
    /// Nothing is queued, but more may come.
    #[error("the mailbox is empty")]
    Empty,
    /// Nothing is queued, and nothing will ever be.
    #[error("the mailbox is closed and empty")]
    Closed,
}
