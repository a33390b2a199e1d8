//! Asking: sending a message and waiting for its reply.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use super::{
    envelope::{Envelope, Post},
    error::AskError,
    reply::{ReplyCell, Settlement},
    sender::open_error,
    shared::Shared,
    sync::Arc,
    time::Sleep,
    waiters::{Left, SlotKey, Turn},
};

enum AskState<M, R> {
    Fresh(Post<M>),
    /// The message waits for room.
    Waiting(SlotKey, Arc<ReplyCell<R>>),
    /// The message was accepted.
    Accepted(Arc<ReplyCell<R>>),
    Over,
}

/// The future of [`Sender::ask`](super::Sender::ask) and [`Sender::ask_within`](super::Sender::ask_within).
///
/// # Examples
///
/// See [`Sender::ask`](super::Sender::ask).
#[must_use = "a message is offered when the future is first polled"]
pub struct Asking<'a, M, R> {
    shared: &'a Arc<Shared<M, R>>,
    state: AskState<M, R>,
    timeout: Option<Duration>,
    timer: Option<Sleep>,
}

// Nothing in it is pinned: messages are moved out by value, and the timer is boxed.
impl<M, R> Unpin for Asking<'_, M, R> {}

impl<'a, M, R> Asking<'a, M, R> {
    pub(super) fn new(shared: &'a Arc<Shared<M, R>>, post: Post<M>, timeout: Option<Duration>) -> Self {
        Asking { shared, state: AskState::Fresh(post), timeout, timer: None }
    }

    fn offer(&mut self, post: Post<M>, cx: &mut Context<'_>) -> Result<(), AskError<M>> {
        // The timer first: a clock that cannot make one panics, and then nothing has been offered.
        let clock = self.shared.clock();
        self.timer = self.timeout.map(|timeout| clock.sleep_until(clock.now().saturating_add(timeout)));
        let cell = Arc::new(ReplyCell::new());
        let envelope = Envelope::new(post, Some(Arc::clone(&cell)));
        let slot = self
            .shared
            .step(|core, effects| core.offer_waiting(envelope, cx.waker(), effects))
            .map_err(open_error)?;
        self.state = match slot {
            Some(key) => AskState::Waiting(key, cell),
            None => AskState::Accepted(cell),
        };
        Ok(())
    }

    /// Takes note of an admission or a refusal that happened since the last poll.
    fn look(&mut self, cx: &mut Context<'_>) -> Result<(), AskError<M>> {
        let AskState::Waiting(key, cell) = &self.state else { return Ok(()) };
        match self.shared.step(|core, _| core.look(*key, cx.waker())) {
            Turn::Waiting(_) => Ok(()),
            Turn::Admitted => {
                self.state = AskState::Accepted(Arc::clone(cell));
                Ok(())
            }
            Turn::Refused(envelope) => {
                self.state = AskState::Over;
                Err(AskError::Closed(envelope.message))
            }
        }
    }

    fn poll_reply(&mut self, cx: &mut Context<'_>) -> Poll<Result<R, AskError<M>>> {
        let AskState::Accepted(cell) = &self.state else { return Poll::Pending };
        let settlement = std::task::ready!(cell.poll(cx));
        self.state = AskState::Over;
        Poll::Ready(answer(settlement))
    }

    /// Gives up: withdraws a message that still waits for room, and wants no reply for an accepted one. What has
    /// happened since the last look counts: a refusal by the close, or a reply that is there after all.
    fn give_up(&mut self) -> Option<Result<R, AskError<M>>> {
        match std::mem::replace(&mut self.state, AskState::Over) {
            AskState::Waiting(key, cell) => match self.shared.step(|core, _| core.leave(key)) {
                Left::Refused(envelope) => Some(Err(AskError::Closed(envelope.message))),
                Left::Waiting(..) => None,
                Left::Admitted => cell.abandon().map(answer),
            },
            AskState::Accepted(cell) => cell.abandon().map(answer),
            AskState::Fresh(_) | AskState::Over => None,
        }
    }
}

fn answer<M, R>(settlement: Settlement<R>) -> Result<R, AskError<M>> {
    match settlement {
        Settlement::Reply(reply) => Ok(reply),
        Settlement::Dropped(reason) => Err(AskError::Dropped(reason)),
        Settlement::Failed => Err(AskError::Failed),
    }
}

impl<M, R> Future for Asking<'_, M, R> {
    type Output = Result<R, AskError<M>>;

    /// # Panics
    ///
    /// When polled again after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match std::mem::replace(&mut self.state, AskState::Over) {
            AskState::Fresh(post) => self.offer(post, cx)?,
            AskState::Over => panic!("an ask was polled after it had ended"),
            under_way => {
                self.state = under_way;
                self.look(cx)?;
            }
        }
        if let Poll::Ready(answer) = self.poll_reply(cx) {
            return Poll::Ready(answer);
        }
        if let Some(timer) = &mut self.timer
            && timer.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(self.give_up().unwrap_or(Err(AskError::Timeout)));
        }
        Poll::Pending
    }
}

impl<M, R> Drop for Asking<'_, M, R> {
    fn drop(&mut self) {
        drop(self.give_up());
    }
}

impl<M, R> fmt::Debug for Asking<'_, M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            AskState::Fresh(_) => "Asking(not offered)",
            AskState::Waiting(..) => "Asking(waiting for room)",
            AskState::Accepted(_) => "Asking(waiting for the reply)",
            AskState::Over => "Asking(over)",
        })
    }
}
