//! What a judge is told of a case, step by step.

use std::sync::Weak;

use alys_models::mailbox::{Death, MessageId, Rank, Ticks};

use super::subject::{Answer, Place, Received, Seen};
use crate::court::Differences;

/// How an offer ended, in names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Accepted,
    /// With the name of what was given back.
    Full(Option<MessageId>),
    Closed(Option<MessageId>),
}

/// Notes the answer, and lets go of the message that was given back.
pub(super) fn told(answer: Answer) -> Told {
    let name = |back: Option<super::Message>| back.map(|message| message.id);
    match answer {
        Answer::Accepted => Told::Accepted,
        Answer::Full(back) => Told::Full(name(back)),
        Answer::Closed(back) => Told::Closed(name(back)),
    }
}

/// What a receive gave, in names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Got {
    Message(MessageId),
    Empty,
    End,
}

/// Notes what was received, and lets go of the message.
pub(super) fn got(received: Received) -> Got {
    match received {
        Received::Message(message) => Got::Message(message.id),
        Received::Empty => Got::Empty,
        Received::End => Got::End,
    }
}

/// A message that is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) id: MessageId,
    pub(super) sender: u32,
    pub(super) lane: Rank,
    pub(super) ttl: Option<Ticks>,
    /// The place of its future among the pending ones, if it has one.
    pub(super) place: u8,
}

/// A send that is pending.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) id: MessageId,
    pub(super) place: u8,
    pub(super) offered: bool,
    pub(super) woken: bool,
}

/// How things stand after a step.
#[derive(Debug)]
pub(super) struct Present<'a> {
    pub(super) pending: Vec<Waiting>,
    /// The pending receive, and whether it was woken.
    pub(super) receiving: Option<bool>,
    /// The future that waits for the end, and whether it was woken.
    pub(super) watching: Option<bool>,
    pub(super) tokens: &'a [Weak<()>],
    pub(super) seen: Seen,
    pub(super) letters: Option<Vec<(MessageId, Death)>>,
    /// Whether the step dropped a pending future.
    pub(super) dropped: bool,
}

impl Present<'_> {
    /// Whether a message still exists.
    pub(super) fn is_alive(&self, id: MessageId) -> bool {
        self.tokens.get(id as usize).is_some_and(|token| token.strong_count() > 0)
    }

    pub(super) fn waiting(&self, id: MessageId) -> Option<&Waiting> {
        self.pending.iter().find(|waiting| waiting.id == id)
    }
}

/// Who ended the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closer {
    Sender,
    Receiver,
}

/// Holds what an implementation answers to what it may answer.
pub(super) trait Judge {
    /// A message was offered without waiting.
    fn try_sent(&mut self, offer: Offer, told: Told);

    /// The future of a send was made.
    fn send_made(&mut self, offer: Offer);

    /// It was polled; `None` is pending. `woken` is whether it had been woken since its last poll.
    fn send_polled(&mut self, id: MessageId, place: u8, told: Option<Told>, woken: bool);

    /// It was dropped; `alive` is whether its message still exists.
    fn send_dropped(&mut self, id: MessageId, place: u8, woken: bool, alive: bool);

    /// Something was taken without waiting.
    fn received(&mut self, got: Got);

    /// A receive was polled, for the first time or again; `None` is pending.
    fn receive_polled(&mut self, first: bool, got: Option<Got>);

    /// A pending receive was dropped.
    fn receive_dropped(&mut self);

    /// The mailbox was closed.
    fn closed(&mut self, by: Closer);

    /// The queue was drained.
    fn cleared(&mut self);

    /// A sender was cloned.
    fn sender_cloned(&mut self);

    /// A sender was dropped.
    fn sender_dropped(&mut self);

    /// The receiver was dropped.
    fn receiver_dropped(&mut self);

    /// Time went on.
    fn advanced(&mut self, ticks: Ticks);

    /// A place was asked for, to be kept.
    fn place_kept(&mut self, place: Place) {
        let _ = place;
    }

    /// A message was sent by a place that was kept.
    fn sent_by_place(&mut self, offer: Offer, told: Told) {
        let _ = (offer, told);
    }

    /// A place that was kept was given back.
    fn place_given_back(&mut self) {}

    /// The future that waits for the end was polled, for the first time or again.
    fn watch_polled(&mut self, first: bool, ended: bool) {
        let _ = (first, ended);
    }

    /// A step is over; gives what has differed in it.
    fn stands(&mut self, present: &Present<'_>) -> Differences;
}
