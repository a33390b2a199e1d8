//! A key that needs no looking up.

use std::fmt;

use super::actor::Actor;
use super::key::Key;
use super::message::Verdict;
use super::sync::Arc;

/// One actor and sender, resolved once by [`OrderingTracker::handle`](super::OrderingTracker::handle).
///
/// A record in order is then a single compare-and-swap. Handles of one key, and records by name, see each other's
/// records at once; a handle keeps the state of its actor alive, even beyond the tracker.
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::{OrderingTracker, Verdict};
///
/// let tracker = OrderingTracker::default();
/// let handle = tracker.handle("chain", "network");
/// let twin = handle.clone();
/// assert_eq!(handle.record(0), Verdict::InOrder);
/// assert_eq!(twin.record(1), Verdict::InOrder);
/// assert_eq!(tracker.record("chain", "network", 2), Verdict::InOrder);
/// assert_eq!(tracker.message_count("chain"), 3);
/// ```
#[derive(Clone)]
pub struct OrderingHandle {
    actor: Arc<Actor>,
    // invariant: a key of `actor`.
    key: Arc<Key>,
}

impl OrderingHandle {
    pub(super) fn new(actor: Arc<Actor>, sender: &str) -> Self {
        let key = actor.add_sender(sender);
        Self { actor, key }
    }

    #[inline]
    pub(super) fn is(&self, actor: &str, sender: &str) -> bool {
        *self.key.sender == *sender && *self.actor.name == *actor
    }

    /// Records `sequence` for the key and judges it, as [`OrderingTracker::record`](super::OrderingTracker::record)
    /// does.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::{OrderingTracker, Verdict};
    ///
    /// let handle = OrderingTracker::default().handle("chain", "network");
    /// assert_eq!(handle.record(0), Verdict::InOrder);
    /// assert_eq!(handle.record(2), Verdict::Gap { expected: 1, got: 2 });
    /// assert_eq!(handle.record(0), Verdict::Duplicate);
    /// ```
    #[inline]
    pub fn record(&self, sequence: u64) -> Verdict {
        if self.record_in_order(sequence) { Verdict::InOrder } else { self.record_slowly(sequence) }
    }

    /// Records `sequence` if the word of the key alone can tell that it is in order.
    #[inline]
    pub(super) fn record_in_order(&self, sequence: u64) -> bool {
        self.key.advance(sequence)
    }

    #[cold]
    pub(super) fn record_slowly(&self, sequence: u64) -> Verdict {
        self.actor.record(&self.key, sequence)
    }
}

impl fmt::Debug for OrderingHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderingHandle")
            .field("actor", &self.actor.name)
            .field("sender", &self.key.sender)
            .finish()
    }
}
