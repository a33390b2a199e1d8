//! The model of supervised actors as proptest-state-machine wants it.

use std::{fmt, rc::Rc};

use alys_models::supervision::{WorldModel, WorldOutcome, WorldTransition};
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest_state_machine::ReferenceStateMachine;

use super::{
    world_generate::{Next, Start, WorldProfile},
    world_labels,
};

/// The model, and what its last transition led to.
#[derive(Clone)]
pub struct WorldState {
    /// The model itself.
    pub model: Rc<WorldModel>,
    /// What the last transition led to.
    pub outcome: WorldOutcome,
    pub(super) profile: WorldProfile,
    pub(super) class: usize,
    /// The model before the last transition.
    pub(super) before: Rc<WorldModel>,
}

impl fmt::Debug for WorldState {
    /// Only what the case began with: the rest follows from the transitions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, mailboxes of {}", self.model.tree.kind(0), self.model.capacity())
    }
}

impl WorldState {
    pub(super) fn new(profile: WorldProfile) -> Self {
        let model = Rc::new(WorldModel::new(profile.root, profile.capacity));
        WorldState { before: Rc::clone(&model), model, outcome: WorldOutcome::default(), profile, class: 0 }
    }
}

/// The reference state machine.
#[derive(Clone, Copy, Debug)]
pub struct WorldReference;

impl ReferenceStateMachine for WorldReference {
    type State = WorldState;
    type Transition = WorldTransition;

    fn init_state() -> BoxedStrategy<WorldState> {
        Start.boxed()
    }

    fn transitions(state: &WorldState) -> BoxedStrategy<WorldTransition> {
        Next::after(state).boxed()
    }

    fn preconditions(state: &WorldState, transition: &WorldTransition) -> bool {
        state.model.allows(transition)
    }

    fn apply(mut state: WorldState, transition: &WorldTransition) -> WorldState {
        state.class = world_labels::class(&state.model, transition);
        state.before = Rc::clone(&state.model);
        state.outcome = Rc::make_mut(&mut state.model).apply(transition);
        state
    }
}
