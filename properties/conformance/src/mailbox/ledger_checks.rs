//! What the ledger holds an implementation to after every step.

use alys_models::mailbox::MessageId;

use super::{
    judge::Present,
    ledger::{Ledger, Status},
};
use crate::{
    clause::{CANCEL, CAPACITY, CONSERVED, DRAINED, END, REFUSED, WAITERS, WAKES},
    court::met,
};

impl Ledger {
    /// A sender that has waited is let in: nobody of its lane or above may have waited longer and still sleep.
    pub(super) fn check_turn(&mut self, id: MessageId) {
        let Some(entry) = self.entry(id).copied() else { return };
        let before = self.with(Status::Waiting).filter(|other| {
            other.id != id
                && (other.lane > entry.lane || (other.lane == entry.lane && other.offered < entry.offered))
        });
        let before: Vec<_> = before.copied().collect();
        if self.with(Status::Waiting).count() > 1 {
            met(&WAITERS);
        }
        // Who came after this one was woken came too late: its message may have been in already.
        if let Some(other) = before.iter().find(|other| !other.woken && other.offered < entry.woken_after) {
            let other = other.id;
            self.differ(
                &WAITERS,
                format!("waiting message {id} is admitted before message {other}, whose turn it was"),
            );
        }
    }

    /// What was accepted exists until it is delivered, or dies with the receiver.
    pub(super) fn check_messages(&mut self, present: &Present<'_>) {
        let queued: Vec<_> = self.with(Status::Accepted).map(|entry| entry.id).collect();
        if !self.receiver {
            if !queued.is_empty() {
                met(&DRAINED);
            }
            let left: Vec<_> = queued.iter().filter(|id| present.is_alive(**id)).collect();
            if !left.is_empty() {
                let message =
                    format!("the accepted messages {left:?} still exist after the receiver was dropped");
                self.differ(&DRAINED, message);
            }
            for id in queued {
                if let Some(entry) = self.entry(id) {
                    entry.status = Status::Gone;
                }
            }
            return;
        }
        if self.closed && !queued.is_empty() {
            met(&END);
        }
        let lost: Vec<_> = queued.iter().filter(|id| !present.is_alive(**id)).collect();
        if !lost.is_empty() {
            let clause = if self.closed {
                &END
            } else if present.dropped {
                &CANCEL
            } else {
                &CONSERVED
            };
            self.differ(clause, format!("the accepted messages {lost:?} are gone, and nobody received them"));
        }
    }

    /// Whoever has something to find has been woken.
    pub(super) fn check_wakes(&mut self, present: &Present<'_>) {
        self.check_receiver(present);
        for index in 0..self.entries.len() {
            let id = self.entries[index].id;
            let woken = present.waiting(id).is_some_and(|waiting| waiting.offered && waiting.woken);
            let (entry, offers) = (&mut self.entries[index], self.offers);
            let woken = woken && (entry.woken || !self.closed);
            entry.woken_after = match (entry.woken, woken) {
                (true, true) => entry.woken_after,
                (false, true) => offers,
                (_, false) => u32::MAX,
            };
            entry.woken = woken;
        }
        let waiting: Vec<_> = present
            .pending
            .iter()
            .filter(|slot| slot.offered && self.entries.iter().any(|entry| entry.id == slot.id))
            .collect();
        let sleeping: Vec<_> = waiting.iter().filter(|slot| !slot.woken).map(|slot| slot.id).collect();
        let done: Vec<_> = self.with(Status::Delivered).map(|entry| entry.id).collect();
        if let Some(id) = sleeping.iter().find(|id| done.contains(id)) {
            return self.differ(&WAKES, format!("message {id} was delivered, and its sender was not woken"));
        }
        if waiting.is_empty() {
            return;
        }
        if self.closed {
            met(&WAKES);
            met(&REFUSED);
            if !sleeping.is_empty() {
                self.differ(
                    &WAKES,
                    format!("closed, and the senders of the messages {sleeping:?} are not woken"),
                );
            }
            return;
        }
        let room = self.capacity.saturating_sub(self.len() + self.places);
        let awake = waiting.len() - sleeping.len();
        if room > 0 {
            met(&WAKES);
        }
        if awake < room.min(waiting.len()) {
            let clause = if present.dropped { &CANCEL } else { &WAKES };
            let message = format!(
                "there is room for {room}, and of the senders that wait, those of the messages {sleeping:?} are not woken"
            );
            self.differ(clause, message);
        }
    }

    fn check_receiver(&mut self, present: &Present<'_>) {
        let Some(woken) = present.receiving else { return };
        let len = self.len();
        let ended = self.closed && self.places == 0 && self.with(Status::Waiting).next().is_none();
        if len > 0 || ended {
            met(&WAKES);
        }
        if woken {
            return;
        }
        if len > 0 {
            self.differ(
                &WAKES,
                format!("{len} messages are queued, and the receiver that waits is not woken"),
            );
        } else if ended {
            self.differ(&WAKES, "the end has come, and the receiver that waits is not woken");
        }
    }

    /// What it says of itself agrees with what it did.
    pub(super) fn check_seen(&mut self, present: &Present<'_>) {
        if let Some(closed) = present.seen.closed
            && closed != self.closed
        {
            self.differ(&REFUSED, format!("it says closed: {closed}, and it is closed: {}", self.closed));
        }
        let Some(len) = present.seen.len else { return };
        if len > self.capacity {
            self.differ(
                &CAPACITY,
                format!("it says that {len} messages are queued in {} places", self.capacity),
            );
        }
        // The message of a sender that was woken may be in the queue already, or have its place.
        let least = self.len();
        let most = least + present.pending.iter().filter(|slot| slot.offered && slot.woken).count();
        if self.receiver && !(least..=most).contains(&len) {
            let message = format!("it says that {len} messages are queued, and there are {least} to {most}");
            self.differ(&CONSERVED, message);
        }
    }
}
