//! The small world of a description: where a counterexample may begin instead, what is simpler than a transition, and
//! what is worth trying where all sequences are tried.

use std::{
    fmt,
    hash::{Hash, Hasher as _},
};

use proptest_state_machine::ReferenceStateMachine;
use rustc_hash::FxHasher;

/// What a reference state machine knows of its own small world.
///
/// The minimiser of the sequential engine asks for the first two, the exhaustive engine and its search for shorter
/// counterexamples for the others. All of it is optional.
pub trait Small: ReferenceStateMachine {
    /// How many candidates of deletion and simplification the minimiser runs at most between two searches. Windows of two
    /// kinds together grow with the cube of the length: where a run takes less than a microsecond, more can be had.
    const RUNS_MAX: usize = 4_000;

    /// How many sequences the minimiser tries at most in each of its searches for a shorter counterexample. The default is
    /// all sequences of four from an alphabet of twelve; real actors cost more and get fewer.
    const SEARCHED_MAX: usize = 24_000;

    /// Beginnings that are simpler than this one, the simplest first.
    fn simpler_starts(_: &Self::State) -> Vec<Self::State> {
        Vec::new()
    }

    /// Transitions that are simpler than this one, the simplest first.
    fn simpler(_: &Self::Transition) -> Vec<Self::Transition> {
        Vec::new()
    }

    /// The transitions without some of them. Where transitions name what earlier ones have made by its number, the others
    /// must name it by its new one.
    fn without(transitions: &[Self::Transition], removed: &dyn Fn(usize) -> bool) -> Vec<Self::Transition> {
        let kept = transitions.iter().enumerate().filter(|(index, _)| !removed(*index));
        kept.map(|(_, transition)| transition.clone()).collect()
    }

    /// Who makes this transition: what the diagram of a counterexample draws a line for.
    fn participant(_: &Self::Transition) -> String {
        "the test".to_owned()
    }

    /// A number that tells the states of the model apart, for counting them; `None` where nobody does.
    fn fingerprint(_: &Self::State) -> Option<u64> {
        None
    }

    /// The beginnings from which all sequences are tried.
    fn starts() -> Vec<Self::State> {
        Vec::new()
    }

    /// The transitions that are tried in a state; those that its precondition forbids are left out by the engine.
    fn alphabet(_: &Self::State) -> Vec<Self::Transition> {
        Vec::new()
    }
}

/// The number that a [`Small::fingerprint`] is: the same in every process.
pub fn fingerprint(model: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    model.hash(&mut hasher);
    hasher.finish()
}

/// A description whose states can be told apart, by a key from which they can be had again.
///
/// Two states of one key have the same future as far as rules go. Where a key leaves something out, the implementation says
/// why that is sound.
pub trait Keyed: Small<Transition: PartialEq> {
    /// What tells states apart.
    type Key: Clone + fmt::Debug + Eq + Hash + Send + Sync + 'static;

    /// The key of a state.
    fn key(state: &Self::State) -> Self::Key;

    /// A state of this key.
    fn state(key: &Self::Key) -> Self::State;
}

/// Every way that an enumerated simplification has.
pub fn all<T>(simpler: impl Fn(usize) -> Option<T>) -> Vec<T> {
    (0..).map_while(simpler).collect()
}
