//! Deletion by kind: what must go together need not stand together.
//!
//! A ring that is pushed to and popped from in turns needs its pops, and a window that holds as many of both may never
//! occur. So each kind of transition is looked at for itself, as if there were no others, and windows are deleted from
//! that; and for each two kinds, windows of one size from both at once.

use std::mem::{Discriminant, discriminant};

use proptest_state_machine::StateMachineTest;

use super::Minimiser;
use crate::{sequential::TransitionOf, small::Small};

/// In longer cases only windows of so many transitions, and of powers of two, are tried, and no two kinds at once.
const EVERY_SIZE_MAX: usize = 24;

/// Up to so many transitions all of it is tried.
const LENGTH_MAX: usize = 120;

impl<T: StateMachineTest> Minimiser<T>
where
    T::Reference: Small,
{
    /// Tries to do without a window of one kind of transitions, or without windows of one size of two kinds.
    pub(super) fn projections(&mut self) -> bool {
        let places = self.places();
        let whole = self.transitions.len() <= LENGTH_MAX;
        places.iter().any(|one| self.window_of(one))
            || whole && pairs(&places).into_iter().any(|(one, other)| self.windows_of_two(one, other))
    }

    /// Where the transitions of each kind are, the kinds in the order of their first ones.
    fn places(&self) -> Vec<Vec<usize>> {
        let mut kinds: Vec<(Discriminant<TransitionOf<T>>, Vec<usize>)> = Vec::new();
        for (index, transition) in self.transitions.iter().enumerate() {
            let kind = discriminant(transition);
            match kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, places)) => places.push(index),
                None => kinds.push((kind, vec![index])),
            }
        }
        kinds.into_iter().map(|(_, places)| places).collect()
    }

    fn window_of(&mut self, places: &[usize]) -> bool {
        let sizes = sizes(places.len(), self.transitions.len());
        sizes.into_iter().any(|size| {
            places.windows(size).any(|window| self.without(|index| window.binary_search(&index).is_ok()))
        })
    }

    fn windows_of_two(&mut self, one: &[usize], other: &[usize]) -> bool {
        sizes(one.len().min(other.len()), self.transitions.len()).into_iter().any(|size| {
            one.windows(size).any(|first| {
                other.windows(size).any(|second| {
                    self.without(|index| {
                        first.binary_search(&index).is_ok() || second.binary_search(&index).is_ok()
                    })
                })
            })
        })
    }
}

/// The sizes of windows, the largest first.
fn sizes(most: usize, length: usize) -> Vec<usize> {
    let tried = |size: &usize| length <= LENGTH_MAX || *size <= EVERY_SIZE_MAX || size.is_power_of_two();
    (1..=most).rev().filter(tried).collect()
}

/// Each two of them.
fn pairs(places: &[Vec<usize>]) -> Vec<(&[usize], &[usize])> {
    let rest = |index: usize| places[index + 1..].iter().map(move |other| (&*places[index], &**other));
    (0..places.len()).flat_map(rest).collect()
}
