//! What the differential engine sees of a mailbox: the answer, dead letters, wake-ups, messages and counters.

use alys_models::mailbox::Transition;

use super::{Hand, Pending};
use crate::{
    differential::Observed,
    mailbox::{HandReference, State, compare::Seen},
};

impl Observed for Hand {
    type Reference = HandReference;
    type Seen = Seen;

    fn begin(state: &State) -> Self {
        Hand::new(&state.model)
    }

    fn observe(&mut self, state: &State, transition: &Transition) -> Seen {
        let answer = self.step_after(state, transition);
        let mut dead = Vec::new();
        self.world.dead_letters(|letters| dead.extend_from_slice(letters));
        Seen {
            answer,
            dead,
            woken: self.slots.each_ref().map(|slot| slot.as_ref().map(Pending::woken)),
            receiving: self.receiving.as_ref().map(Pending::woken),
            messages: self.world.messages_alive(),
            stats: self.observation(),
        }
    }
}
