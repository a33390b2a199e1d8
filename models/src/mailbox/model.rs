//! The state of the model, what it allows, and what can be seen of it.

use super::vocabulary::{
    Answer, Consumer, Death, Handling, MessageId, Observation, Outcome, Parameters, Post, Rank, Ticks,
    Transition,
};

/// The number of slots for pending futures of senders.
pub(super) const SLOTS: usize = 6;

/// An accepted or waiting message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Queued {
    /// Its name.
    pub id: MessageId,
    /// Its lane.
    pub lane: Rank,
    /// When it expires.
    pub deadline: Option<Ticks>,
    /// Whether somebody asked.
    pub asked: bool,
    /// What the handler will make of it.
    pub handling: Handling,
}

/// Where a pending future stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Stage {
    /// Not polled yet.
    Unoffered { timeout: Option<Ticks> },
    /// Its message waits for room.
    Waiting,
    /// Its message was accepted; an ask waits for the reply.
    Accepted,
    /// It has ended, and says so when it is polled.
    Ended(Answer),
}

/// A pending future of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Slot {
    pub(super) message: Queued,
    pub(super) stage: Stage,
    pub(super) woken: bool,
    pub(super) gives_up_at: Option<Ticks>,
}

/// What a checker may know of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SlotView {
    /// Whether it was polled at all.
    pub offered: bool,
    /// Whether its message waits for room.
    pub waiting: bool,
    /// Whether it must have been woken since it was last polled.
    pub woken: bool,
    /// Whether it is an ask.
    pub ask: bool,
    /// The lane of its message.
    pub lane: Rank,
    /// Whether its message was evicted.
    pub evicted: bool,
    /// Whether an ask's time is up.
    pub time_is_up: bool,
}

/// Counters that only grow (MB-5, MB-13).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the fields are those of rule MB-5, word for word")]
pub struct Counters {
    pub offered: u64,
    pub accepted: u64,
    pub rejected: u64,
    pub cancelled: u64,
    pub delivered: u64,
    pub evicted: u64,
    pub expired: u64,
    pub drained: u64,
    pub answered: u64,
    pub failed: u64,
    pub high_water: usize,
}

/// The reference mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mailbox {
    pub(super) parameters: Parameters,
    pub(super) now: Ticks,
    pub(super) next_id: MessageId,
    /// Accepted messages in the order of acceptance.
    pub(super) queue: Vec<Queued>,
    /// Messages that wait for room, in the order of first polls.
    pub(super) waiting: Vec<Queued>,
    /// Delivered messages that are not settled, in the order of delivery.
    pub(super) in_handler: Vec<Queued>,
    pub(super) slots: [Option<Slot>; SLOTS],
    /// The pending receive, and whether it must have been woken.
    pub(super) receiving: Option<bool>,
    /// Deliveries from above since a lane's last delivery, or since it became non-empty (MB-11).
    pub(super) ages: [u64; 6],
    pub(super) handles: u8,
    pub(super) receiver: bool,
    pub(super) closed: bool,
    pub(super) counters: Counters,
    /// Deaths of the last transition, in order.
    pub(super) deaths: Vec<(MessageId, Rank, Death)>,
    /// Futures that ended by themselves in the last transition (actor only), by slot.
    pub(super) endings: Vec<(u8, Answer)>,
    /// Messages that the actor began to handle in the last transition, in order.
    pub(super) handled: Vec<MessageId>,
    /// The exclusive message that the actor is busy with.
    pub(super) busy: Option<MessageId>,
    /// Whether the actor was told that its mailbox has ended.
    pub(super) ended: bool,
}

impl Mailbox {
    /// An empty mailbox with one sender's handle.
    #[must_use]
    pub fn new(parameters: Parameters) -> Self {
        Mailbox {
            parameters,
            now: 0,
            next_id: 0,
            queue: Vec::new(),
            waiting: Vec::new(),
            in_handler: Vec::new(),
            slots: [None; SLOTS],
            receiving: None,
            ages: [0; 6],
            handles: 1,
            receiver: true,
            closed: false,
            counters: Counters::default(),
            deaths: Vec::new(),
            endings: Vec::new(),
            handled: Vec::new(),
            busy: None,
            ended: false,
        }
    }

    /// Whether a transition makes sense now.
    #[must_use]
    pub fn allows(&self, transition: &Transition) -> bool {
        let hand = self.parameters.consumer == Consumer::Hand;
        let free = |slot: u8| self.slots.get(usize::from(slot)).is_some_and(Option::is_none);
        let pending = |slot: u8| self.slots.get(usize::from(slot)).is_some_and(Option::is_some);
        match *transition {
            Transition::TrySend(_) => self.handles > 0,
            Transition::Send { slot, unpolled, .. } | Transition::Ask { slot, unpolled, .. } => {
                self.handles > 0 && free(slot) && (hand || !unpolled)
            }
            Transition::Poll { slot, .. } => hand && pending(slot),
            Transition::Cancel { slot } => pending(slot),
            Transition::TryRecv | Transition::TryAcknowledge | Transition::Recv | Transition::Clear => {
                hand && self.receiver && self.receiving.is_none()
            }
            Transition::Turn { receives } => {
                hand && self.receiver && self.receiving.is_none() && receives > 0
            }
            Transition::PollRecv { .. } | Transition::CancelRecv => self.receiving.is_some(),
            Transition::Settle { index, .. } => usize::from(index) < self.in_handler.len(),
            Transition::Close { by_receiver: false } | Transition::DropSender => self.handles > 0,
            Transition::Close { by_receiver: true } => hand && self.receiver && self.receiving.is_none(),
            Transition::CloneSender => self.handles > 0 && self.handles < 3,
            Transition::DropReceiver => self.receiver && self.receiving.is_none(),
            Transition::Advance { ticks } => ticks > 0,
        }
    }

    /// Makes one step.
    pub fn apply(&mut self, transition: &Transition) -> Outcome {
        self.deaths.clear();
        self.endings.clear();
        self.handled.clear();
        let outcome = self.step(transition);
        if self.parameters.consumer == Consumer::Actor {
            self.run_actor();
        }
        outcome
    }

    /// Makes one step whose message, if it posts one, is called `id`: for histories whose order is not known.
    pub fn apply_named(&mut self, transition: &Transition, id: MessageId) -> Outcome {
        self.next_id = id;
        let outcome = self.apply(transition);
        self.next_id = 0;
        outcome
    }

    fn step(&mut self, transition: &Transition) -> Outcome {
        match *transition {
            Transition::TrySend(post) => self.try_send(post),
            Transition::Send { slot, post, unpolled } => self.begin(slot, post, false, None, unpolled),
            Transition::Ask { slot, post, timeout, unpolled } => {
                self.begin(slot, post, true, timeout, unpolled)
            }
            Transition::Poll { slot, .. } => self.poll(slot),
            Transition::Cancel { slot } => self.cancel(slot),
            Transition::TryRecv => self.try_recv(),
            Transition::TryAcknowledge => self.try_acknowledge(),
            Transition::Recv | Transition::PollRecv { .. } => self.poll_recv(),
            Transition::CancelRecv => {
                self.receiving = None;
                Outcome::Done
            }
            Transition::Turn { receives } => self.turn(receives),
            Transition::Settle { index, ending } => self.settle(index, ending),
            Transition::Close { .. } => {
                self.close();
                Outcome::Done
            }
            Transition::Clear => Outcome::Cleared(self.clear()),
            Transition::CloneSender => {
                self.handles += 1;
                Outcome::Done
            }
            Transition::DropSender => {
                self.handles -= 1;
                self.close_if_abandoned();
                Outcome::Done
            }
            Transition::DropReceiver => {
                match self.parameters.consumer {
                    Consumer::Hand => self.drop_receiver(),
                    Consumer::Actor => self.stop_actor(),
                }
                Outcome::Done
            }
            Transition::Advance { ticks } => self.advance(ticks),
        }
    }

    /// What can be seen from outside now.
    #[must_use]
    pub fn observe(&self) -> Observation {
        let (len, capacity) = (self.queue.len(), self.parameters.capacity);
        let reaches = |permille: u16| 1000 * len >= usize::from(permille) * capacity;
        let counters = self.counters;
        Observation {
            offered: counters.offered,
            accepted: counters.accepted,
            rejected: counters.rejected,
            waiting: self.waiting.len() as u64,
            cancelled: counters.cancelled,
            delivered: counters.delivered,
            evicted: counters.evicted,
            expired: counters.expired,
            drained: counters.drained,
            answered: counters.answered,
            failed: counters.failed,
            in_handler: self.in_handler.len() as u64,
            len,
            lanes: [0, 1, 2, 3, 4, 5]
                .map(|lane: Rank| self.queue.iter().filter(|message| message.lane == lane).count()),
            high_water: counters.high_water,
            backpressure: if len == capacity {
                3
            } else if reaches(self.parameters.critical) {
                2
            } else {
                u8::from(reaches(self.parameters.warning))
            },
            closed: self.closed,
        }
    }

    /// The name of the message that the next post gets.
    #[must_use]
    pub fn next_id(&self) -> MessageId {
        self.next_id
    }

    /// Assigns a name to a post.
    pub(super) fn name(&mut self, post: Post, asked: bool) -> Queued {
        let id = self.next_id;
        self.next_id += 1;
        let deadline = post.ttl.map(|ttl| self.now + ttl);
        Queued { id, lane: post.lane, deadline, asked, handling: post.handling }
    }
}
