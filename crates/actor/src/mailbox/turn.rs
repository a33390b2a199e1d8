//! A turn: many receives in a row, one round of wake-ups.

use std::{
    fmt,
    task::{Context, Poll},
};

use super::{
    core::Core, delivery::Delivery, effects::Effects, envelope::Envelope, error::TryRecvError,
    receiver::received, shared::Shared,
};

/// A turn wakes the senders that it admitted after so many receives at the latest.
const RECEIVES_BEFORE_WAKING: u32 = 64;

/// A run of receives that holds the wake-ups of admitted senders back and sends them together.
///
/// A sender is admitted in the very step that makes room, as always; only the news of it waits, until 64 receives,
/// an expired message, an empty mailbox, [`wake_now`](Turn::wake_now) or the end of the turn. So never wait, within a turn, for something
/// that a sender does after its send: use [`Receiver::recv`](super::Receiver::recv) for that.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
/// let environment = Environment::new(Arc::new(TokioClock::new()));
/// let (sender, mut receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(4), environment)?;
/// (0..4).for_each(|n| sender.try_send((Lane::Normal, n)).unwrap());
/// let mut turn = receiver.turn();
/// let mut sum = 0;
/// while let Ok(delivery) = turn.try_recv() {
///     sum += delivery.acknowledge();
/// }
/// assert_eq!(sum, 6);
/// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
/// ```
pub struct Turn<'a, M, R> {
    shared: &'a Shared<M, R>,
    effects: Effects<M, R>,
    received: u32,
}

impl<'a, M, R> Turn<'a, M, R> {
    pub(super) fn new(shared: &'a Shared<M, R>) -> Self {
        Turn { shared, effects: Effects::new(), received: 0 }
    }

    /// Takes the next message, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Receiver::try_recv`](super::Receiver::try_recv).
    ///
    /// # Examples
    ///
    /// See [`Turn`].
    #[inline]
    pub fn try_recv(&mut self) -> Result<Delivery<'_, M, R>, TryRecvError> {
        let shared = self.shared;
        received(self.take(|core, effects| core.try_receive(|| shared.now(), effects)))
    }

    /// Polls for the next message, leaving the task's waker behind where there is none.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::{sync::Arc, task::{Context, Poll, Waker}};
    /// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (sender, mut receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(4), environment)?;
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert!(receiver.turn().poll_recv(&mut context).is_pending());
    /// drop(sender);
    /// assert!(matches!(receiver.turn().poll_recv(&mut context), Poll::Ready(None)));
    /// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
    /// ```
    #[inline]
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<Delivery<'_, M, R>>> {
        let shared = self.shared;
        self.take(|core, effects| core.poll_receive(|| shared.now(), cx.waker(), effects))
    }

    #[inline]
    fn take(
        &mut self,
        step: impl FnOnce(&mut Core<M, R>, &mut Effects<M, R>) -> Poll<Option<Envelope<M, R>>>,
    ) -> Poll<Option<Delivery<'_, M, R>>> {
        let shared = self.shared;
        let taken = shared.step_into(&mut self.effects, step);
        self.received += 1;
        let nothing = !matches!(taken, Poll::Ready(Some(_)));
        // Before the dead letters go out, as ever: whatever their owner does, nobody stays asleep.
        if self.received >= RECEIVES_BEFORE_WAKING || nothing || self.effects.has_deaths() {
            self.wake_now();
        }
        shared.carry_out_deaths(&mut self.effects);
        taken.map(|envelope| envelope.map(|envelope| Delivery::new(envelope, &shared.ledger)))
    }

    /// Wakes the admitted senders that have not been told yet.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, mailbox::{Environment, MailboxConfig, mailbox}};
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (_sender, mut receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(4), environment)?;
    /// receiver.turn().wake_now();
    /// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
    /// ```
    pub fn wake_now(&mut self) {
        self.received = 0;
        self.effects.wake_all();
    }
}

impl<M, R> Drop for Turn<'_, M, R> {
    fn drop(&mut self) {
        Effects::wake_all(&mut self.effects);
    }
}

impl<M, R> fmt::Debug for Turn<'_, M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").field("received", &self.received).finish_non_exhaustive()
    }
}
