//! What the supervision suite counts: transitions by kind, state and outcome, and the situations it must meet.

use alys_models::supervision::{
    ModelVerdict, NodeNumber, SupervisionModel, SupervisionOutcome, SupervisionTransition as T,
};

use super::{
    reference::State,
    situations::{self, SITUATIONS},
};
use crate::coverage::{self, Labels, Situation};

/// The coverage of the supervision suite.
#[derive(Clone, Copy, Debug)]
pub struct SupervisionLabels;

const KINDS: &[&str] =
    &["add", "start", "stop", "restart", "shutdown", "started", "ended", "failed", "stale", "advance"];

/// The states of the node that a transition is about.
const CLASSES: &[&str] =
    &["Uninitialized", "Starting", "Running", "Stopping", "Stopped", "Failed", "Recovering", "the tree"];

const OUTCOMES: &[&str] = &["done", "refused", "restart", "join", "stop", "escalate", "fatal"];

impl Labels for SupervisionLabels {
    const KINDS: &'static [&'static str] = KINDS;
    const CLASSES: &'static [&'static str] = CLASSES;
    const OUTCOMES: &'static [&'static str] = OUTCOMES;
    const SITUATIONS: &'static [Situation] = SITUATIONS;
}

/// The node that a transition is about.
pub(super) fn about(transition: &T) -> Option<NodeNumber> {
    match *transition {
        T::Add { parent: node, .. }
        | T::Start(node)
        | T::Stop(node)
        | T::Restart(node)
        | T::Started(node)
        | T::Ended(node, _)
        | T::Stale(node, _) => Some(node),
        T::Shutdown(..) | T::Advance(_) => None,
    }
}

/// The class of the state in which a transition is made.
pub(super) fn class(model: &SupervisionModel, transition: &T) -> usize {
    about(transition).map_or(CLASSES.len() - 1, |node| model.state(node) as usize)
}

fn kind(transition: &T) -> usize {
    match transition {
        T::Add { .. } => 0,
        T::Start(_) => 1,
        T::Stop(_) => 2,
        T::Restart(_) => 3,
        T::Shutdown(..) => 4,
        T::Started(_) => 5,
        T::Ended(_, false) => 6,
        T::Ended(_, true) => 7,
        T::Stale(..) => 8,
        T::Advance(_) => 9,
    }
}

fn outcome(outcome: &SupervisionOutcome) -> usize {
    match (outcome.refused, outcome.fatal.is_some(), outcome.verdicts.first()) {
        (Some(_), ..) => 1,
        (None, true, _) => 6,
        (None, false, None) => 0,
        (None, false, Some((_, ModelVerdict::Restart(..)))) => 2,
        (None, false, Some((_, ModelVerdict::Join))) => 3,
        (None, false, Some((_, ModelVerdict::Stop))) => 4,
        (None, false, Some((_, ModelVerdict::Escalate))) => 5,
    }
}

/// Counts what the last transition of the suite was.
pub fn record(state: &State, transition: &T) {
    coverage::record::<SupervisionLabels>(kind(transition), state.class, outcome(&state.outcome));
    let mut situations = situations::met(&state.before, &state.model, transition, &state.outcome);
    while situations != 0 {
        coverage::reached::<SupervisionLabels>(situations.trailing_zeros() as usize);
        situations &= situations - 1;
    }
}
