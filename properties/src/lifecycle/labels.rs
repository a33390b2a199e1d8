//! What the lifecycle suite counts: transitions by kind, state and outcome, and the situations it must meet.

use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome, LifecycleTransition};

use super::{reference::State, situations::SITUATIONS};
use crate::coverage::{self, Labels, Situation};

/// The coverage of the lifecycle suite.
#[derive(Clone, Copy, Debug)]
pub struct LifecycleLabels;

/// The kinds of transitions, in the order of the generator's weights; questions are asked after each of them.
pub(super) const KIND_NAMES: &[&str] = &["register", "remove", "fire", "report", "verify", "question"];

/// The states of the actor that a transition is about.
const CLASSES: &[&str] =
    &["nobody", "Uninitialized", "Starting", "Running", "Stopping", "Stopped", "Failed", "Recovering"];

const OUTCOMES: &[&str] = &[
    "registered",
    "taken",
    "unknown dependency",
    "cycle",
    "removed",
    "needed",
    "not stopped",
    "unknown",
    "moved",
    "refused",
    "forbidden",
    "stale",
    "true",
    "false",
    "told",
];

impl Labels for LifecycleLabels {
    const KINDS: &'static [&'static str] = KIND_NAMES;
    const CLASSES: &'static [&'static str] = CLASSES;
    const OUTCOMES: &'static [&'static str] = OUTCOMES;
    const SITUATIONS: &'static [Situation] = SITUATIONS;
}

/// The actor that a transition is about.
pub(super) fn actor(transition: &LifecycleTransition) -> Option<u8> {
    use LifecycleTransition as T;
    match transition {
        T::Register { actor, .. }
        | T::Remove { actor }
        | T::Fire { actor, .. }
        | T::Report { actor, .. }
        | T::Verify { actor, .. }
        | T::State { actor }
        | T::History { actor } => Some(*actor),
        T::Census | T::StartOrder | T::StopOrder => None,
    }
}

/// The class of the state in which a transition is made.
pub(super) fn class(model: &LifecycleModel, transition: &LifecycleTransition) -> usize {
    let state = actor(transition).and_then(|actor| model.state(actor));
    state.map_or(0, |state| state as usize + 1)
}

/// The index of a transition's kind.
fn kind(transition: &LifecycleTransition) -> usize {
    match transition {
        LifecycleTransition::Register { .. } => 0,
        LifecycleTransition::Remove { .. } => 1,
        LifecycleTransition::Fire { .. } => 2,
        LifecycleTransition::Report { .. } => 3,
        LifecycleTransition::Verify { .. } => 4,
        _ => 5,
    }
}

/// The index of an outcome.
fn outcome(outcome: &LifecycleOutcome) -> usize {
    use LifecycleOutcome as O;
    match outcome {
        O::Registered => 0,
        O::Taken(_) => 1,
        O::UnknownDependency(_) => 2,
        O::Cycle(_) => 3,
        O::Removed => 4,
        O::Needed(_) => 5,
        O::NotStopped(_) => 6,
        O::Unknown => 7,
        O::Moved(_) => 8,
        O::Refused { .. } => 9,
        O::Forbidden { .. } => 10,
        O::Stale { .. } => 11,
        O::Verified(true) => 12,
        O::Verified(false) => 13,
        O::In(_) | O::Lived { .. } | O::Counted(_) | O::Ordered(_) => 14,
    }
}

/// Counts what the last transition of the suite was.
pub fn record(state: &State, transition: &LifecycleTransition) {
    coverage::record::<LifecycleLabels>(kind(transition), state.class, outcome(&state.outcome));
    let mut situations = state.situations;
    while situations != 0 {
        coverage::reached::<LifecycleLabels>(situations.trailing_zeros() as usize);
        situations &= situations - 1;
    }
}
