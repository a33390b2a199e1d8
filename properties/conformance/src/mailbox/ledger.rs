//! The judge that keeps a ledger of what it has seen itself.
//!
//! Implementations differ in when the message of a waiting sender is taken in: in the step that makes room, or when the
//! woken sender is polled, with its place reserved meanwhile or not. The ledger allows all of that, and whatever
//! order futures are polled in, and holds an implementation to what follows from its own answers alone.

use alys_models::mailbox::{MessageId, Policy, Rank};

use super::{
    judge::{Got, Offer, Told},
    subject::Parameters,
};
use crate::{
    clause::{CANCEL, CAPACITY, CONSERVED, Clause, END, FIFO, HANDOVER, OVERTAKING, POLICY, REFUSED, WAKES},
    court::{self, Differences, met},
};

/// Where a message stands, as far as its sender and the receiver were told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Unoffered,
    Waiting,
    Accepted,
    Refused,
    Cancelled,
    Delivered,
    /// Drained with the receiver.
    Gone,
}

/// What is noted of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) id: MessageId,
    pub(super) sender: u32,
    pub(super) lane: Rank,
    /// The turn of its offer.
    pub(super) offered: u32,
    pub(super) status: Status,
    /// Whether its sender was woken while the mailbox was open: such a one may still be let in.
    pub(super) woken: bool,
    /// The turns of the offers that had been made when it was woken.
    pub(super) woken_after: u32,
}

/// The judge of every schedule.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) capacity: usize,
    policy: Policy,
    pub(super) entries: Vec<Entry>,
    pub(super) offers: u32,
    pub(super) closed: bool,
    pub(super) senders: u32,
    /// Futures of sends, each of which keeps a sender.
    pub(super) futures: u32,
    pub(super) receiver: bool,
    /// Places that are kept for later, each of which keeps a sender.
    pub(super) places: usize,
    /// Whether a pending send was dropped before: then a place that is missing may be the one it took.
    pub(super) cancelled: bool,
    pub(super) differences: Differences,
}

impl Ledger {
    pub(super) fn new(parameters: &Parameters) -> Self {
        Ledger {
            capacity: parameters.capacity,
            policy: parameters.policy,
            entries: Vec::new(),
            offers: 0,
            closed: false,
            senders: 1,
            futures: 0,
            receiver: true,
            places: 0,
            cancelled: false,
            differences: Vec::new(),
        }
    }

    pub(super) fn differ(&mut self, clause: &'static Clause, message: impl Into<String>) {
        self.differences.push((clause, message.into()));
    }

    /// The same for a clause that says more than others need: it ends a case only when it is judged.
    pub(super) fn differ_if_judged(&mut self, clause: &'static Clause, message: String) {
        if court::is_judged(clause) {
            self.differ(clause, message);
        }
    }

    /// How many messages are known to be queued.
    pub(super) fn len(&self) -> usize {
        self.with(Status::Accepted).count()
    }

    pub(super) fn with(&self, status: Status) -> impl Iterator<Item = &Entry> + Clone {
        self.entries.iter().filter(move |entry| entry.status == status)
    }

    pub(super) fn entry(&mut self, id: MessageId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }

    pub(super) fn note(&mut self, offer: Offer) {
        let Offer { id, sender, lane, .. } = offer;
        let status = Status::Unoffered;
        self.entries.push(Entry {
            id,
            sender,
            lane,
            offered: u32::MAX,
            status,
            woken: false,
            woken_after: u32::MAX,
        });
    }

    pub(super) fn is_offered(&mut self, id: MessageId) {
        let turn = self.offers;
        self.offers += 1;
        if let Some(entry) = self.entry(id) {
            entry.offered = turn;
        }
    }

    pub(super) fn set(&mut self, id: MessageId, status: Status) {
        if let Some(entry) = self.entry(id) {
            entry.status = status;
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() + self.places >= self.capacity
    }

    /// A message was offered for the first time, and answered at once.
    pub(super) fn answered(&mut self, id: MessageId, told: Told, may_wait: bool) {
        let Some(entry) = self.entry(id).copied() else { return };
        let (full, waiters) = (self.is_full(), self.with(Status::Waiting).count());
        let rival = self.rival(entry.lane);
        self.met_by_an_offer(full, rival.is_some());
        match told {
            Told::Accepted => {
                if let Some(rival) = rival {
                    let message =
                        format!("message {id} is accepted while message {} waits for room", rival.id);
                    self.differ_if_judged(&OVERTAKING, message);
                }
                self.accepted(id);
            }
            Told::Full(back) => {
                if self.closed {
                    self.differ(&REFUSED, format!("message {id} is refused as full by a closed mailbox"));
                } else if may_wait && self.policy == Policy::Backpressure {
                    self.differ(
                        &POLICY,
                        format!("the send of message {id} is refused as full instead of waiting"),
                    );
                } else if !full && waiters == 0 {
                    self.no_room(id, "refused as full");
                }
                self.refused(id, back, &POLICY);
            }
            Told::Closed(back) => self.told_closed(id, back),
        }
    }

    /// A message that waits for room and goes before one of this lane. One whose sender was woken may be queued
    /// already, or have its place: it waits only if all places are needed for such as it.
    pub(super) fn rival(&self, lane: Rank) -> Option<Entry> {
        let mut rivals = self.with(Status::Waiting).filter(|other| other.lane >= lane);
        let woken = rivals.clone().filter(|other| other.woken).count();
        let needed = self.len() + self.places + woken >= self.capacity;
        rivals.find(|other| needed || !other.woken).copied()
    }

    pub(super) fn met_by_an_offer(&self, full: bool, rival: bool) {
        if self.closed {
            return met(&REFUSED);
        }
        if full {
            met(&CAPACITY);
            met(&POLICY);
        }
        if rival {
            met(&OVERTAKING);
        }
        if self.cancelled {
            met(&CANCEL);
        }
    }

    /// Checks an acceptance, of a new message or of one that has waited.
    fn accepted(&mut self, id: MessageId) {
        if self.closed && !self.entry(id).is_some_and(|entry| entry.woken) {
            self.differ(&REFUSED, format!("message {id} is accepted by a closed mailbox"));
        } else if self.is_full() {
            let (len, capacity) = (self.len(), self.capacity);
            let places = format!("with {len} of {capacity} places taken");
            self.differ(&CAPACITY, format!("message {id} is accepted {places}"));
        }
        self.set(id, Status::Accepted);
    }

    /// Something was not let in although there is room for it.
    fn no_room(&mut self, id: MessageId, what: &str) {
        let (len, capacity) = (self.len(), self.capacity);
        let clause = if self.cancelled { &CANCEL } else { &POLICY };
        let after = if self.cancelled { " after a pending send was dropped" } else { "" };
        self.differ(clause, format!("message {id} is {what} with {len} of {capacity} places taken{after}"));
    }

    fn refused(&mut self, id: MessageId, back: Option<MessageId>, clause: &'static Clause) {
        if back != Some(id) {
            let given = back.map_or("nothing".to_owned(), |other| format!("message {other}"));
            self.differ(clause, format!("the refusal of message {id} gives {given} back"));
        }
        self.set(id, Status::Refused);
    }

    fn told_closed(&mut self, id: MessageId, back: Option<MessageId>) {
        if !self.closed {
            self.differ(
                &REFUSED,
                format!("message {id} is refused as closed, and nobody closed the mailbox"),
            );
        }
        self.refused(id, back, &REFUSED);
    }

    /// A message came out.
    pub(super) fn delivered(&mut self, id: MessageId) {
        met(&CONSERVED);
        let Some(entry) = self.entry(id).copied() else {
            return self.differ(&CONSERVED, format!("message {id} is delivered, and nobody sent it"));
        };
        match entry.status {
            Status::Accepted => {}
            Status::Waiting => met(&HANDOVER),
            Status::Cancelled => {
                self.differ(
                    &CANCEL,
                    format!("message {id} is delivered, and its send was dropped before its turn"),
                );
            }
            other => {
                self.differ(&CONSERVED, format!("message {id} is delivered, and it was {other:?} already"))
            }
        }
        let of_its_key = |other: &&Entry| {
            other.status == Status::Delivered && (other.sender, other.lane) == (entry.sender, entry.lane)
        };
        let of_sender: Vec<_> = self.entries.iter().filter(of_its_key).collect();
        if !of_sender.is_empty() {
            met(&FIFO);
        }
        if let Some(later) = of_sender.iter().find(|other| other.offered > entry.offered) {
            let later = later.id;
            self.differ(
                &FIFO,
                format!("message {later} came before message {id}, which its sender had offered first"),
            );
        }
        self.set(id, Status::Delivered);
    }

    /// Nothing came out.
    pub(super) fn nothing(&mut self, got: Option<Got>) {
        let len = self.len();
        let late = self.with(Status::Waiting).count();
        if self.closed {
            met(&END);
        }
        let found = if got.is_none() { "pending" } else { "empty" };
        match got {
            Some(Got::End) if len > 0 => {
                self.differ(&END, format!("the end is told while {len} accepted messages are queued"));
            }
            Some(Got::End) if !self.closed => {
                self.differ(&END, "the end is told, and nobody closed the mailbox")
            }
            Some(Got::End) if self.places > 0 => {
                self.differ(&END, "the end is told while a place is kept for a message");
            }
            Some(Got::End) => {}
            _ if len > 0 => {
                self.differ(&WAKES, format!("a receive is {found} while {len} messages are queued"))
            }
            _ if self.closed && late == 0 && self.places == 0 => {
                self.differ(&END, format!("a receive is {found} after the end: closed, and nothing is left"));
            }
            _ if !self.closed && late > 0 && self.places < self.capacity => {
                met(&HANDOVER);
                let waits = self.with(Status::Waiting).map(|entry| entry.id).min().unwrap_or_default();
                let message =
                    format!("a receive is {found} while there is room and message {waits} waits for it");
                self.differ_if_judged(&HANDOVER, message);
            }
            _ => {}
        }
    }

    pub(super) fn close_if_abandoned(&mut self) {
        if self.senders == 0 && self.futures == 0 && self.places == 0 {
            self.closed = true;
        }
    }

    /// A pending send was polled again, or for the first time, and is pending.
    pub(super) fn still_pending(&mut self, id: MessageId, first: bool) {
        if self.closed {
            return self.differ(&REFUSED, format!("the send of message {id} waits at a closed mailbox"));
        }
        let others = self.with(Status::Waiting).filter(|other| other.id != id).count();
        if self.policy != Policy::Backpressure {
            self.differ(
                &POLICY,
                format!("the send of message {id} waits, and the policy is {:?}", self.policy),
            );
        } else if first && !self.is_full() && others == 0 {
            self.no_room(id, "made to wait");
        } else if self.len() + self.places + others < self.capacity {
            self.differ(&WAKES, format!("the send of message {id} is pending while there is room for it"));
        }
        if first {
            self.set(id, Status::Waiting);
        }
    }

    /// A send that has waited has ended.
    pub(super) fn has_waited(&mut self, id: MessageId, told: Told) {
        let delivered = self.entry(id).is_some_and(|entry| entry.status == Status::Delivered);
        match told {
            Told::Accepted if delivered => {}
            _ if delivered => {
                self.differ(
                    &CONSERVED,
                    format!("message {id} was delivered, and its sender is told {told:?}"),
                );
            }
            Told::Accepted => {
                self.check_turn(id);
                self.accepted(id);
            }
            Told::Full(_) => {
                self.differ(&POLICY, format!("the waiting send of message {id} is refused as full"))
            }
            Told::Closed(back) => {
                met(&REFUSED);
                self.told_closed(id, back);
            }
        }
    }
}
