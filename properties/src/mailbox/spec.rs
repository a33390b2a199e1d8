//! The model of the mailbox as a sequential specification, for histories of several threads.

use std::collections::BTreeMap;

use alys_models::mailbox::{Ending, Mailbox, MessageId, Observation, Outcome, Parameters, Ticks, Transition};

use super::compare::{Letter, letter};
use crate::linearizability::SequentialSpec;

/// What a thread does at a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// A transition; the message that it posts, if it posts one, has this name.
    Step(Transition, MessageId),
    /// Starts the clock of the ask with a timeout that is about to be offered from a slot.
    StartClock(u8),
    /// Answers this delivered message.
    Answer(MessageId),
    /// Looks whether the pending future of a slot has been woken since it was last polled.
    Woken(u8),
    /// Looks whether the pending receive has been woken since it was last polled.
    ReceiverWoken,
    /// Looks at everything that can be seen.
    Observe,
    /// Looks at the dead letters so far.
    DeadLetters,
}

/// What a call was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The answer to a transition.
    Outcome(Outcome),
    /// Whether there was a wake-up; `None` where nothing is pending.
    Woken(Option<bool>),
    /// What was seen.
    Observation(Box<Observation>),
    /// Every dead letter so far, by name: their order between threads is nobody's.
    DeadLetters(Vec<Letter>),
}

/// The model, called by one thread at a time, and every dead letter so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spec {
    model: Mailbox,
    dead: Vec<Letter>,
    /// When the clock of an ask was started that has not been offered yet.
    started: BTreeMap<u8, Ticks>,
}

impl Spec {
    /// An empty mailbox.
    #[must_use]
    pub fn new(parameters: Parameters) -> Self {
        Spec { model: Mailbox::new(parameters), dead: Vec::new(), started: BTreeMap::new() }
    }

    fn answer(&mut self, id: MessageId) -> Outcome {
        let index = self.model.in_handler().iter().position(|message| message.id == id);
        match index.and_then(|index| u8::try_from(index).ok()) {
            Some(index) => self.model.apply(&Transition::Settle { index, ending: Ending::Answer }),
            None => Outcome::Pending,
        }
    }

    /// Makes a transition; an ask's time runs from the start of its clock, not from its offer.
    fn step(&mut self, transition: &Transition, id: MessageId) -> Option<Outcome> {
        let outcome = match *transition {
            Transition::Ask { slot, post, timeout: Some(timeout), unpolled } => {
                // It cannot be offered before its clock has started: no answer is right then.
                let up = self.started.remove(&slot)? + timeout;
                let offer = Transition::Ask { slot, post, timeout: None, unpolled };
                let outcome = self.model.apply_named(&offer, id);
                self.model.give_up_at(slot, up);
                outcome
            }
            _ => self.model.apply_named(transition, id),
        };
        self.note_deaths();
        Some(outcome)
    }

    fn note_deaths(&mut self) {
        self.dead.extend(self.model.deaths().iter().map(letter));
        self.dead.sort_unstable_by_key(|(id, ..)| *id);
    }
}

impl SequentialSpec for Spec {
    type Call = Call;
    type Return = Told;

    fn apply(&mut self, call: &Call) -> Told {
        match call {
            Call::Step(transition, id) => self.step(transition, *id).map_or(Told::Woken(None), Told::Outcome),
            Call::StartClock(slot) => {
                self.started.insert(*slot, self.model.now());
                Told::Outcome(Outcome::Done)
            }
            Call::Answer(id) => Told::Outcome(self.answer(*id)),
            Call::Woken(slot) => Told::Woken(self.model.slot(usize::from(*slot)).map(|slot| slot.woken)),
            Call::ReceiverWoken => Told::Woken(self.model.receiving()),
            Call::Observe => Told::Observation(Box::new(self.model.observe())),
            Call::DeadLetters => Told::DeadLetters(self.dead.clone()),
        }
    }

    fn changes_nothing(call: &Call, _: &Told) -> bool {
        matches!(call, Call::Woken(_) | Call::ReceiverWoken | Call::Observe | Call::DeadLetters)
    }
}
