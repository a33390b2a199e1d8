//! The last resort: all shorter sequences, as far as the budget goes.

use std::{collections::BTreeSet, mem::discriminant, ops::ControlFlow};

use proptest_state_machine::StateMachineTest;

use super::Minimiser;
use crate::{
    exhaustive::walk,
    sequential::{StateOf, TransitionOf, fails},
    small::Small,
};

impl<T: StateMachineTest> Minimiser<T>
where
    T::Reference: Small,
{
    /// Tries all shorter sequences, the shortest first: of the very transitions that are left, then of their kinds, from
    /// the same beginning and from the small ones; says whether one was found.
    pub(super) fn search(&mut self) -> bool {
        // Each of them once, however often it occurs.
        let mut seen = BTreeSet::new();
        let mut own = self.transitions.clone();
        own.retain(|transition| seen.insert(format!("{transition:?}")));
        let kinds: Vec<_> = own.iter().map(discriminant).collect();
        let of_their_kinds = |state: &StateOf<T>| {
            let mut tried = T::Reference::alphabet(state);
            tried.retain(|transition| kinds.contains(&discriminant(transition)));
            tried
        };
        let here = vec![self.initial.clone()];
        self.search_from(&here, &|_| own.clone())
            || self.search_from(&here, &of_their_kinds)
            || self.search_from(&T::Reference::starts(), &of_their_kinds)
    }

    fn search_from(
        &mut self,
        starts: &[StateOf<T>],
        alphabet: &dyn Fn(&StateOf<T>) -> Vec<TransitionOf<T>>,
    ) -> bool {
        let mut budget = T::Reference::SEARCHED_MAX;
        for length in 1..self.transitions.len() {
            for start in starts {
                let mut path = Vec::new();
                let mut visit = |candidate: &[TransitionOf<T>]| {
                    if budget == 0 {
                        return ControlFlow::Break(None);
                    }
                    budget -= 1;
                    self.same_rule(fails::<T>(start, candidate))
                        .map_or(ControlFlow::Continue(()), |message| ControlFlow::Break(Some(message)))
                };
                match walk::<T>(start, length, &mut path, alphabet, &mut visit) {
                    ControlFlow::Continue(()) => {}
                    ControlFlow::Break(None) => return false,
                    ControlFlow::Break(Some(message)) => {
                        (self.initial, self.transitions, self.message) = (start.clone(), path, message);
                        return true;
                    }
                }
            }
        }
        false
    }
}
