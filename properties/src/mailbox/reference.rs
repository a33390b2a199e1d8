//! The model as proptest-state-machine wants it.

use std::fmt;

use alys_models::mailbox::{Consumer, Mailbox, Outcome, Transition};
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest_state_machine::ReferenceStateMachine;

use super::{
    generate::{Next, Profile, Start},
    labels,
};

/// The model, and what its last transition was answered with.
#[derive(Clone)]
pub struct State {
    /// The model itself.
    pub model: Mailbox,
    /// The answer to the last transition.
    pub outcome: Outcome,
    pub(super) profile: Profile,
    /// The class of the state before the last transition.
    pub(super) class: usize,
    /// The named situations that the last transition met, a bit each.
    pub(super) situations: u64,
}

impl fmt::Debug for State {
    /// Only what the case began with: the rest follows from the transitions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.model.parameters().fmt(f)
    }
}

impl State {
    pub(super) fn new(model: Mailbox, profile: Profile) -> Self {
        State { model, outcome: Outcome::Done, profile, class: 0, situations: 0 }
    }

    /// Makes one step of the model, and notes what it met.
    #[must_use]
    pub fn step(mut self, transition: &Transition) -> Self {
        let before = labels::Before::of(&self.model, transition);
        self.class = before.class_in(self.model.parameters().capacity);
        self.outcome = self.model.apply(transition);
        self.situations = before.situations(&self.model, transition, &self.outcome);
        self
    }
}

/// The reference state machine: drained by an actor, or driven by hand.
#[derive(Clone, Copy, Debug)]
pub struct Reference<const ACTOR: bool>;

/// A mailbox whose receiver is driven transition by transition.
pub type HandReference = Reference<false>;

/// A mailbox that an actor drains.
pub type ActorReference = Reference<true>;

impl<const ACTOR: bool> ReferenceStateMachine for Reference<ACTOR> {
    type State = State;
    type Transition = Transition;

    fn init_state() -> BoxedStrategy<State> {
        Start(if ACTOR { Consumer::Actor } else { Consumer::Hand }).boxed()
    }

    fn transitions(state: &State) -> BoxedStrategy<Transition> {
        Next::after(state).boxed()
    }

    fn preconditions(state: &State, transition: &Transition) -> bool {
        state.model.allows(transition)
    }

    fn apply(state: State, transition: &Transition) -> State {
        state.step(transition)
    }
}
