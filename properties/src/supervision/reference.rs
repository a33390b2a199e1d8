//! The model as proptest-state-machine wants it.

use std::{fmt, rc::Rc};

use alys_models::supervision::{SupervisionModel, SupervisionOutcome, SupervisionTransition};
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
    pub model: Rc<SupervisionModel>,
    /// The answer to the last transition.
    pub outcome: SupervisionOutcome,
    pub(super) profile: Profile,
    /// The class of the state before the last transition.
    pub(super) class: usize,
    /// The model before the last transition.
    pub(super) before: Rc<SupervisionModel>,
}

impl fmt::Debug for State {
    /// Only what the case began with: the rest follows from the transitions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.model.kind(0).fmt(f)
    }
}

impl State {
    pub(super) fn new(profile: Profile) -> Self {
        let model = Rc::new(SupervisionModel::new(profile.root));
        State { before: Rc::clone(&model), model, outcome: SupervisionOutcome::default(), profile, class: 0 }
    }

    /// Makes one step of the model.
    #[must_use]
    pub fn step(mut self, transition: &SupervisionTransition) -> Self {
        self.class = labels::class(&self.model, transition);
        self.before = Rc::clone(&self.model);
        self.outcome = Rc::make_mut(&mut self.model).apply(transition);
        self
    }
}

/// The reference state machine.
#[derive(Clone, Copy, Debug)]
pub struct SupervisionReference;

impl ReferenceStateMachine for SupervisionReference {
    type State = State;
    type Transition = SupervisionTransition;

    fn init_state() -> BoxedStrategy<State> {
        Start.boxed()
    }

    fn transitions(state: &State) -> BoxedStrategy<SupervisionTransition> {
        Next::after(state).boxed()
    }

    fn preconditions(state: &State, transition: &SupervisionTransition) -> bool {
        state.model.allows(transition)
    }

    fn apply(state: State, transition: &SupervisionTransition) -> State {
        state.step(transition)
    }
}
