//! The model as proptest-state-machine wants it.

use std::{fmt, rc::Rc};

use alys_models::tracker::{TrackerModel, TrackerOutcome, TrackerTransition};
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest_state_machine::ReferenceStateMachine;

use super::{
    generate::{Next, Profile, Start},
    labels,
    memory::Memory,
    situations,
};

/// The model, and what its last transition was answered with.
#[derive(Clone)]
pub struct State {
    /// The model itself.
    pub model: TrackerModel,
    /// The answer to the last transition.
    pub outcome: TrackerOutcome,
    pub(super) profile: Profile,
    pub(super) memory: Rc<Memory>,
    /// The class of the state before the last transition.
    pub(super) class: usize,
    /// The named situations that the last transition met, a bit each.
    pub(super) situations: u32,
}

impl fmt::Debug for State {
    /// Only what the case began with: the rest follows from the transitions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {} shards", self.profile.limits, self.profile.shards)
    }
}

impl State {
    pub(super) fn new(profile: Profile) -> Self {
        let model = TrackerModel::new(profile.limits);
        let outcome = TrackerOutcome::Resolved;
        State { model, outcome, profile, memory: Rc::default(), class: 0, situations: 0 }
    }

    /// What the case is about, and how its tracker is configured.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Makes one step of the model, and notes what it met.
    #[must_use]
    pub fn step(mut self, transition: &TrackerTransition) -> Self {
        self.class = labels::class(&self.memory, transition);
        self.outcome = self.model.apply(transition);
        let memory = Rc::make_mut(&mut self.memory);
        let before = situations::Before::of(memory, transition);
        memory.note(transition, &self.outcome);
        self.situations = before.met(memory, &self.profile.limits, transition, &self.outcome);
        self
    }
}

/// The reference state machine.
#[derive(Clone, Copy, Debug)]
pub struct TrackerReference;

impl ReferenceStateMachine for TrackerReference {
    type State = State;
    type Transition = TrackerTransition;

    fn init_state() -> BoxedStrategy<State> {
        Start.boxed()
    }

    fn transitions(state: &State) -> BoxedStrategy<TrackerTransition> {
        Next::after(state).boxed()
    }

    /// Every call is allowed at any time: what the tracker refuses, it refuses with an answer.
    fn preconditions(_: &State, _: &TrackerTransition) -> bool {
        true
    }

    fn apply(state: State, transition: &TrackerTransition) -> State {
        state.step(transition)
    }
}
