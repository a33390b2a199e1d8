//! Gossip: what a host has seen already, and for how long it remembers.

use std::collections::{BTreeMap, VecDeque};

use alys_wire::gossip::MessageId;

/// The messages that a host has seen, each for a time: none of them is delivered again in it (NW-1).
///
/// ```
/// use alys_sync::simulated::SeenCache;
///
/// let mut seen = SeenCache::new(100);
/// assert!(seen.is_new([1; 20], 0));
/// assert!(!seen.is_new([1; 20], 99));
/// assert!(seen.is_new([1; 20], 100), "it is forgotten");
/// ```
#[derive(Clone, Debug)]
pub struct SeenCache {
    ttl_ms: u64,
    until: BTreeMap<MessageId, u64>,
    /// The same, the oldest first. invariant: exactly the entries of `until`
    order: VecDeque<(u64, MessageId)>,
}

impl SeenCache {
    /// A cache that remembers for so long.
    #[must_use]
    pub fn new(ttl_ms: u64) -> Self {
        SeenCache { ttl_ms, until: BTreeMap::new(), order: VecDeque::new() }
    }

    /// Whether a message is new at a time; from then on it is not.
    ///
    /// Times do not go back.
    pub fn is_new(&mut self, id: MessageId, now: u64) -> bool {
        while let Some((until, oldest)) = self.order.front().copied().filter(|(until, _)| *until <= now) {
            debug_assert_eq!(self.until.get(&oldest), Some(&until));
            self.until.remove(&oldest);
            self.order.pop_front();
        }
        if self.until.contains_key(&id) {
            return false;
        }
        let until = now.saturating_add(self.ttl_ms);
        self.until.insert(id, until);
        self.order.push_back((until, id));
        true
    }

    /// How many messages it remembers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.until.len()
    }

    /// Whether it remembers none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until.is_empty()
    }
}
