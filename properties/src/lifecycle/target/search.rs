//! Breadth-first search of the states that several actors can be in together, on the real monitor.
//!
//! In every state that can be reached every call is made: each trigger, each pair of states, each registration. What is
//! refused must change nothing; what is accepted leads to a state that is searched in turn.

use std::collections::{BTreeSet, VecDeque};

use alys_models::lifecycle::{
    LifecycleModel, LifecycleOutcome, LifecycleTransition, ModelState, ModelTrigger,
};

use super::{alys::lifecycle::Registry, calls};
use crate::lifecycle::compare::{self, View};

/// Enough to keep what a search makes.
const HISTORY_KEPT: usize = 64;

/// What a search went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// The combinations of states that were reached.
    pub states: usize,
    /// The longest shortest way to one of them, in transitions.
    pub depth: usize,
    /// Calls that were accepted, over all states.
    pub accepted: u64,
    /// Calls that were refused, over all states.
    pub refused: u64,
}

/// Searches everything that so many actors can reach.
///
/// # Panics
///
/// Raises a violation when an answer or a state is not the model's.
#[must_use]
pub fn search(actors: u8) -> Searched {
    let register = |actor| LifecycleTransition::Register { actor, dependencies: (0..actor).collect() };
    let start: Vec<_> = (0..actors).map(register).collect();
    let mut searched = Searched::default();
    let mut seen = BTreeSet::from([states(&replay(&start).1, actors)]);
    let mut ways = VecDeque::from([start.clone()]);
    while let Some(way) = ways.pop_front() {
        searched.states += 1;
        searched.depth = searched.depth.max(way.len() - start.len());
        let mut here = replay(&way);
        for call in every_call(actors) {
            if !step(&mut here, &call) {
                searched.refused += 1;
                continue;
            }
            searched.accepted += 1;
            if seen.insert(states(&here.1, actors)) {
                ways.push_back([&way[..], &[call]].concat());
            }
            here = replay(&way);
        }
    }
    searched
}

/// The real registry and the model, both led along the same way.
type Pair = (Registry, LifecycleModel);

fn replay(way: &[LifecycleTransition]) -> Pair {
    let mut pair = (calls::registry(HISTORY_KEPT, 2), LifecycleModel::new(HISTORY_KEPT));
    way.iter().for_each(|call| {
        step(&mut pair, call);
    });
    pair
}

/// Makes one call on both sides, compares all there is to compare, and says whether it was accepted.
fn step((registry, model): &mut Pair, call: &LifecycleTransition) -> bool {
    let expected = model.apply(call);
    compare::outcomes(call, &expected, &calls::call(registry, call));
    compare::views(&View::of(model), &calls::view(registry));
    matches!(expected, LifecycleOutcome::Registered | LifecycleOutcome::Moved(_))
}

fn states(model: &LifecycleModel, actors: u8) -> Vec<Option<usize>> {
    (0..actors).map(|actor| model.state(actor).map(|state| state as usize)).collect()
}

fn every_call(actors: u8) -> Vec<LifecycleTransition> {
    let mut calls = Vec::new();
    for actor in 0..actors {
        calls.push(LifecycleTransition::Register { actor, dependencies: (0..actor).collect() });
        for trigger in ModelTrigger::ALL {
            calls.push(LifecycleTransition::Fire { actor, trigger, reason: None });
        }
        for from in ModelState::ALL {
            let report = |to| LifecycleTransition::Report { actor, from, to, reason: Some(1) };
            calls.extend(ModelState::ALL.map(report));
        }
    }
    calls
}
