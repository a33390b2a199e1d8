//! The model as the engines want it.

use std::fmt;

use alys_models::ring::{RingModel, RingOutcome, RingTransition};
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest_state_machine::ReferenceStateMachine;

use super::generate::{Next, Profile, Start};

/// The model, and what its last transition was answered with.
#[derive(Clone)]
pub struct State {
    /// The model itself.
    pub model: RingModel,
    /// The answer to the last transition.
    pub outcome: RingOutcome,
    pub(super) profile: Profile,
}

impl fmt::Debug for State {
    /// Only what the case began with: the rest follows from the transitions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} places", self.model.capacity())
    }
}

impl State {
    /// An empty ring, and how often each kind of transition is drawn for it.
    pub(super) fn new(capacity: usize, profile: Profile) -> Self {
        State { model: RingModel::new(capacity), outcome: RingOutcome::Resized, profile }
    }

    /// An empty ring of which everything is asked.
    #[must_use]
    pub fn of(capacity: usize) -> Self {
        Self::new(capacity, Profile::WHOLE)
    }

    /// Makes one step of the model.
    #[must_use]
    pub fn step(mut self, transition: &RingTransition) -> Self {
        self.outcome = self.model.apply(transition);
        self
    }
}

/// The reference state machine.
#[derive(Clone, Copy, Debug)]
pub struct RingReference;

impl ReferenceStateMachine for RingReference {
    type State = State;
    type Transition = RingTransition;

    fn init_state() -> BoxedStrategy<State> {
        Start.boxed()
    }

    fn transitions(state: &State) -> BoxedStrategy<RingTransition> {
        Next(state.profile).boxed()
    }

    /// Every call is allowed at any time: what is refused, is refused with an answer.
    fn preconditions(_: &State, _: &RingTransition) -> bool {
        true
    }

    fn apply(state: State, transition: &RingTransition) -> State {
        state.step(transition)
    }
}
