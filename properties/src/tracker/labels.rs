//! What the tracker suite counts: transitions by kind, state and outcome, and the situations it must meet.

use alys_models::tracker::{TrackerOutcome, TrackerTransition, TrackerVerdict};

use super::{memory::Memory, reference::State, situations::SITUATIONS};
use crate::coverage::{self, Labels, Situation};

/// The coverage of the tracker suite.
#[derive(Clone, Copy, Debug)]
pub struct TrackerLabels;

/// The kinds of transitions, in the order of the generator's weights.
pub(super) const KIND_NAMES: &[&str] =
    &["record", "by handle", "resolve", "set expected", "verify", "count", "report"];

/// The states of the actor that a transition is about.
const CLASSES: &[&str] =
    &["unknown", "order given", "order followed", "order met", "order broken", "in order", "out of order"];

const OUTCOMES: &[&str] = &[
    "in order",
    "gap",
    "duplicate",
    "reordered",
    "resolved",
    "set",
    "late",
    "too long",
    "true",
    "false",
    "counted",
    "reported",
    "unknown",
];

impl Labels for TrackerLabels {
    const KINDS: &'static [&'static str] = KIND_NAMES;
    const CLASSES: &'static [&'static str] = CLASSES;
    const OUTCOMES: &'static [&'static str] = OUTCOMES;
    const SITUATIONS: &'static [Situation] = SITUATIONS;
}

/// The actor that a transition is about.
pub(super) fn actor(transition: &TrackerTransition) -> usize {
    use TrackerTransition as T;
    match transition {
        T::Record { actor, .. }
        | T::RecordByHandle { actor, .. }
        | T::Resolve { actor, .. }
        | T::SetExpected { actor, .. }
        | T::Verify { actor }
        | T::Count { actor }
        | T::Report { actor } => usize::from(*actor),
    }
}

/// The class of the state in which a transition is made.
pub(super) fn class(memory: &Memory, transition: &TrackerTransition) -> usize {
    let actor = &memory.actors[actor(transition)];
    match (&actor.expected, actor.records) {
        (None, 0) => 0,
        (Some(_), 0) => 1,
        (Some(_), _) if actor.diverged => 4,
        (Some(_), _) if actor.is_complete() => 3,
        (Some(_), _) => 2,
        (None, _) => 5 + usize::from(actor.anomalous),
    }
}

/// The index of a transition's kind.
fn kind(transition: &TrackerTransition) -> usize {
    match transition {
        TrackerTransition::Record { .. } => 0,
        TrackerTransition::RecordByHandle { .. } => 1,
        TrackerTransition::Resolve { .. } => 2,
        TrackerTransition::SetExpected { .. } => 3,
        TrackerTransition::Verify { .. } => 4,
        TrackerTransition::Count { .. } => 5,
        TrackerTransition::Report { .. } => 6,
    }
}

/// The index of an outcome.
fn outcome(outcome: &TrackerOutcome) -> usize {
    match outcome {
        TrackerOutcome::Recorded(TrackerVerdict::InOrder) => 0,
        TrackerOutcome::Recorded(TrackerVerdict::Gap { .. }) => 1,
        TrackerOutcome::Recorded(TrackerVerdict::Duplicate) => 2,
        TrackerOutcome::Recorded(TrackerVerdict::Reordered) => 3,
        TrackerOutcome::Resolved => 4,
        TrackerOutcome::ExpectedSet => 5,
        TrackerOutcome::ExpectedLate(_) => 6,
        TrackerOutcome::ExpectedTooLong => 7,
        TrackerOutcome::Verified(true) => 8,
        TrackerOutcome::Verified(false) => 9,
        TrackerOutcome::Counted(_) => 10,
        TrackerOutcome::Reported { .. } => 11,
        TrackerOutcome::Unknown => 12,
    }
}

/// Counts what the last transition of the suite was.
pub fn record(state: &State, transition: &TrackerTransition) {
    coverage::record::<TrackerLabels>(kind(transition), state.class, outcome(&state.outcome));
    let mut situations = state.situations;
    while situations != 0 {
        coverage::reached::<TrackerLabels>(situations.trailing_zeros() as usize);
        situations &= situations - 1;
    }
}
