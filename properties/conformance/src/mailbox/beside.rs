//! The judge that runs the reference model beside an implementation.
//!
//! Its cases poll woken senders at once, so that all ways of admission come to the same, and every answer is the model's.

use std::collections::BTreeMap;

use alys_models::mailbox::{
    Answer, Consumer, Death, Ending, Handling, Mailbox, MessageId, Outcome, Parameters as Model, Post, Rank,
    Received, Ticks, Transition,
};

use super::{
    judge::{Closer, Got, Judge, Offer, Present, Told},
    subject::Parameters,
};
use crate::{
    capabilities::{Capabilities, evicts},
    clause::{
        AGING, CANCEL, CAPACITY, CONSERVED, Clause, END, EXPIRY, FIFO, OVERTAKING, POLICY, REFUSED, TURNS,
        WAITERS, WAKES,
    },
    court::{Differences, met},
};

/// The model, and what must be known beside it to tell whose difference one is.
#[derive(Debug)]
pub(super) struct Beside {
    pub(super) model: Mailbox,
    offers: BTreeMap<MessageId, (u32, Rank, Option<Ticks>)>,
    expires: bool,
    cancelled: bool,
    /// Deaths of the step, and of the polls after it.
    pub(super) deaths: Vec<(MessageId, Death)>,
    differences: Differences,
}

impl Beside {
    pub(super) fn new(parameters: &Parameters, able: &Capabilities) -> Self {
        let (warning, critical) = parameters.thresholds;
        let model = Mailbox::new(Model {
            capacity: parameters.capacity,
            policy: parameters.policy,
            aging: parameters.aging,
            warning,
            critical,
            consumer: Consumer::Hand,
        });
        let expires = able.expiry;
        let (offers, deaths, differences) = (BTreeMap::new(), Vec::new(), Vec::new());
        Beside { model, offers, expires, cancelled: false, deaths, differences }
    }

    pub(super) fn differ(&mut self, clause: &'static Clause, message: String) {
        // Where the wrong sender is admitted, the right one is not: one difference, seen twice.
        let out_of_turn = self.differences.first().is_some_and(|(first, _)| **first == WAITERS);
        if !out_of_turn {
            self.differences.push((clause, message));
        }
    }

    fn apply(&mut self, transition: Transition) -> Outcome {
        let outcome = self.model.apply(&transition);
        self.deaths.extend(self.model.deaths().iter().map(|(id, _, death)| (*id, *death)));
        outcome
    }

    fn note(&mut self, offer: Offer) -> Post {
        let deadline = offer.ttl.map(|ttl| self.model.now() + ttl);
        self.offers.insert(offer.id, (offer.sender, offer.lane, deadline));
        Post { lane: offer.lane, ttl: offer.ttl, handling: Handling::Answer }
    }

    fn lane(&self, id: MessageId) -> Rank {
        self.offers.get(&id).map_or(0, |(_, lane, _)| *lane)
    }

    fn is_full(&self) -> bool {
        self.model.queue().len() >= self.model.parameters().capacity
    }

    /// Notes what an offer meets.
    fn met_by_an_offer(&self) {
        if self.model.closed() {
            met(&REFUSED);
        } else if self.is_full() {
            met(&CAPACITY);
            met(&POLICY);
        }
        if self.cancelled {
            met(&CANCEL);
        }
    }

    /// The clause of an offer that did not end as in the model.
    fn clause_of_offer(
        &self,
        id: MessageId,
        expected: Option<Told>,
        real: Option<Told>,
        first: bool,
    ) -> &'static Clause {
        let drops = evicts(self.model.parameters().policy);
        let waits = self.model.waiting().iter().any(|other| other.id != id && other.lane >= self.lane(id));
        match (expected, real) {
            (Some(Told::Closed(_)), _) | (_, Some(Told::Closed(_))) => &REFUSED,
            (_, Some(Told::Accepted)) if waits && first => &OVERTAKING,
            (_, Some(Told::Accepted)) if waits || self.is_anothers_turn() => &WAITERS,
            (_, Some(Told::Accepted)) if !drops => &CAPACITY,
            (Some(Told::Accepted), _) if self.cancelled => &CANCEL,
            (Some(Told::Accepted), None) if !first => &WAKES,
            _ => &POLICY,
        }
    }

    /// Whether another sender was admitted and does not know it yet.
    fn is_anothers_turn(&self) -> bool {
        let mut slots = (0..Mailbox::slots()).filter_map(|slot| self.model.slot(slot));
        slots.any(|slot| slot.woken && !slot.waiting)
    }

    fn compare_offer(&mut self, id: MessageId, expected: &Outcome, real: Option<Told>, first: bool) {
        let expected = match expected {
            Outcome::Sent(Answer::Full(id)) => Some(Told::Full(Some(*id))),
            Outcome::Sent(Answer::Closed(id)) => Some(Told::Closed(Some(*id))),
            Outcome::Sent(_) => Some(Told::Accepted),
            _ => None,
        };
        if expected != real {
            let clause = self.clause_of_offer(id, expected, real, first);
            let say =
                |told: Option<Told>| told.map_or("still waits".to_owned(), |told| format!("is {told:?}"));
            self.differ(
                clause,
                format!("message {id} {}, and the rules say that it {}", say(real), say(expected)),
            );
        }
    }

    /// What the next receive meets.
    fn met_by_a_receive(&self) {
        let queue = self.model.queue();
        if queue.len() > 1 {
            met(&TURNS);
        }
        if self.model.closed() {
            met(&END);
        }
        if queue.iter().any(|message| message.deadline.is_some_and(|deadline| deadline <= self.model.now())) {
            met(&EXPIRY);
        }
        if self.model.lanes_due() > 0 {
            met(&AGING);
        }
    }

    fn compare_receive(&mut self, expected: &Received, real: Got) {
        let expected = match expected {
            Received::Message(id, ..) => Got::Message(*id),
            Received::Empty => Got::Empty,
            Received::End => Got::End,
        };
        if let Got::Message(_) = real {
            met(&CONSERVED);
        }
        if expected == real {
            return;
        }
        let message = format!("a receive gives {real:?}, and the rules say {expected:?}");
        for clause in self.clauses_of_receive(expected, real) {
            self.differ(clause, message.clone());
        }
    }

    fn clauses_of_receive(&self, expected: Got, real: Got) -> Vec<&'static Clause> {
        let key = |id: MessageId| self.offers.get(&id).map(|(sender, lane, _)| (*sender, *lane));
        let aged = self.model.parameters().aging.is_some();
        let is_queued = |id: MessageId| self.model.queue().iter().any(|message| message.id == id);
        match (expected, real) {
            (_, Got::Message(id)) if self.is_late(id) => vec![&EXPIRY],
            // One sender's messages out of order are out of turn as well, if it was its turn to come at all.
            (Got::Message(one), Got::Message(other)) if key(one) == key(other) && is_queued(other) => {
                vec![&FIFO, &TURNS]
            }
            (Got::Message(one), Got::Message(other)) if key(one) == key(other) => vec![&FIFO],
            (Got::Message(_), Got::Message(other)) if is_queued(other) && aged => vec![&AGING],
            (Got::Message(_), Got::Message(other)) if is_queued(other) => vec![&TURNS],
            (_, Got::Message(_)) => vec![&CONSERVED],
            (Got::End, _) | (_, Got::End) => vec![&END],
            (_, Got::Empty) => vec![&WAKES],
        }
    }

    pub(super) fn is_late(&self, id: MessageId) -> bool {
        let deadline = self.offers.get(&id).and_then(|(_, _, deadline)| *deadline);
        self.expires && deadline.is_some_and(|deadline| self.model.now() >= deadline)
    }

    /// Settles what was delivered: nobody asks here.
    fn settle(&mut self) {
        while !self.model.in_handler().is_empty() {
            self.apply(Transition::Settle { index: 0, ending: Ending::Answer });
        }
    }
}

impl Judge for Beside {
    fn try_sent(&mut self, offer: Offer, told: Told) {
        self.met_by_an_offer();
        let post = self.note(offer);
        let outcome = self.apply(Transition::TrySend(post));
        self.compare_offer(offer.id, &outcome, Some(told), true);
    }

    fn send_made(&mut self, offer: Offer) {
        let post = self.note(offer);
        self.apply(Transition::Send { slot: offer.place, post, unpolled: true });
    }

    fn send_polled(&mut self, id: MessageId, place: u8, told: Option<Told>, _: bool) {
        let first = self.model.slot(usize::from(place)).is_some_and(|slot| !slot.offered);
        let woken = self.model.slot(usize::from(place)).is_some_and(|slot| slot.woken);
        if first {
            self.met_by_an_offer();
        } else if woken {
            met(&WAKES);
            met(if self.model.closed() { &REFUSED } else { &WAITERS });
        }
        let outcome = self.apply(Transition::Poll { slot: place, fresh: false });
        self.compare_offer(id, &outcome, told, first);
    }

    fn send_dropped(&mut self, _: MessageId, place: u8, _: bool, _: bool) {
        met(&CANCEL);
        self.cancelled |= self.model.slot(usize::from(place)).is_some_and(|slot| slot.waiting);
        self.apply(Transition::Cancel { slot: place });
    }

    fn received(&mut self, got: Got) {
        self.met_by_a_receive();
        if let Outcome::Received(all) = self.apply(Transition::TryAcknowledge) {
            all.iter().for_each(|expected| self.compare_receive(expected, got));
        }
    }

    fn receive_polled(&mut self, first: bool, got: Option<Got>) {
        self.met_by_a_receive();
        let step = if first { Transition::Recv } else { Transition::PollRecv { fresh: false } };
        let expected = match self.apply(step) {
            Outcome::Received(all) => all.first().copied().unwrap_or(Received::Empty),
            _ => Received::Empty,
        };
        self.compare_receive(&expected, got.unwrap_or(Got::Empty));
        self.settle();
    }

    fn receive_dropped(&mut self) {
        met(&CANCEL);
        self.apply(Transition::CancelRecv);
    }

    fn closed(&mut self, by: Closer) {
        self.apply(Transition::Close { by_receiver: by == Closer::Receiver });
    }

    fn cleared(&mut self) {
        self.apply(Transition::Clear);
    }

    fn sender_cloned(&mut self) {
        self.apply(Transition::CloneSender);
    }

    fn sender_dropped(&mut self) {
        self.apply(Transition::DropSender);
    }

    fn receiver_dropped(&mut self) {
        self.apply(Transition::DropReceiver);
        // Whether they are drained is judged by the ledger alone.
        self.deaths.clear();
    }

    fn advanced(&mut self, ticks: Ticks) {
        self.apply(Transition::Advance { ticks });
    }

    fn stands(&mut self, present: &Present<'_>) -> Differences {
        // What was taken or let in out of turn is not where the model has it: one difference, seen twice.
        if self.model.receiver() && self.differences.is_empty() {
            self.check_messages(present);
            self.check_letters(present.letters.as_ref());
            self.check_wakes(present);
            self.check_seen(&present.seen);
        }
        self.deaths.clear();
        std::mem::take(&mut self.differences)
    }
}
