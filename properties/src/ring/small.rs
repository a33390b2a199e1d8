//! The small world of the ring: all capacities, and items that differ.
//!
//! Two items are enough: a ring does not look at what it holds, so where two of many items are confused, two that were
//! mapped to 0 and 1 are as well.

use alys_models::ring::{RingModel, RingTransition as T};

use super::{
    CAPACITY_MAX,
    generate::simpler,
    reference::{RingReference, State},
};
use crate::small::{Keyed, Small, all};

impl Small for RingReference {
    const RUNS_MAX: usize = 100_000;
    const SEARCHED_MAX: usize = 6_000;

    fn simpler_starts(state: &State) -> Vec<State> {
        (1..state.model.capacity()).map(State::of).collect()
    }

    fn simpler(transition: &T) -> Vec<T> {
        all(|n| simpler(transition, n))
    }

    fn starts() -> Vec<State> {
        (1..=CAPACITY_MAX).map(State::of).collect()
    }

    fn alphabet(_: &State) -> Vec<T> {
        let mut all = vec![T::Push(0), T::Push(1), T::Pop, T::Clear];
        all.extend((0..CAPACITY_MAX as u8).map(T::Peek));
        all.extend((1..=CAPACITY_MAX as u8).map(T::Resize));
        all
    }
}

impl Keyed for RingReference {
    type Key = RingModel;

    fn key(state: &State) -> RingModel {
        state.model.clone()
    }

    fn state(model: &RingModel) -> State {
        State { model: model.clone(), ..State::of(model.capacity()) }
    }
}
