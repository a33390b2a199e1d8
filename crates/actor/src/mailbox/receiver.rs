//! The receiving end: deliveries one at a time, or many in one turn.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::{
    blocking::block_on, delivery::Delivery, envelope::Envelope, error::TryRecvError,
    interrupter::Interrupter, shared::Shared, stats::MailboxStats, sync::Arc, turn::Turn,
};

/// After so many receives in a row that did not have to wait, one yields: a mailbox that never runs empty must not
/// keep a thread from its other tasks.
const RECEIVES_BEFORE_YIELD: u32 = 128;

/// The receiving end of a mailbox; dropping it closes the mailbox and drains what is queued.
///
/// # Examples
///
/// See [`mailbox`](super::mailbox()).
pub struct Receiver<M, R = ()> {
    pub(super) shared: Arc<Shared<M, R>>,
    ready_in_a_row: u32,
}

impl<M, R> Receiver<M, R> {
    pub(super) fn new(shared: Arc<Shared<M, R>>) -> Self {
        Receiver { shared, ready_in_a_row: 0 }
    }

    /// Takes the next message, if there is one.
    ///
    /// Messages found past their deadline on the way become dead letters.
    ///
    /// # Errors
    ///
    /// - [`TryRecvError::Empty`]: nothing is queued now.
    /// - [`TryRecvError::Closed`]: nothing is queued and the mailbox is closed.
    ///
    /// # Examples
    ///
    /// See [`Sender`](super::Sender).
    #[inline]
    pub fn try_recv(&mut self) -> Result<Delivery<'_, M, R>, TryRecvError> {
        let shared = &*self.shared;
        let taken = shared.step(|core, effects| core.try_receive(|| shared.now(), effects));
        received(taken.map(|envelope| envelope.map(|envelope| Delivery::new(envelope, &shared.ledger))))
    }

    /// Waits for the next message; `None` once the mailbox is closed and empty.
    ///
    /// Dropping the future takes no message with it. After 128 receives in a row that did not wait, one yields to
    /// other tasks first.
    ///
    /// # Examples
    ///
    /// See [`Sender::send`](super::Sender::send).
    #[inline]
    pub fn recv(&mut self) -> Receiving<'_, M, R> {
        Receiving { receiver: Some(self), registered: false }
    }

    /// Like [`recv`](Receiver::recv), blocking the calling thread; never to be called on an asynchronous one.
    ///
    /// # Examples
    ///
    /// See [`Sender::blocking_send`](super::Sender::blocking_send).
    pub fn blocking_recv(&mut self) -> Option<Delivery<'_, M, R>> {
        block_on(self.recv())
    }

    /// Begins a turn: many receives whose wake-ups are held back and sent together.
    ///
    /// # Examples
    ///
    /// See [`Turn`].
    pub fn turn(&mut self) -> Turn<'_, M, R> {
        Turn::new(&self.shared)
    }

    /// Polls for the next message, leaving the task's waker behind where there is none.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::{future::poll_fn, sync::Arc};
    /// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
    /// # actix_rt::System::new().block_on(async {
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (sender, mut receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(1), environment).unwrap();
    /// sender.try_send((Lane::Normal, 1)).unwrap();
    /// let message = poll_fn(|cx| receiver.poll_recv(cx).map(|d| d.map(|d| d.acknowledge()))).await;
    /// assert_eq!(message, Some(1));
    /// # });
    /// ```
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<Delivery<'_, M, R>>> {
        let received = self.poll_envelope(cx);
        received.map(|envelope| envelope.map(|envelope| Delivery::new(envelope, &self.shared.ledger)))
    }

    #[inline]
    fn poll_envelope(&mut self, cx: &mut Context<'_>) -> Poll<Option<Envelope<M, R>>> {
        if self.ready_in_a_row >= RECEIVES_BEFORE_YIELD {
            self.ready_in_a_row = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let shared = &*self.shared;
        let received = shared.step(|core, effects| core.poll_receive(|| shared.now(), cx.waker(), effects));
        self.ready_in_a_row = if received.is_ready() { self.ready_in_a_row + 1 } else { 0 };
        received
    }

    /// Closes the mailbox: later and waiting senders are refused, what was accepted can still be received.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, SendError, mailbox}};
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (sender, receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(1), environment)?;
    /// receiver.close();
    /// assert_eq!(sender.try_send((Lane::Low, 1)), Err(SendError::Closed(1)));
    /// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
    /// ```
    pub fn close(&self) {
        self.shared.step(|core, effects| core.close(effects));
    }

    /// Drains every queued message, most urgent lane first, and returns how many there were; the senders that wait
    /// for room are admitted into it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
    /// let environment = Environment::new(Arc::new(TokioClock::new()));
    /// let (sender, mut receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(4), environment)?;
    /// sender.try_send((Lane::Low, 1)).unwrap();
    /// assert_eq!(receiver.clear(), 1);
    /// assert_eq!(receiver.stats().drained, 1);
    /// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
    /// ```
    pub fn clear(&mut self) -> usize {
        self.shared.step(|core, effects| core.clear(effects))
    }

    /// Whoever interrupts the handlers of the messages that this receiver delivers.
    pub(crate) fn interrupter(&self) -> Interrupter<M, R> {
        Interrupter::new(Arc::clone(&self.shared))
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

/// A receive that does not wait, in its own words.
#[inline]
pub(super) fn received<T>(taken: Poll<Option<T>>) -> Result<T, TryRecvError> {
    match taken {
        Poll::Ready(Some(delivery)) => Ok(delivery),
        Poll::Ready(None) => Err(TryRecvError::Closed),
        Poll::Pending => Err(TryRecvError::Empty),
    }
}

impl<M, R> Drop for Receiver<M, R> {
    fn drop(&mut self) {
        self.shared.step(|core, effects| {
            core.close(effects);
            core.clear(effects);
        });
    }
}

impl<M, R> fmt::Debug for Receiver<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Receiver").field(&self.shared).finish()
    }
}

/// The future of [`Receiver::recv`].
///
/// # Examples
///
/// See [`Sender::send`](super::Sender::send).
#[must_use = "nothing is received unless the future is polled"]
pub struct Receiving<'a, M, R> {
    receiver: Option<&'a mut Receiver<M, R>>,
    registered: bool,
}

impl<'a, M, R> Future for Receiving<'a, M, R> {
    type Output = Option<Delivery<'a, M, R>>;

    /// # Panics
    ///
    /// When polled again after it was ready.
    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(receiver) = self.receiver.take() else { panic!("a receive was polled after it had ended") };
        match receiver.poll_envelope(cx) {
            Poll::Ready(envelope) => {
                self.registered = false;
                Poll::Ready(envelope.map(|envelope| Delivery::new(envelope, &receiver.shared.ledger)))
            }
            Poll::Pending => {
                self.registered = true;
                self.receiver = Some(receiver);
                Poll::Pending
            }
        }
    }
}

impl<M, R> Drop for Receiving<'_, M, R> {
    #[inline]
    fn drop(&mut self) {
        if let Some(receiver) = self.receiver.take()
            && self.registered
        {
            // The waker is dropped here, outside the lock.
            drop(receiver.shared.step(|core, _| core.unregister_receiver()));
        }
    }
}

impl<M, R> fmt::Debug for Receiving<'_, M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.receiver.is_some() { "Receiving" } else { "Receiving(over)" })
    }
}
