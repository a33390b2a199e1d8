//! The decisions of a mailbox: a plain state machine that its shell keeps behind one lock.
//!
//! Every method is one step of the rules; whom to wake and what died is put into [`Effects`], for the shell to
//! carry out after the lock is released.

use std::task::{Poll, Waker};

use super::{
    config::{MailboxConfig, Overflow},
    dead::DeadReason,
    effects::Effects,
    envelope::Envelope,
    error::SendError,
    lane::Lane,
    lanes::Lanes,
    reply::Settlement,
    time::Time,
    waiters::{Left, SlotKey, Turn, Waiters},
};

/// Counters that only grow; what is not here follows from them (MB-5).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counters {
    pub(super) offered: u64,
    pub(super) accepted: u64,
    pub(super) rejected: u64,
    pub(super) cancelled: u64,
    pub(super) delivered: u64,
    pub(super) evicted: u64,
    pub(super) expired: u64,
    pub(super) drained: u64,
    pub(super) high_water: usize,
}

/// The state of one mailbox.
///
/// # Invariants
///
/// - `lanes.len() <= capacity` (MB-1)
/// - while a sender waits the mailbox is open and full: room is handed to the first waiting sender in the step that
///   makes it (MB-7), so nothing can barge (MB-8)
#[derive(Debug)]
pub(super) struct Core<M, R> {
    config: MailboxConfig,
    lanes: Lanes<Envelope<M, R>>,
    waiters: Waiters<Envelope<M, R>>,
    counters: Counters,
    /// How many queued messages have a deadline: while there are none the clock is not read.
    deadlines: usize,
    closed: bool,
    receiver: Option<Waker>,
}

impl<M, R> Core<M, R> {
    pub(super) fn new(config: MailboxConfig) -> Self {
        Core {
            config,
            lanes: Lanes::new(config.fairness),
            waiters: Waiters::new(),
            counters: Counters::default(),
            deadlines: 0,
            closed: false,
            receiver: None,
        }
    }

    pub(super) fn config(&self) -> &MailboxConfig {
        &self.config
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    pub(super) fn lanes(&self) -> &Lanes<Envelope<M, R>> {
        &self.lanes
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiters.waiting()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Offers a message that will not wait.
    // Always: left to itself the compiler does it or not by what else it compiles, and it is a tenth of a send.
    #[inline(always)]
    pub(super) fn offer(
        &mut self,
        envelope: Envelope<M, R>,
        effects: &mut Effects<M, R>,
    ) -> Result<(), SendError<Envelope<M, R>>> {
        self.counters.offered += 1;
        if self.closed {
            self.counters.rejected += 1;
            return Err(SendError::Closed(envelope));
        }
        if self.has_room() || self.evict_for(envelope.lane, effects) {
            self.accept(envelope, effects);
            return Ok(());
        }
        self.counters.rejected += 1;
        Err(SendError::Full(envelope))
    }

    /// Offers a message that waits for room where the policy lets it: then the slot to look at is returned.
    #[inline]
    pub(super) fn offer_waiting(
        &mut self,
        envelope: Envelope<M, R>,
        waker: &Waker,
        effects: &mut Effects<M, R>,
    ) -> Result<Option<SlotKey>, SendError<Envelope<M, R>>> {
        let full = !self.has_room();
        if full && !self.closed && self.config.overflow == Overflow::Backpressure {
            return Ok(Some(self.wait(envelope, waker)));
        }
        self.offer(envelope, effects).map(|()| None)
    }

    #[inline]
    fn wait(&mut self, envelope: Envelope<M, R>, waker: &Waker) -> SlotKey {
        self.counters.offered += 1;
        self.waiters.enter(envelope.lane, envelope, waker.clone())
    }

    fn has_room(&self) -> bool {
        self.lanes.len() < self.config.capacity
    }

    /// Makes room for a message of `lane` as the overflow policy says (MB-4); false where it makes none.
    #[cold]
    fn evict_for(&mut self, lane: Lane, effects: &mut Effects<M, R>) -> bool {
        let Some(lowest) = self.lanes.lowest_lane() else { return false };
        let victim = match self.config.overflow {
            Overflow::DropOldest if lowest <= lane => self.lanes.pop_oldest(lowest),
            Overflow::DropLowest if lowest < lane => self.lanes.pop_newest(lowest),
            Overflow::Reject | Overflow::Backpressure | Overflow::DropOldest | Overflow::DropLowest => None,
        };
        let Some(victim) = victim else { return false };
        self.counters.evicted += 1;
        self.bury(victim, DeadReason::Evicted, effects);
        true
    }

    /// Makes a dead letter of a message; its asker is told in this very step, and woken after it.
    #[cold]
    fn bury(&mut self, mut envelope: Envelope<M, R>, reason: DeadReason, effects: &mut Effects<M, R>) {
        self.deadlines -= usize::from(envelope.deadline.is_some());
        if let Some(asker) = envelope.asker.take() {
            effects.wake(asker.settle_silently(Settlement::Dropped(reason)));
        }
        effects.bury(envelope, reason);
    }

    #[inline]
    fn accept(&mut self, envelope: Envelope<M, R>, effects: &mut Effects<M, R>) {
        self.counters.accepted += 1;
        self.deadlines += usize::from(envelope.deadline.is_some());
        self.lanes.push(envelope.lane, envelope);
        let len = self.lanes.len();
        debug_assert!(len <= self.config.capacity, "MB-1: {len} messages in {} places", self.config.capacity);
        self.counters.high_water = self.counters.high_water.max(len);
        effects.wake(self.receiver.take());
    }

    /// Hands the room that a removal made to the sender whose turn it is (MB-7, MB-8).
    #[inline]
    fn admit(&mut self, effects: &mut Effects<M, R>) {
        if self.waiters.waiting() > 0 {
            self.admit_next(effects);
        }
    }

    fn admit_next(&mut self, effects: &mut Effects<M, R>) {
        if let Some((_, envelope, waker)) = self.waiters.admit() {
            self.accept(envelope, effects);
            effects.wake([waker]);
        }
    }

    /// Takes the next message that has not expired; reads the clock only if some queued message has a deadline.
    #[inline]
    fn receive(&mut self, clock: impl Fn() -> Time, effects: &mut Effects<M, R>) -> Option<Envelope<M, R>> {
        let now = if self.deadlines > 0 { Some(clock()) } else { None };
        while let Some(lane) = self.lanes.next_lane() {
            let envelope = self.lanes.pop_oldest(lane)?;
            if now.zip(envelope.deadline).is_some_and(|(now, deadline)| now >= deadline) {
                self.counters.expired += 1;
                self.bury(envelope, DeadReason::Expired, effects);
                self.admit(effects);
                continue;
            }
            self.deadlines -= usize::from(envelope.deadline.is_some());
            self.counters.delivered += 1;
            self.lanes.note_delivery(lane);
            self.admit(effects);
            return Some(envelope);
        }
        None
    }

    /// Receives without waiting: `Pending` is empty, `Ready(None)` the end.
    #[inline]
    pub(super) fn try_receive(
        &mut self,
        clock: impl Fn() -> Time,
        effects: &mut Effects<M, R>,
    ) -> Poll<Option<Envelope<M, R>>> {
        match self.receive(clock, effects) {
            Some(envelope) => Poll::Ready(Some(envelope)),
            None if self.closed => Poll::Ready(None),
            None => Poll::Pending,
        }
    }

    /// Receives, or has the receiver woken by the next accepted message or by the close: one step, so that nothing
    /// slips in between.
    #[inline]
    pub(super) fn poll_receive(
        &mut self,
        clock: impl Fn() -> Time,
        waker: &Waker,
        effects: &mut Effects<M, R>,
    ) -> Poll<Option<Envelope<M, R>>> {
        let received = self.try_receive(clock, effects);
        if received.is_pending() {
            self.register_receiver(waker, effects);
        }
        received
    }

    /// Has the receiver woken by the next accepted message or by the close.
    pub(super) fn register_receiver(&mut self, waker: &Waker, effects: &mut Effects<M, R>) {
        effects.retire(self.receiver.replace(waker.clone()));
    }

    /// Forgets the receiver's waker: its receive was dropped.
    pub(super) fn unregister_receiver(&mut self) -> Option<Waker> {
        self.receiver.take()
    }

    /// Looks at the slot of a waiting sender.
    pub(super) fn look(&mut self, key: SlotKey, waker: &Waker) -> Turn<Envelope<M, R>> {
        self.waiters.look(key, waker)
    }

    /// Takes a sender that gives up out of the queue; a message that still waited is cancelled.
    pub(super) fn leave(&mut self, key: SlotKey) -> Left<Envelope<M, R>> {
        let left = self.waiters.leave(key);
        if matches!(left, Left::Waiting(..)) {
            self.counters.cancelled += 1;
        }
        left
    }

    /// Refuses every waiting and every later sender (MB-9).
    pub(super) fn close(&mut self, effects: &mut Effects<M, R>) {
        self.closed = true;
        self.counters.rejected += self.waiters.waiting() as u64;
        effects.wake(self.waiters.refuse_all().into_iter().chain(self.receiver.take()));
    }

    /// Drains what is queued, most urgent lane first, then admits as many waiting senders as there is room for.
    pub(super) fn clear(&mut self, effects: &mut Effects<M, R>) -> usize {
        let drained = self.lanes.len();
        for lane in Lane::ALL {
            while let Some(envelope) = self.lanes.pop_oldest(lane) {
                self.counters.drained += 1;
                self.bury(envelope, DeadReason::Drained, effects);
            }
        }
        while self.has_room() && self.waiters.waiting() > 0 {
            self.admit(effects);
        }
        drained
    }
}
