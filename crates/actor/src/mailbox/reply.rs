//! Replies: the one-shot way back from a handler to its asker, and the book of what handlers did.

use std::{
    fmt,
    task::{Context, Poll, Waker},
};

use super::{
    dead::DeadReason,
    sync::{Arc, AtomicU64, Mutex, Ordering},
};

/// How an accepted ask ended.
#[derive(Debug)]
pub(super) enum Settlement<R> {
    Reply(R),
    Dropped(DeadReason),
    Failed,
}

enum State<R> {
    Open(Option<Waker>),
    Settled(Settlement<R>),
    /// The asker is gone or has its settlement: whatever comes now is discarded.
    Over,
}

/// What one asker and one message share; settled at most once (MB-12).
pub(super) struct ReplyCell<R> {
    state: Mutex<State<R>>,
}

impl<R> ReplyCell<R> {
    pub(super) fn new() -> Self {
        ReplyCell { state: Mutex::new(State::Open(None)) }
    }

    /// Ends the ask; a second settlement, or one after the asker has gone, is discarded.
    #[inline]
    pub(super) fn settle(&self, settlement: Settlement<R>) {
        if let Some(waker) = self.settle_silently(settlement) {
            waker.wake();
        }
    }

    /// Ends the ask and leaves it to the caller to wake the asker.
    pub(super) fn settle_silently(&self, settlement: Settlement<R>) -> Option<Waker> {
        let mut state = self.state.lock();
        let State::Open(waker) = &mut *state else { return None };
        let waker = waker.take();
        *state = State::Settled(settlement);
        waker
    }

    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<Settlement<R>> {
        let mut state = self.state.lock();
        if let State::Open(waker) = &mut *state {
            let retired = waker.replace(cx.waker().clone());
            drop(state);
            // Outside the lock: dropping a waker may run anybody's code.
            drop(retired);
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::Over) {
            State::Settled(settlement) => Poll::Ready(settlement),
            State::Open(_) | State::Over => Poll::Pending,
        }
    }

    /// The asker does not want to wait any more: what comes from now on is discarded; what is there is returned.
    pub(super) fn abandon(&self) -> Option<Settlement<R>> {
        let abandoned = std::mem::replace(&mut *self.state.lock(), State::Over);
        // Taken apart outside the lock: a waker in it may run anybody's code when it is dropped.
        match abandoned {
            State::Settled(settlement) => Some(settlement),
            State::Open(_) | State::Over => None,
        }
    }
}

impl<R> fmt::Debug for ReplyCell<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyCell")
    }
}

/// How many delivered messages were answered and how many failed (MB-5).
#[derive(Debug, Default)]
pub(super) struct Ledger {
    answered: Tally,
    failed: Tally,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Ledger { answered: Tally::new(), failed: Tally::new() }
    }

    /// How many messages were answered and how many failed, at one instant: both only grow, so two equal looks in a
    /// row are one.
    pub(super) fn settled(&self) -> (u64, u64) {
        let mut seen = self.look();
        loop {
            let again = self.look();
            if again == seen {
                return seen;
            }
            seen = again;
        }
    }

    fn look(&self) -> (u64, u64) {
        (self.answered.sum(), self.failed.sum())
    }
}

/// A counter with a cheap way in for the one responder that borrows the receiver.
#[derive(Debug, Default)]
struct Tally {
    // invariant: at any time only one responder may add here, since it holds the one receiver borrowed.
    borrowed: AtomicU64,
    detached: AtomicU64,
}

impl Tally {
    fn new() -> Self {
        Tally { borrowed: AtomicU64::new(0), detached: AtomicU64::new(0) }
    }

    #[inline]
    fn add_borrowed(&self) {
        self.borrowed.store(self.borrowed.load(Ordering::Relaxed) + 1, Ordering::Release);
    }

    fn add_detached(&self) {
        self.detached.fetch_add(1, Ordering::Release);
    }

    fn sum(&self) -> u64 {
        self.borrowed.load(Ordering::Acquire) + self.detached.load(Ordering::Acquire)
    }
}

#[derive(Debug)]
enum Book<'a> {
    Borrowed(&'a Arc<Ledger>),
    Owned(Arc<Ledger>),
}

impl Book<'_> {
    #[inline]
    fn count(&self, tally: impl Fn(&Ledger) -> &Tally) {
        match self {
            Book::Borrowed(ledger) => tally(ledger).add_borrowed(),
            Book::Owned(ledger) => tally(ledger).add_detached(),
        }
    }
}

/// The duty to settle one delivered message: to answer it or to fail it, exactly once.
///
/// Dropping it fails the message, so neither a panic nor a forgotten branch leaves an asker waiting. For a message
/// that was sent, not asked, only the mailbox's counters take note.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
///
/// let environment = Environment::new(Arc::new(TokioClock::new()));
/// let (sender, mut receiver) = mailbox::<u32, u32>(MailboxConfig::with_capacity(4), environment)?;
/// sender.try_send((Lane::Normal, 20)).unwrap();
/// let (message, responder) = receiver.try_recv().unwrap().into_parts();
/// responder.answer(message + 1);
/// assert_eq!(sender.stats().answered, 1);
/// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
/// ```
#[must_use = "dropping a responder fails the message"]
#[derive(Debug)]
pub struct Responder<'a, R> {
    asker: Option<Arc<ReplyCell<R>>>,
    book: Option<Book<'a>>,
}

impl<'a, R> Responder<'a, R> {
    pub(super) fn new(asker: Option<Arc<ReplyCell<R>>>, ledger: &'a Arc<Ledger>) -> Self {
        Responder { asker, book: Some(Book::Borrowed(ledger)) }
    }

    /// Whether the message was asked, not sent; the asker may have gone since, and then the reply is discarded.
    ///
    /// # Examples
    ///
    /// See [`Responder`].
    #[must_use]
    pub fn is_ask(&self) -> bool {
        self.asker.is_some()
    }

    /// Settles the message as answered and gives the asker, if there is one, the reply.
    ///
    /// # Examples
    ///
    /// See [`Responder`].
    #[inline]
    pub fn answer(mut self, reply: R) {
        if self.answer_in_place(reply) {
            std::mem::forget(self);
        }
    }

    /// [`answer`](Responder::answer) for an owner that cannot give the responder away, since moving it costs more than
    /// counting; true when it is to be forgotten, for it owns nothing and would settle again.
    #[inline]
    pub(crate) fn answer_in_place(&mut self, reply: R) -> bool {
        if self.is_only_counted(|ledger| &ledger.answered) {
            return true;
        }
        self.settle(|ledger| &ledger.answered, Settlement::Reply(reply));
        false
    }

    /// Settles the message as failed; the asker, if there is one, gets [`AskError::Failed`].
    ///
    /// [`AskError::Failed`]: super::AskError::Failed
    ///
    /// # Examples
    ///
    /// See [`Responder`].
    pub fn fail(self) {
        drop(self);
    }

    /// Settles a message that nobody asked as answered; one that was asked has no reply, and so fails.
    #[inline]
    pub(super) fn acknowledge(mut self) {
        if self.is_only_counted(|ledger| &ledger.answered) {
            return std::mem::forget(self);
        }
        if self.asker.is_none() {
            self.settle(|ledger| &ledger.answered, Settlement::Failed);
        }
    }

    /// The same duty, free of the receiver: for handlers that outlive their turn.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
    /// # let environment = Environment::new(Arc::new(TokioClock::new()));
    /// # let (sender, mut receiver) = mailbox::<u32, u32>(MailboxConfig::with_capacity(4), environment)?;
    /// sender.try_send((Lane::Normal, 20)).unwrap();
    /// let later = receiver.try_recv().unwrap().into_parts().1.detach();
    /// drop(receiver);
    /// assert_eq!(sender.stats().in_handler, 1);
    /// later.answer(21);
    /// assert_eq!(sender.stats().in_handler, 0);
    /// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
    /// ```
    pub fn detach(mut self) -> Responder<'static, R> {
        let book = self.book.take().map(|book| match book {
            Book::Borrowed(ledger) => Book::Owned(Arc::clone(ledger)),
            Book::Owned(ledger) => Book::Owned(ledger),
        });
        Responder { asker: self.asker.take(), book }
    }

    /// The short way for a message that nobody asked: true when it is settled by a counter alone. Then the responder
    /// owns nothing, and is to be forgotten: it is settled already.
    #[inline]
    fn is_only_counted(&self, tally: impl Fn(&Ledger) -> &Tally) -> bool {
        let (None, Some(Book::Borrowed(ledger))) = (&self.asker, &self.book) else { return false };
        tally(ledger).add_borrowed();
        true
    }

    fn settle(&mut self, tally: impl Fn(&Ledger) -> &Tally, settlement: Settlement<R>) {
        let Some(book) = self.book.take() else { return };
        // Counted before the asker wakes: who has a reply in hand finds it in the counters.
        book.count(tally);
        if let Some(asker) = self.asker.take() {
            asker.settle(settlement);
        }
    }
}

impl<R> Drop for Responder<'_, R> {
    #[inline]
    fn drop(&mut self) {
        self.settle(|ledger| &ledger.failed, Settlement::Failed);
    }
}
