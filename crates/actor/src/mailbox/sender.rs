//! The sending end: `try_send`, `send` and its future.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use super::{
    ask::Asking,
    blocking::block_on,
    envelope::{Envelope, Post},
    error::{AskError, SendError},
    shared::Shared,
    stats::MailboxStats,
    sync::{Arc, Ordering},
    waiters::{SlotKey, Turn},
};

/// The sending end of a mailbox; clones send into the same one, and dropping the last of them closes it.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, SendError, mailbox}};
///
/// let environment = Environment::new(Arc::new(TokioClock::new()));
/// let (sender, mut receiver) = mailbox::<&str, ()>(MailboxConfig::with_capacity(2), environment)?;
/// sender.try_send((Lane::Low, "later")).unwrap();
/// sender.clone().try_send((Lane::Emergency, "now")).unwrap();
/// assert_eq!(sender.try_send((Lane::High, "no room")), Err(SendError::Full("no room")));
/// assert_eq!(receiver.try_recv().unwrap().acknowledge(), "now");
/// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
/// ```
pub struct Sender<M, R = ()> {
    shared: Arc<Shared<M, R>>,
}

impl<M, R> Sender<M, R> {
    pub(super) fn new(shared: Arc<Shared<M, R>>) -> Self {
        Sender { shared }
    }

    /// Offers a message without waiting: it is accepted, perhaps by evicting another one, or comes back.
    ///
    /// # Errors
    ///
    /// - [`SendError::Full`]: there is no room and the policy makes none; under [`Overflow::Backpressure`] always so
    ///   while the mailbox is full, and so while any sender waits.
    /// - [`SendError::Closed`]: the mailbox is closed.
    ///
    /// [`Overflow::Backpressure`]: super::Overflow::Backpressure
    ///
    /// # Examples
    ///
    /// See [`Sender`].
    #[inline]
    pub fn try_send(&self, post: impl Into<Post<M>>) -> Result<(), SendError<M>> {
        let envelope = Envelope::new(post.into(), None);
        self.shared.step(|core, effects| core.offer(envelope, effects)).map_err(open_error)
    }

    /// Offers a message at the first poll of the returned future, which waits for room where the policy is
    /// [`Overflow::Backpressure`].
    ///
    /// The order of first polls is the order of the messages. Dropping the future before it is ready withdraws a
    /// message that still waits; one that was accepted in the meantime stays. Under backpressure the most urgent
    /// waiting sender is admitted first, so a sender of a low lane may wait for ever behind higher ones:
    /// [`Fairness::Aging`] covers accepted messages only.
    ///
    /// [`Overflow::Backpressure`]: super::Overflow::Backpressure
    /// [`Fairness::Aging`]: super::Fairness::Aging
    ///
    /// # Errors
    ///
    /// - [`SendError::Full`]: there is no room and the policy makes none.
    /// - [`SendError::Closed`]: the mailbox was closed before the message was accepted.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
    /// # actix_rt::System::new().block_on(async {
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (sender, mut receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(1), environment).unwrap();
    /// sender.send((Lane::Normal, 1)).await.unwrap();
    /// assert_eq!(receiver.recv().await.unwrap().acknowledge(), 1);
    /// # });
    /// ```
    #[inline]
    pub fn send(&self, post: impl Into<Post<M>>) -> Sending<'_, M, R> {
        Sending { shared: &self.shared, state: SendState::Fresh(post.into()) }
    }

    /// Like [`send`](Sender::send), blocking the calling thread; never to be called on an asynchronous one.
    ///
    /// # Errors
    ///
    /// As [`send`](Sender::send).
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (sender, mut receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(1), environment)?;
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| (0..3).for_each(|n| sender.blocking_send((Lane::Normal, n)).unwrap()));
    ///     for n in 0..3 {
    ///         assert_eq!(receiver.blocking_recv().unwrap().acknowledge(), n);
    ///     }
    /// });
    /// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
    /// ```
    pub fn blocking_send(&self, post: impl Into<Post<M>>) -> Result<(), SendError<M>> {
        block_on(self.send(post))
    }

    /// Offers a message like [`send`](Sender::send), then waits for its reply, as long as it takes.
    ///
    /// # Errors
    ///
    /// - [`AskError::Full`] and [`AskError::Closed`]: not accepted, with the message.
    /// - [`AskError::Dropped`]: accepted, but evicted, expired or drained.
    /// - [`AskError::Failed`]: delivered, but the handler failed or ended without a reply.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
    /// # actix_rt::System::new().block_on(async {
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (sender, mut receiver) = mailbox::<u32, u32>(MailboxConfig::with_capacity(1), environment).unwrap();
    /// actix_rt::spawn(async move {
    ///     let (message, responder) = receiver.recv().await.unwrap().into_parts();
    ///     responder.answer(message * 2);
    /// });
    /// assert_eq!(sender.ask((Lane::Normal, 21)).await, Ok(42));
    /// # });
    /// ```
    pub fn ask(&self, post: impl Into<Post<M>>) -> Asking<'_, M, R> {
        Asking::new(&self.shared, post.into(), None)
    }

    /// Like [`ask`](Sender::ask), but at most for a while, counted by the mailbox's clock from the first poll.
    ///
    /// A reply that is there when the time is up is still given.
    ///
    /// # Errors
    ///
    /// As [`ask`](Sender::ask), and [`AskError::Timeout`]: a message that still waits for room is withdrawn; an
    /// accepted one stays, and its late reply is discarded.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::{sync::Arc, time::Duration};
    /// # use alys_actor::{TokioClock, mailbox::{AskError, Environment, Lane, MailboxConfig, mailbox}};
    /// # actix_rt::System::new().block_on(async {
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (sender, _receiver) = mailbox::<u32, u32>(MailboxConfig::with_capacity(1), environment).unwrap();
    /// let answer = sender.ask_within((Lane::Normal, 21), Duration::from_millis(1)).await;
    /// assert_eq!(answer, Err(AskError::Timeout));
    /// assert_eq!(sender.stats().len, 1);
    /// # });
    /// ```
    pub fn ask_within(&self, post: impl Into<Post<M>>, timeout: Duration) -> Asking<'_, M, R> {
        Asking::new(&self.shared, post.into(), Some(timeout))
    }

    /// Closes the mailbox: later and waiting senders are refused, what was accepted is still delivered (MB-9).
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, SendError, TryRecvError, mailbox}};
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (sender, mut receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(4), environment)?;
    /// sender.try_send((Lane::Low, 1)).unwrap();
    /// sender.close();
    /// assert_eq!(sender.try_send((Lane::Low, 2)), Err(SendError::Closed(2)));
    /// assert_eq!(receiver.try_recv().unwrap().acknowledge(), 1);
    /// assert_eq!(receiver.try_recv().unwrap_err(), TryRecvError::Closed);
    /// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
    /// ```
    pub fn close(&self) {
        self.shared.step(|core, effects| core.close(effects));
    }

    /// One consistent look at the mailbox.
    ///
    /// # Examples
    ///
    /// See [`MailboxStats`].
    #[must_use]
    pub fn stats(&self) -> MailboxStats {
        self.shared.stats()
    }
}

impl<M, R> Clone for Sender<M, R> {
    fn clone(&self) -> Self {
        self.shared.senders.fetch_add(1, Ordering::Relaxed);
        Sender { shared: Arc::clone(&self.shared) }
    }
}

impl<M, R> Drop for Sender<M, R> {
    fn drop(&mut self) {
        if self.shared.senders.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.close();
        }
    }
}

impl<M, R> fmt::Debug for Sender<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sender").field(&self.shared).finish()
    }
}

#[inline]
pub(super) fn open_error<M, R>(error: SendError<Envelope<M, R>>) -> SendError<M> {
    match error {
        SendError::Full(envelope) => SendError::Full(envelope.message),
        SendError::Closed(envelope) => SendError::Closed(envelope.message),
    }
}

impl<M> From<SendError<M>> for AskError<M> {
    fn from(error: SendError<M>) -> Self {
        match error {
            SendError::Full(message) => AskError::Full(message),
            SendError::Closed(message) => AskError::Closed(message),
        }
    }
}

enum SendState<M> {
    Fresh(Post<M>),
    Waiting(SlotKey),
    Over,
}

/// The future of [`Sender::send`].
///
/// # Examples
///
/// See [`Sender::send`].
#[must_use = "a message is offered when the future is first polled"]
pub struct Sending<'a, M, R> {
    shared: &'a Arc<Shared<M, R>>,
    state: SendState<M>,
}

// Nothing in it is pinned: messages are moved out by value.
impl<M, R> Unpin for Sending<'_, M, R> {}

impl<M, R> Sending<'_, M, R> {
    fn look(&mut self, key: SlotKey, cx: &mut Context<'_>) -> Poll<Result<(), SendError<M>>> {
        match self.shared.step(|core, _| core.look(key, cx.waker())) {
            Turn::Waiting(_) => {
                self.state = SendState::Waiting(key);
                Poll::Pending
            }
            Turn::Admitted => Poll::Ready(Ok(())),
            Turn::Refused(envelope) => Poll::Ready(Err(SendError::Closed(envelope.message))),
        }
    }
}

impl<M, R> Future for Sending<'_, M, R> {
    type Output = Result<(), SendError<M>>;

    /// # Panics
    ///
    /// When polled again after it was ready.
    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let shared = self.shared;
        match std::mem::replace(&mut self.state, SendState::Over) {
            SendState::Fresh(post) => {
                let envelope = Envelope::new(post, None);
                match shared.step(|core, effects| core.offer_waiting(envelope, cx.waker(), effects)) {
                    Ok(None) => Poll::Ready(Ok(())),
                    Ok(Some(key)) => {
                        self.state = SendState::Waiting(key);
                        Poll::Pending
                    }
                    Err(error) => Poll::Ready(Err(open_error(error))),
                }
            }
            SendState::Waiting(key) => self.look(key, cx),
            SendState::Over => panic!("a send was polled after it had ended"),
        }
    }
}

fn leave<M, R>(shared: &Shared<M, R>, key: SlotKey) {
    // What comes back is dropped here, outside the lock.
    drop(shared.step(|core, _| core.leave(key)));
}

impl<M, R> Drop for Sending<'_, M, R> {
    #[inline]
    fn drop(&mut self) {
        if let SendState::Waiting(key) = self.state {
            leave(self.shared, key);
        }
    }
}

impl<M, R> fmt::Debug for Sending<'_, M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            SendState::Fresh(_) => "Sending(not offered)",
            SendState::Waiting(_) => "Sending(waiting)",
            SendState::Over => "Sending(over)",
        })
    }
}
