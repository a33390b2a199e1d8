//! What the ledger makes of each event.

use alys_models::mailbox::{MessageId, Ticks};

use super::{
    judge::{Closer, Got, Judge, Offer, Present, Told},
    ledger::{Ledger, Status},
    subject::Place,
};
use crate::{
    clause::{CANCEL, WAKES},
    court::{Differences, met},
};

impl Judge for Ledger {
    fn try_sent(&mut self, offer: Offer, told: Told) {
        self.note(offer);
        self.is_offered(offer.id);
        self.answered(offer.id, told, false);
    }

    fn send_made(&mut self, offer: Offer) {
        self.futures += 1;
        self.note(offer);
    }

    fn send_polled(&mut self, id: MessageId, _: u8, told: Option<Told>, _: bool) {
        let first = self.entry(id).is_some_and(|entry| entry.status == Status::Unoffered);
        if first {
            self.is_offered(id);
        }
        self.futures -= u32::from(told.is_some());
        match told {
            Some(told) if first => self.answered(id, told, true),
            Some(told) => self.has_waited(id, told),
            None => {
                let full = self.is_full();
                if first {
                    let rival = self.with(Status::Waiting).next().is_some();
                    self.met_by_an_offer(full, rival);
                }
                let delivered = self.entry(id).is_some_and(|entry| entry.status == Status::Delivered);
                if delivered {
                    self.differ(&WAKES, format!("message {id} was delivered, and its send is still pending"));
                } else {
                    self.still_pending(id, first);
                }
            }
        }
        self.close_if_abandoned();
    }

    fn send_dropped(&mut self, id: MessageId, _: u8, woken: bool, alive: bool) {
        met(&CANCEL);
        self.futures -= 1;
        let Some(entry) = self.entry(id) else { return };
        // One that was woken may have been let in already: then its message is in the queue.
        entry.status = match entry.status {
            Status::Waiting if woken && alive => Status::Accepted,
            Status::Delivered => Status::Delivered,
            _ => Status::Cancelled,
        };
        self.cancelled |= self.entry(id).is_some_and(|entry| entry.status == Status::Cancelled);
        self.close_if_abandoned();
    }

    fn received(&mut self, got: Got) {
        match got {
            Got::Message(id) => self.delivered(id),
            got => self.nothing(Some(got)),
        }
    }

    fn receive_polled(&mut self, _: bool, got: Option<Got>) {
        match got {
            Some(Got::Message(id)) => self.delivered(id),
            got => self.nothing(got),
        }
    }

    fn receive_dropped(&mut self) {
        met(&CANCEL);
    }

    fn closed(&mut self, _: Closer) {
        self.closed = true;
    }

    fn cleared(&mut self) {}

    fn sender_cloned(&mut self) {
        self.senders += 1;
    }

    fn sender_dropped(&mut self) {
        self.senders -= 1;
        self.close_if_abandoned();
    }

    fn receiver_dropped(&mut self) {
        self.receiver = false;
        self.closed = true;
    }

    fn advanced(&mut self, _: Ticks) {}

    fn place_kept(&mut self, place: Place) {
        self.place_asked(place);
    }

    fn sent_by_place(&mut self, offer: Offer, told: Told) {
        self.came_by_place(offer, told);
    }

    fn place_given_back(&mut self) {
        self.place_back();
    }

    fn watch_polled(&mut self, first: bool, ended: bool) {
        self.watched(first, ended);
    }

    fn stands(&mut self, present: &Present<'_>) -> Differences {
        self.check_messages(present);
        self.check_wakes(present);
        self.check_watch(present);
        self.check_seen(present);
        self.check_room(present);
        std::mem::take(&mut self.differences)
    }
}
