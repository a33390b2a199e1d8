//! Which messages have been heard (NW-1).

use std::collections::{BTreeMap, VecDeque};

use alys_wire::gossip::MessageId;

/// The messages that have been heard, each for a time; of too many, the first one heard is forgotten.
///
/// ```
/// use alys_p2p::core::Heard;
///
/// let mut heard = Heard::new(100, 1000);
/// assert!(heard.is_new([1; 20], 0));
/// assert!(!heard.is_new([1; 20], 99));
/// assert!(heard.is_new([1; 20], 100), "it is forgotten");
/// ```
#[derive(Clone, Debug)]
pub struct Heard {
    ttl_ms: u64,
    capacity: usize,
    until: BTreeMap<MessageId, u64>,
    /// The same, the oldest first. invariant: exactly the keys of `until`
    order: VecDeque<MessageId>,
}

impl Heard {
    /// Nothing has been heard; so many messages are remembered at most, each for so long.
    #[must_use]
    pub fn new(ttl_ms: u64, capacity: usize) -> Self {
        Heard { ttl_ms, capacity, until: BTreeMap::new(), order: VecDeque::new() }
    }

    /// Whether a message is new at a time; from then on it is not. Times do not go back.
    pub fn is_new(&mut self, id: MessageId, now: u64) -> bool {
        while let Some(oldest) =
            self.order.front().filter(|id| self.until.get(*id).is_none_or(|end| *end <= now))
        {
            self.until.remove(oldest);
            self.order.pop_front();
        }
        if self.until.contains_key(&id) {
            return false;
        }
        self.until.insert(id, now.saturating_add(self.ttl_ms));
        self.order.push_back(id);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.until.remove(&oldest);
        }
        true
    }

    /// How many messages are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.until.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until.is_empty()
    }
}
