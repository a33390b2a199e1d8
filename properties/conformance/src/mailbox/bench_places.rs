//! The part of the work bench that is about places that are kept, several messages at once, and waiting for the end.

use std::task::{Context, Poll, Waker};

use super::{
    bench::{Bench, Polled},
    judge::{Got, got, told},
    operation::PLAIN,
    subject::{Place, Received},
};

/// How many places may be kept at once.
const PLACES_MAX: usize = 3;

impl Bench {
    pub(super) fn keep_place(&mut self, nth: u8) {
        let Some(from) = usize::from(nth).checked_rem(self.senders.len()) else { return };
        if self.places.len() == PLACES_MAX {
            return;
        }
        let place = self.subject.keep_place(from);
        if place == Place::Kept {
            self.places.push(self.senders[from]);
        }
        self.judge.place_kept(place);
    }

    pub(super) fn send_kept(&mut self, nth: u8) {
        let Some(place) = usize::from(nth).checked_rem(self.places.len()) else { return };
        let sender = self.places.remove(place);
        let (message, offer) = self.message(PLAIN, sender);
        let answer = self.subject.send_kept(place, message);
        self.judge.sent_by_place(offer, told(answer));
    }

    pub(super) fn give_place_back(&mut self, nth: u8) {
        let Some(place) = usize::from(nth).checked_rem(self.places.len()) else { return };
        self.places.remove(place);
        self.subject.give_place_back(place);
        self.dropped = true;
        self.judge.place_given_back();
    }

    pub(super) fn receive_many(&mut self, limit: usize) {
        let mut receive = self.subject.receive_many(limit);
        match receive.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(messages) if messages.is_empty() => self.judge.receive_polled(true, Some(Got::End)),
            Poll::Ready(messages) => {
                assert!(messages.len() <= limit, "{} messages come at once of {limit}", messages.len());
                for message in messages {
                    self.judge.receive_polled(true, Some(got(Received::Message(message))));
                }
            }
            Poll::Pending => {
                self.judge.receive_polled(true, None);
                drop(receive);
                self.dropped = true;
                self.judge.receive_dropped();
            }
        }
    }

    pub(super) fn watch_closed(&mut self, nth: u8) {
        let first = self.watching.is_none();
        let Some(from) = usize::from(nth).checked_rem(self.senders.len().max(usize::from(!first))) else {
            return;
        };
        let subject = &mut self.subject;
        let watching = self.watching.get_or_insert_with(|| Polled::new(subject.watch_closed(from)));
        let ended = watching.poll(false).is_some();
        if ended {
            self.watching = None;
        }
        self.judge.watch_polled(first, ended);
    }
}
