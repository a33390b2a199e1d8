//! The order that an actor was told to expect.

use std::vec;

/// Comparison of an actor's records, over all senders, with the order expected of them (OT-3).
///
/// What has matched is given up on the way: the recorded order itself is never stored (OT-5).
pub(super) struct Expected {
    remaining: vec::IntoIter<u64>,
    // invariant: never becomes false again, since no further record can repair an order.
    diverged: bool,
}

impl Expected {
    pub(super) fn new(ordering: Vec<u64>) -> Self {
        Self { remaining: ordering.into_iter(), diverged: false }
    }

    /// Compares the next record of the actor.
    pub(super) fn observe(&mut self, sequence: u64) {
        if self.remaining.next() != Some(sequence) {
            self.diverged = true;
        }
    }

    /// Whether the records so far are the whole order, neither less nor more.
    pub(super) fn is_met(&self) -> bool {
        !self.diverged && self.remaining.len() == 0
    }
}
