//! What the ledger makes of places that are kept and of those who wait for the end.

use super::{
    judge::{Offer, Present, Told},
    ledger::{Ledger, Status},
    subject::Place,
};
use crate::{
    clause::{CANCEL, CAPACITY, OVERTAKING, POLICY, REFUSED, WAKES},
    court::met,
};

/// The senders that stand for the messages that came by a kept place, each by itself.
const BY_PLACE: u32 = 1 << 16;

impl Ledger {
    pub(super) fn place_asked(&mut self, place: Place) {
        let full = self.is_full();
        let rival = self.rival(0);
        self.met_by_an_offer(full, rival.is_some());
        let waits = self.with(Status::Waiting).next().is_some();
        match place {
            Place::Kept if self.closed => self.differ(&REFUSED, "a place is given by a closed mailbox"),
            Place::Kept if full => self.differ(&CAPACITY, "a place is given, and all are taken"),
            Place::Kept => {
                if let Some(rival) = rival {
                    let message = format!("a place is given while message {} waits for room", rival.id);
                    self.differ_if_judged(&OVERTAKING, message);
                }
                self.places += 1;
            }
            Place::Full if self.closed => {
                self.differ(&REFUSED, "a place is refused as full by a closed mailbox");
            }
            Place::Full if !full && !waits => {
                let clause = if self.cancelled { &CANCEL } else { &POLICY };
                self.differ(clause, "a place is refused as full, and there is one");
            }
            Place::Closed if !self.closed => {
                self.differ(&REFUSED, "a place is refused as closed, and nobody closed the mailbox");
            }
            Place::Full | Place::Closed => {}
        }
    }

    /// Its place was there before: neither room nor order among those who wait is the matter.
    pub(super) fn came_by_place(&mut self, offer: Offer, told: Told) {
        // Whether it was offered with its place or only now can be argued: it has no turn among the others of its sender.
        self.note(Offer { sender: BY_PLACE + offer.id, ..offer });
        self.is_offered(offer.id);
        self.places -= 1;
        met(&CAPACITY);
        if told == Told::Accepted {
            self.set(offer.id, Status::Accepted);
        } else {
            self.differ(&POLICY, format!("message {} has a place that is kept, and is refused", offer.id));
        }
        self.close_if_abandoned();
    }

    pub(super) fn place_back(&mut self) {
        met(&CANCEL);
        self.places -= 1;
        self.cancelled = true;
        self.close_if_abandoned();
    }

    pub(super) fn watched(&mut self, first: bool, ended: bool) {
        self.futures += u32::from(first);
        self.futures -= u32::from(ended);
        if self.closed {
            met(&REFUSED);
        }
        if ended != self.closed {
            let closed = self.closed;
            self.differ(
                &REFUSED,
                format!("a sender is told of the end: {ended}, and it is closed: {closed}"),
            );
        }
        self.close_if_abandoned();
    }

    /// Who waits for the end is woken by it.
    pub(super) fn check_watch(&mut self, present: &Present<'_>) {
        if self.closed && present.watching == Some(false) {
            self.differ(&WAKES, "the end has come, and the sender that waits for it is not woken");
        }
    }

    /// What it says of its places agrees with what was given and taken.
    pub(super) fn check_room(&mut self, present: &Present<'_>) {
        if let Some(capacity) = present.seen.capacity
            && capacity != self.capacity
        {
            self.differ(&CAPACITY, format!("it says that it has {capacity} places of {}", self.capacity));
        }
        let Some(room) = present.seen.room else { return };
        let most = self.capacity.saturating_sub(self.len() + self.places);
        // A sender that was woken may have its place already.
        let woken = present.pending.iter().filter(|slot| slot.offered && slot.woken).count();
        let least = most.saturating_sub(woken);
        if self.receiver && !(least..=most).contains(&room) {
            let clause = if present.dropped { &CANCEL } else { &CAPACITY };
            self.differ(
                clause,
                format!("it says that {room} places are free, and there are {least} to {most}"),
            );
        }
    }
}
