//! The model of the mailbox as a sequential specification, for histories of several threads.

use alys_models::mailbox::{Ending, Mailbox, MessageId, Observation, Outcome, Transition};

use crate::linearizability::SequentialSpec;

/// What a thread does at a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// A transition; the message that it posts, if it posts one, has this name.
    Step(Transition, MessageId),
    /// Answers this delivered message.
    Answer(MessageId),
    /// Looks whether the pending future of a slot has been woken since it was last polled.
    Woken(u8),
    /// Looks whether the pending receive has been woken since it was last polled.
    ReceiverWoken,
    /// Looks at everything that can be seen.
    Observe,
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
}

/// The model, called by one thread at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spec(pub Mailbox);

impl SequentialSpec for Spec {
    type Call = Call;
    type Return = Told;

    fn apply(&mut self, call: &Call) -> Told {
        let model = &mut self.0;
        match call {
            Call::Step(transition, id) => Told::Outcome(model.apply_named(transition, *id)),
            Call::Answer(id) => {
                let index = model.in_handler().iter().position(|message| message.id == *id);
                Told::Outcome(match index.and_then(|index| u8::try_from(index).ok()) {
                    Some(index) => model.apply(&Transition::Settle { index, ending: Ending::Answer }),
                    None => Outcome::Pending,
                })
            }
            Call::Woken(slot) => Told::Woken(model.slot(usize::from(*slot)).map(|slot| slot.woken)),
            Call::ReceiverWoken => Told::Woken(model.receiving()),
            Call::Observe => Told::Observation(Box::new(model.observe())),
        }
    }
}
