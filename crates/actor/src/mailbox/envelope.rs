//! Messages on their way: as the sender posts them and as the mailbox keeps them.

use std::fmt;

use super::{lane::Lane, reply::ReplyCell, sync::Arc, time::Time};

/// A message with its lane and, if it has one, its deadline.
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::{Lane, Post, Time};
///
/// let post = Post::new(Lane::High, "ping").expires_at(Time::from_nanos(1_000));
/// assert_eq!(post.lane, Lane::High);
/// assert_eq!(Post::from((Lane::High, "ping")).deadline, None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post<M> {
    /// The lane to queue it in.
    pub lane: Lane,
    /// The message itself.
    pub message: M,
    /// From this instant on it is not delivered any more, but expires when its turn comes.
    pub deadline: Option<Time>,
}

impl<M> Post<M> {
    /// A message without a deadline.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::{Lane, Post};
    ///
    /// assert_eq!(Post::new(Lane::Low, 1).message, 1);
    /// ```
    #[must_use]
    #[inline]
    pub const fn new(lane: Lane, message: M) -> Self {
        Post { lane, message, deadline: None }
    }

    /// The same message with a deadline (rule MB-10).
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::{Lane, Post, Time};
    ///
    /// assert_eq!(Post::new(Lane::Low, 1).expires_at(Time::ZERO).deadline, Some(Time::ZERO));
    /// ```
    #[must_use]
    pub fn expires_at(self, deadline: Time) -> Self {
        Post { deadline: Some(deadline), ..self }
    }
}

impl<M> From<(Lane, M)> for Post<M> {
    #[inline]
    fn from((lane, message): (Lane, M)) -> Self {
        Post::new(lane, message)
    }
}

/// A message as the mailbox keeps it: `asker` is who waits for its reply.
pub(super) struct Envelope<M, R> {
    pub(super) message: M,
    pub(super) lane: Lane,
    pub(super) deadline: Option<Time>,
    pub(super) asker: Option<Arc<ReplyCell<R>>>,
}

impl<M, R> Envelope<M, R> {
    #[inline]
    pub(super) fn new(post: Post<M>, asker: Option<Arc<ReplyCell<R>>>) -> Self {
        Envelope { message: post.message, lane: post.lane, deadline: post.deadline, asker }
    }
}

impl<M, R> fmt::Debug for Envelope<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("lane", &self.lane)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
