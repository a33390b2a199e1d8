//! Makes a counterexample shorter than proptest's shrinker leaves it.
//!
//! That one deletes one transition at a time and stops where two must go together, such as a send and the poll of it.
//! Here whole windows, windows of one kind and of two kinds at once, pairs and repeated blocks are deleted; the beginning
//! and the arguments are made simpler; and at last all shorter sequences of the same kinds of transitions are tried, as far
//! as the budget goes. A candidate counts only if its transitions are allowed one after the other and the *same rule* fails, or the
//! panic comes from the same place.

mod projections;
mod search;

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{StateOf, TransitionOf, fails};
use crate::{small::Small, violation::cause_of};

/// Pairs are tried in cases of at most so many transitions, and pairs of blocks in such of half as many: their numbers grow
/// with the square and the cube.
const PAIRS_MAX: usize = 40;

/// A case under minimisation: what fails, and how.
pub(super) struct Minimiser<T: StateMachineTest> {
    pub(super) initial: StateOf<T>,
    pub(super) transitions: Vec<TransitionOf<T>>,
    pub(super) message: String,
    runs: usize,
}

impl<T: StateMachineTest> Minimiser<T>
where
    T::Reference: Small,
{
    /// Makes a failing case as short and as simple as it can.
    pub(super) fn run(initial: StateOf<T>, transitions: Vec<TransitionOf<T>>, message: String) -> Self {
        let mut minimiser = Minimiser { initial, transitions, message, runs: 0 };
        minimiser.descend();
        while minimiser.search() {
            minimiser.runs = 0;
            minimiser.descend();
        }
        minimiser
    }

    /// Deletes and simplifies until nothing more can go.
    fn descend(&mut self) {
        self.truncate();
        while self.windows()
            || self.start()
            || self.arguments()
            || self.restarts()
            || self.projections()
            || self.pairs()
            || self.blocks()
        {
            self.truncate();
        }
    }

    /// Leaves out what comes after the failing transition, which is found by halving.
    fn truncate(&mut self) {
        let (mut passes, mut fails) = (0, self.transitions.len());
        while passes + 1 < fails {
            let middle = passes + (fails - passes) / 2;
            if self.without(|index| index >= middle) { fails = middle } else { passes = middle }
        }
    }

    /// Tries to do without windows, from the largest to single transitions, each size all along the case; says whether
    /// any could go.
    fn windows(&mut self) -> bool {
        let (before, mut size) = (self.transitions.len(), self.transitions.len() / 2);
        while size > 0 {
            let mut start = 0;
            while start + size <= self.transitions.len() {
                if !self.without(|index| (start..start + size).contains(&index)) {
                    start += 1;
                }
            }
            size /= 2;
        }
        self.transitions.len() < before
    }

    fn pairs(&mut self) -> bool {
        let len = self.transitions.len();
        len <= PAIRS_MAX
            && (0..len)
                .any(|one| (one + 1..len).any(|other| self.without(|index| index == one || index == other)))
    }

    /// Tries to do without two windows of one size: what is done again and again often has a beginning and an end.
    fn blocks(&mut self) -> bool {
        let len = self.transitions.len();
        let within = |start: usize, size: usize, index: usize| (start..start + size).contains(&index);
        len <= PAIRS_MAX / 2
            && (2..=len / 2).any(|size| {
                (0..=len - 2 * size).any(|one| {
                    (one + size..=len - size).any(|other| {
                        self.without(|index| within(one, size, index) || within(other, size, index))
                    })
                })
            })
    }

    /// Tries to do without some transitions, and keeps it so if the same rule still fails.
    fn without(&mut self, removed: impl Fn(usize) -> bool) -> bool {
        let candidate = T::Reference::without(&self.transitions, &removed);
        self.keeps(self.initial.clone(), candidate)
    }

    /// Tries to begin with something simpler.
    fn start(&mut self) -> bool {
        let simpler = T::Reference::simpler_starts(&self.initial);
        simpler.into_iter().any(|start| self.keeps(start, self.transitions.clone()))
    }

    /// Tries to begin elsewhere and do without one transition: with a smaller beginning came a transition that makes up for
    /// it, and neither can go alone.
    fn restarts(&mut self) -> bool {
        let mut starts = T::Reference::simpler_starts(&self.initial);
        starts.extend(T::Reference::starts());
        (0..self.transitions.len()).any(|removed| {
            let candidate = T::Reference::without(&self.transitions, &|index| index == removed);
            starts.iter().any(|start| self.keeps(start.clone(), candidate.clone()))
        })
    }

    /// Tries to have something simpler done in one place.
    fn arguments(&mut self) -> bool {
        (0..self.transitions.len()).any(|index| {
            T::Reference::simpler(&self.transitions[index]).into_iter().any(|simpler| {
                let mut candidate = self.transitions.clone();
                candidate[index] = simpler;
                // A simplification that changes nothing would go on for ever.
                let same = format!("{:?}", candidate[index]) == format!("{:?}", self.transitions[index]);
                !same && self.keeps(self.initial.clone(), candidate)
            })
        })
    }

    /// Takes a candidate if the same rule fails.
    fn keeps(&mut self, initial: StateOf<T>, candidate: Vec<TransitionOf<T>>) -> bool {
        if self.runs >= T::Reference::RUNS_MAX || !allowed::<T::Reference>(&initial, &candidate) {
            return false;
        }
        self.runs += 1;
        let Some(message) = self.same_rule(fails::<T>(&initial, &candidate)) else { return false };
        (self.initial, self.transitions, self.message) = (initial, candidate, message);
        true
    }

    fn same_rule(&self, message: Option<String>) -> Option<String> {
        message.filter(|message| cause_of(message) == cause_of(&self.message))
    }
}

/// Whether the preconditions hold, one transition after the other.
pub(super) fn allowed<R: ReferenceStateMachine>(initial: &R::State, candidate: &[R::Transition]) -> bool {
    let mut state = initial.clone();
    candidate.iter().all(|transition| {
        let allowed = R::preconditions(&state, transition);
        if allowed {
            state = R::apply(state.clone(), transition);
        }
        allowed
    })
}
