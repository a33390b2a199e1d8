//! The work bench: makes the steps of a case with an implementation, polls its futures by hand, and tells the judge.

use std::{
    fmt,
    sync::Weak,
    task::{Context, Poll},
};

use alys_models::mailbox::{MessageId, Rank, Ticks};
use alys_properties::{violation::caught, wakes::CountingWaker};

use super::{
    beside::Beside,
    judge::{Closer, Judge, Offer, Present, Waiting, got, told},
    ledger::Ledger,
    machine::Case,
    operation::{Post, Step},
    subject::{Answer, MailboxUnderTest, Message, Pending, Received},
};
use crate::{
    capabilities::Capabilities,
    clause::{CONSERVED, WAKES},
    court::Differences,
};

/// How many sends may be pending at once, and how many senders there may be.
const PENDING_MAX: usize = 4;
const SENDERS_MAX: usize = 3;

/// How often woken senders are polled after a step, at most.
const POLLS_MAX: usize = 100;

/// A future that is polled by hand, and the counter of its present waker.
pub(super) struct Polled<T> {
    future: Pending<T>,
    wakes: CountingWaker,
}

impl<T> Polled<T> {
    pub(super) fn new(future: Pending<T>) -> Self {
        Polled { future, wakes: CountingWaker::new() }
    }

    pub(super) fn poll(&mut self, anew: bool) -> Option<T> {
        if anew {
            self.wakes = CountingWaker::new();
        }
        self.wakes.take();
        match self.future.as_mut().poll(&mut Context::from_waker(&self.wakes.waker())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    fn woken(&self) -> bool {
        self.wakes.count() > 0
    }
}

/// A send that is pending.
struct Slot {
    id: MessageId,
    place: u8,
    lane: Rank,
    /// The turn of its first poll.
    offered: Option<u32>,
    send: Polled<Answer>,
}

/// An implementation with everything that is pending at it, and its judge.
pub(super) struct Bench {
    pub(super) subject: Box<dyn MailboxUnderTest>,
    able: Capabilities,
    eager: bool,
    pub(super) judge: Box<dyn Judge>,
    /// The identities of the senders there are.
    pub(super) senders: Vec<u32>,
    senders_made: u32,
    receiver: bool,
    slots: Vec<Slot>,
    receiving: Option<Polled<Received>>,
    pub(super) watching: Option<Polled<()>>,
    /// The senders of the places that are kept.
    pub(super) places: Vec<u32>,
    tokens: Vec<Weak<()>>,
    offers: u32,
    now: Ticks,
    pub(super) dropped: bool,
}

impl fmt::Debug for Bench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bench").field("senders", &self.senders).finish_non_exhaustive()
    }
}

impl Bench {
    pub(super) fn new(subject: Box<dyn MailboxUnderTest>, case: &Case) -> Self {
        let judge: Box<dyn Judge> = if case.by_model {
            Box::new(Beside::new(&case.parameters, &case.subject.capabilities))
        } else {
            Box::new(Ledger::new(&case.parameters))
        };
        Bench {
            subject,
            able: case.subject.capabilities,
            eager: case.parameters.eager,
            judge,
            senders: vec![0],
            senders_made: 1,
            receiver: true,
            slots: Vec::new(),
            receiving: None,
            watching: None,
            places: Vec::new(),
            tokens: Vec::new(),
            offers: 0,
            now: 0,
            dropped: false,
        }
    }

    /// Makes one step and says what differs after it.
    pub(super) fn step(&mut self, step: Step) -> Differences {
        self.dropped = false;
        let made = caught(|| {
            self.make(step);
            if self.eager { self.poll_the_woken() } else { true }
        });
        match made {
            Ok(true) => caught(|| self.stands()).unwrap_or_else(|panic| {
                vec![(&CONSERVED, format!("it panics when it is looked at after {step:?}: {panic}"))]
            }),
            Ok(false) => vec![(&WAKES, format!("after {POLLS_MAX} polls senders are woken again and again"))],
            Err(panic) => vec![(&CONSERVED, format!("{step:?} panics: {panic}"))],
        }
    }

    fn stands(&mut self) -> Differences {
        let pending = self.slots.iter().map(|slot| Waiting {
            id: slot.id,
            place: slot.place,
            offered: slot.offered.is_some(),
            woken: slot.send.woken(),
        });
        let present = Present {
            pending: pending.collect(),
            receiving: self.receiving.as_ref().map(Polled::woken),
            watching: self.watching.as_ref().map(Polled::woken),
            tokens: &self.tokens,
            seen: self.subject.seen(),
            letters: self.subject.dead_letters(),
            dropped: self.dropped,
        };
        self.judge.stands(&present)
    }

    /// Drops everything and says what is left.
    pub(super) fn end(self) -> Differences {
        let Bench { subject, slots, receiving, watching, tokens, .. } = self;
        if let Err(panic) = caught(|| drop((receiving, watching, slots, subject))) {
            return vec![(&CONSERVED, format!("it panics when it is dropped: {panic}"))];
        }
        let left: Vec<_> = (0..tokens.len()).filter(|id| tokens[*id].strong_count() > 0).collect();
        if left.is_empty() {
            return Vec::new();
        }
        vec![(&CONSERVED, format!("the messages {left:?} still exist when everything has been dropped"))]
    }

    fn make(&mut self, step: Step) {
        match step {
            Step::TrySend(post) => self.try_send(post),
            Step::Send(post) => self.send(post, true),
            Step::SendUnpolled(post) => self.send(post, false),
            Step::Poll(nth) => self.poll_nth(nth, false),
            Step::PollAnew(nth) => self.poll_nth(nth, true),
            Step::Cancel(nth) => self.cancel(nth),
            Step::TryReceive if self.receiver && self.receiving.is_none() => {
                self.judge.received(got(self.subject.try_receive()));
            }
            Step::Receive => self.receive(false),
            Step::ReceiveAnew => self.receive(true),
            Step::CancelReceive if self.receiving.take().is_some() => {
                self.dropped = true;
                self.judge.receive_dropped();
            }
            Step::CloseBySender if !self.senders.is_empty() => {
                self.subject.close_by_sender(0);
                self.judge.closed(Closer::Sender);
            }
            Step::CloseByReceiver if self.receiver && self.receiving.is_none() => {
                self.subject.close_by_receiver();
                self.judge.closed(Closer::Receiver);
            }
            Step::Clear if self.receiver && self.receiving.is_none() => {
                self.subject.clear();
                self.judge.cleared();
            }
            Step::CloneSender(nth) => self.clone_sender(nth),
            Step::DropSender(nth) => self.drop_sender(nth),
            Step::DropReceiver if self.receiver && self.receiving.is_none() => {
                self.receiver = false;
                self.subject.drop_receiver();
                self.judge.receiver_dropped();
            }
            Step::Advance(ticks) => {
                self.now += ticks;
                self.subject.set_time(self.now);
                self.judge.advanced(ticks);
            }
            Step::KeepPlace(nth) => self.keep_place(nth),
            Step::SendKept(nth) if self.receiver => self.send_kept(nth),
            Step::GivePlaceBack(nth) => self.give_place_back(nth),
            Step::ReceiveMany(limit) if self.receiver && self.receiving.is_none() => {
                self.receive_many(usize::from(limit));
            }
            Step::WatchClosed(nth) => self.watch_closed(nth),
            _ => {}
        }
    }

    /// The sender, its message and what is noted of them; nothing while there is no sender.
    fn offer(&mut self, post: Post) -> Option<(usize, Message, Offer)> {
        let from = usize::from(post.from).checked_rem(self.senders.len())?;
        let (message, offer) = self.message(post, self.senders[from]);
        Some((from, message, offer))
    }

    pub(super) fn message(&mut self, post: Post, sender: u32) -> (Message, Offer) {
        let id = self.tokens.len() as MessageId;
        let lane = post.lane.min(self.able.lanes.saturating_sub(1));
        // Time is for the model alone.
        let ttl = post.ttl.filter(|_| self.eager && self.able.expiry);
        let (message, token) = Message::new(id, lane, ttl.map(|ttl| self.now + ttl));
        self.tokens.push(token);
        let place =
            (0..).find(|place| self.slots.iter().all(|slot| slot.place != *place)).unwrap_or_default();
        (message, Offer { id, sender, lane, ttl, place })
    }

    fn try_send(&mut self, post: Post) {
        // A simpler step may have kept the way of another kind of send.
        let Some(way) = usize::from(post.way).checked_rem(self.able.try_sends.len()) else { return };
        let Some((from, message, offer)) = self.offer(post) else { return };
        let answer = self.subject.try_send(from, way, message);
        self.judge.try_sent(offer, told(answer));
    }

    fn send(&mut self, post: Post, polled: bool) {
        if self.slots.len() == PENDING_MAX {
            return;
        }
        let Some(way) = usize::from(post.way).checked_rem(self.able.waiting_sends.len()) else { return };
        let Some((from, message, offer)) = self.offer(post) else { return };
        let send = Polled::new(self.subject.send(from, way, message));
        self.judge.send_made(offer);
        self.slots.push(Slot { id: offer.id, place: offer.place, lane: offer.lane, offered: None, send });
        if polled {
            self.poll_slot(self.slots.len() - 1, false);
        }
    }

    fn poll_nth(&mut self, nth: u8, anew: bool) {
        if let Some(index) = usize::from(nth).checked_rem(self.slots.len()) {
            self.poll_slot(index, anew);
        }
    }

    fn poll_slot(&mut self, index: usize, anew: bool) {
        let slot = &mut self.slots[index];
        if slot.offered.is_none() {
            slot.offered = Some(self.offers);
            self.offers += 1;
        }
        let (id, place, woken) = (slot.id, slot.place, slot.send.woken());
        let answer = slot.send.poll(anew).map(told);
        if answer.is_some() {
            self.slots.remove(index);
        }
        self.judge.send_polled(id, place, answer, woken);
    }

    fn cancel(&mut self, nth: u8) {
        let Some(index) = usize::from(nth).checked_rem(self.slots.len()) else { return };
        let Slot { id, place, send, .. } = self.slots.remove(index);
        let woken = send.woken();
        drop(send);
        self.dropped = true;
        let alive = self.tokens[id as usize].strong_count() > 0;
        self.judge.send_dropped(id, place, woken, alive);
    }

    fn receive(&mut self, anew: bool) {
        if !self.receiver {
            return;
        }
        let first = self.receiving.is_none();
        let subject = &mut self.subject;
        let receiving = self.receiving.get_or_insert_with(|| Polled::new(subject.receive()));
        let received = receiving.poll(anew).map(got);
        if received.is_some() {
            self.receiving = None;
        }
        self.judge.receive_polled(first, received);
    }

    fn clone_sender(&mut self, nth: u8) {
        if self.senders.len() == SENDERS_MAX || !self.able.clone_sender {
            return;
        }
        let Some(from) = usize::from(nth).checked_rem(self.senders.len()) else { return };
        self.subject.clone_sender(from);
        self.senders.push(self.senders_made);
        self.senders_made += 1;
        self.judge.sender_cloned();
    }

    fn drop_sender(&mut self, nth: u8) {
        let last = self.senders.len() == 1;
        let Some(from) = usize::from(nth).checked_rem(self.senders.len()) else { return };
        if last && !self.able.ends_with_senders {
            return;
        }
        self.subject.drop_sender(from);
        self.senders.remove(from);
        self.judge.sender_dropped();
    }

    /// Polls woken senders, as an executor would; `false` when that does not end.
    fn poll_the_woken(&mut self) -> bool {
        for _ in 0..POLLS_MAX {
            let woken =
                self.slots.iter().enumerate().filter(|(_, slot)| slot.offered.is_some() && slot.send.woken());
            let next = woken.min_by_key(|(_, slot)| (u8::MAX - slot.lane, slot.offered));
            let Some((index, _)) = next else { return true };
            self.poll_slot(index, false);
        }
        false
    }
}
