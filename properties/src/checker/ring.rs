//! What is claimed of the model of the ring.

use alys_models::ring::{RingModel, RingTransition as T};

use super::Checked;
use crate::ring::{CAPACITY_MAX, RingReference, State};

/// It is never too full, and can be full, empty again, and older.
#[must_use]
pub fn claims() -> Checked<RingReference> {
    Checked::default()
        .always("no more items than places", |_, ring: &RingModel| ring.items().len() <= ring.capacity())
        .sometimes("full at its largest", |_, ring: &RingModel| ring.items().len() == CAPACITY_MAX)
        .sometimes("cleared twice", |_, ring: &RingModel| ring.generation() == 2)
}

/// Whoever only pops comes to an empty ring.
#[must_use]
pub fn drains() -> Checked<RingReference> {
    let filled: Vec<_> = (1..=CAPACITY_MAX)
        .map(|capacity| {
            (0..capacity).fold(State::of(capacity), |state, item| state.step(&T::Push(item as u8)))
        })
        .collect();
    Checked::new(&filled, |_| vec![T::Pop]).eventually("empty", |_, ring: &RingModel| ring.items().is_empty())
}
