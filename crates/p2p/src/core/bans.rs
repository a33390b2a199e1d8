//! Who is banned, and until when.

use std::collections::BTreeMap;

use alys_sync::peer::PeerId;

/// Bans, each until a time.
///
/// Of more than there is room for, those are forgotten that end first.
///
/// ```
/// use alys_p2p::core::Bans;
/// use alys_sync::peer::PeerId;
///
/// let mut bans = Bans::new(10);
/// bans.ban(PeerId(1), 100, 0);
/// assert!(bans.is_banned(PeerId(1), 99));
/// assert!(!bans.is_banned(PeerId(1), 100), "it has ended");
/// ```
#[derive(Clone, Debug)]
pub struct Bans {
    capacity: usize,
    until: BTreeMap<PeerId, u64>,
}

impl Bans {
    /// Nobody is banned; at most so many will be.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Bans { capacity, until: BTreeMap::new() }
    }

    /// Bans a peer until a time; a ban that ends later stays as it is.
    pub fn ban(&mut self, peer: PeerId, until: u64, now: u64) {
        self.until.retain(|_, end| *end > now);
        if until <= now {
            return;
        }
        let end = self.until.entry(peer).or_insert(until);
        *end = until.max(*end);
        if self.until.len() > self.capacity
            && let Some((_, first)) = self.until.iter().map(|(peer, end)| (*end, *peer)).min()
        {
            self.until.remove(&first);
        }
    }

    /// Whether a peer is banned at a time.
    #[must_use]
    pub fn is_banned(&self, peer: PeerId, now: u64) -> bool {
        self.until.get(&peer).is_some_and(|until| now < *until)
    }

    /// How many bans are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.until.len()
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until.is_empty()
    }
}
