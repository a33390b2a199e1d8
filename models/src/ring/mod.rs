//! Reference model of the ring buffer, the specimen of the suite's own tests.
//!
//! No component is a ring: it is there so that engines can be measured on something small and pure, whose whole state can
//! be copied and compared. Its laws are its own and are not in the catalogue:
//!
//! - RB-1 A push is refused exactly when the ring is full, and then changes nothing.
//! - RB-2 Items come out, and are seen, in the order in which they were accepted.
//! - RB-3 A clear takes all items out; the generation is the number of clears that found any.
//! - RB-4 A resize keeps all items in their order, and is refused where they would not fit.
//!
//! # Examples
//!
//! ```
//! use alys_models::ring::{RingModel, RingOutcome, RingTransition};
//!
//! let mut ring = RingModel::new(1);
//! assert_eq!(ring.apply(&RingTransition::Push(7)), RingOutcome::Accepted);
//! assert_eq!(ring.apply(&RingTransition::Push(8)), RingOutcome::Full);
//! assert_eq!(ring.apply(&RingTransition::Pop), RingOutcome::Item(Some(7)));
//! ```

#[cfg(test)]
mod tests;
mod transition;

pub use transition::{RingOutcome, RingTransition};

/// The reference state machine: the items in a list, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RingModel {
    capacity: usize,
    items: Vec<u8>,
    generation: u32,
}

impl RingModel {
    /// An empty ring with so many places.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::ring::RingModel;
    ///
    /// assert!(RingModel::new(3).items().is_empty());
    /// ```
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, items: Vec::with_capacity(capacity), generation: 0 }
    }

    /// How many items it can hold.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// What it holds, the oldest first.
    #[must_use]
    pub fn items(&self) -> &[u8] {
        &self.items
    }

    /// How many clears found something.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Makes one step, and answers what the ring must answer.
    pub fn apply(&mut self, transition: &RingTransition) -> RingOutcome {
        match *transition {
            RingTransition::Push(_) if self.items.len() == self.capacity => RingOutcome::Full,
            RingTransition::Push(item) => {
                self.items.push(item);
                RingOutcome::Accepted
            }
            RingTransition::Pop if self.items.is_empty() => RingOutcome::Item(None),
            RingTransition::Pop => RingOutcome::Item(Some(self.items.remove(0))),
            RingTransition::Peek(index) => RingOutcome::Item(self.items.get(usize::from(index)).copied()),
            RingTransition::Clear => {
                let found = self.items.len();
                self.items.clear();
                self.generation += u32::from(found > 0);
                RingOutcome::Cleared(found)
            }
            RingTransition::Resize(capacity) if usize::from(capacity) < self.items.len() => {
                RingOutcome::TooSmall
            }
            RingTransition::Resize(capacity) => {
                self.capacity = usize::from(capacity);
                RingOutcome::Resized
            }
        }
    }
}
