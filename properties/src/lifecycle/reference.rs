//! The model as proptest-state-machine wants it.

use std::rc::Rc;

use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome, LifecycleTransition};
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest_state_machine::ReferenceStateMachine;

use super::{
    generate::{Next, Profile, Start},
    labels, situations,
};

/// The model, and what its last transition was answered with.
#[derive(Clone, Debug)]
pub struct State {
    /// The model itself.
    pub model: Rc<LifecycleModel>,
    /// The answer to the last transition.
    pub outcome: LifecycleOutcome,
    pub(super) profile: Profile,
    /// The class of the state before the last transition.
    pub(super) class: usize,
    /// The named situations that the last transition met, a bit each.
    pub(super) situations: u32,
}

impl State {
    pub(super) fn new(profile: Profile) -> Self {
        let model = Rc::new(LifecycleModel::new(profile.history_kept));
        State { model, outcome: LifecycleOutcome::Unknown, profile, class: 0, situations: 0 }
    }

    /// What the case is about, and how its registry is configured.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Makes one step of the model, and notes what it met.
    #[must_use]
    pub fn step(mut self, transition: &LifecycleTransition) -> Self {
        self.class = labels::class(&self.model, transition);
        let former = labels::actor(transition).and_then(|actor| self.model.state(actor));
        self.outcome = Rc::make_mut(&mut self.model).apply(transition);
        self.situations = situations::met(&self.model, former, transition, &self.outcome);
        self
    }
}

/// The reference state machine.
#[derive(Clone, Copy, Debug)]
pub struct LifecycleReference;

impl ReferenceStateMachine for LifecycleReference {
    type State = State;
    type Transition = LifecycleTransition;

    fn init_state() -> BoxedStrategy<State> {
        Start.boxed()
    }

    fn transitions(state: &State) -> BoxedStrategy<LifecycleTransition> {
        Next::after(state).boxed()
    }

    /// Every call is allowed at any time: what is refused, is refused with an answer.
    fn preconditions(_: &State, _: &LifecycleTransition) -> bool {
        true
    }

    fn apply(state: State, transition: &LifecycleTransition) -> State {
        state.step(transition)
    }
}
