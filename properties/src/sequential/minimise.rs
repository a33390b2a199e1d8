//! Deletions that proptest's shrinker does not try: whole windows and pairs of transitions at once.
//!
//! The shrinker deletes one transition at a time and stops where two must go together, such as a send and the poll
//! of it. A candidate counts only if its transitions are allowed one after the other and the *same rule* fails.

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{StateOf, TransitionOf, panics};
use crate::violation::rule_of;

/// How many candidates are run at most.
const RUNS_MAX: usize = 20_000;

/// Pairs are tried in cases of at most so many transitions: their number is quadratic.
const PAIRS_MAX: usize = 40;

/// A case under minimisation: what fails, and how.
pub(super) struct Minimiser<'a, T: StateMachineTest> {
    initial: &'a StateOf<T>,
    transitions: Vec<TransitionOf<T>>,
    message: String,
    runs: usize,
}

impl<'a, T: StateMachineTest> Minimiser<'a, T> {
    /// Removes what can be removed from a failing case, and returns it with its message.
    pub(super) fn run(
        initial: &'a StateOf<T>,
        transitions: Vec<TransitionOf<T>>,
        message: String,
    ) -> (Vec<TransitionOf<T>>, String) {
        let mut minimiser = Minimiser::<T> { initial, transitions, message, runs: 0 };
        while minimiser.windows() || minimiser.pairs() {}
        (minimiser.transitions, minimiser.message)
    }

    /// Tries to do without a window, the largest first; says whether one could go.
    fn windows(&mut self) -> bool {
        let len = self.transitions.len();
        (1..len).rev().any(|size| {
            (0..=len - size).any(|start| self.without(|index| (start..start + size).contains(&index)))
        })
    }

    fn pairs(&mut self) -> bool {
        let len = self.transitions.len();
        len <= PAIRS_MAX
            && (0..len)
                .any(|one| (one + 2..len).any(|other| self.without(|index| index == one || index == other)))
    }

    /// Tries to do without some transitions, and keeps it so if the same rule still fails.
    fn without(&mut self, removed: impl Fn(usize) -> bool) -> bool {
        if self.runs >= RUNS_MAX {
            return false;
        }
        self.runs += 1;
        let kept = self.transitions.iter().enumerate().filter(|(index, _)| !removed(*index));
        let candidate: Vec<_> = kept.map(|(_, transition)| transition.clone()).collect();
        let Some(message) = self.fails(&candidate) else { return false };
        (self.transitions, self.message) = (candidate, message);
        true
    }

    fn fails(&self, candidate: &[TransitionOf<T>]) -> Option<String> {
        let mut state = self.initial.clone();
        for transition in candidate {
            if !T::Reference::preconditions(&state, transition) {
                return None;
            }
            state = T::Reference::apply(state, transition);
        }
        let (initial, transitions) = (self.initial.clone(), candidate.to_vec());
        let failed =
            panics::outcome(|| T::test_sequential(super::quiet_config(), initial, transitions, None));
        failed.err().filter(|message| rule_of(message) == rule_of(&self.message))
    }
}
