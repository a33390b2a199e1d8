//! Whom to dial (NW-3).

use std::collections::{BTreeMap, BTreeSet};

/// What is known of a place that can be dialled.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Whether it is dialled again and again: a bootstrap node.
    bootstrap: bool,
    /// Not before this time.
    not_before: u64,
    /// How often in a row it was not reached.
    failed: u32,
    /// It is being dialled.
    dialling: bool,
}

/// Whom to dial: bootstrap nodes whenever they are not connected, others until there are enough connections.
///
/// `A` is where somebody can be reached, and by which it is known whether it is connected.
///
/// ```
/// use alys_p2p::core::Discovery;
///
/// let mut discovery = Discovery::new(1, 500, 8);
/// discovery.bootstrap("a");
/// discovery.found("b");
/// assert_eq!(discovery.due(0), ["a"], "one is enough");
/// discovery.failed(&"a", 0);
/// assert_eq!(discovery.due(1), ["b"]);
/// assert_eq!(discovery.next_wakeup(), Some(500));
/// ```
#[derive(Clone, Debug)]
pub struct Discovery<A> {
    wanted: usize,
    retry_ms: u64,
    capacity: usize,
    known: BTreeMap<A, Known>,
    connected: BTreeSet<A>,
}

/// How often the time between two tries is doubled at most.
const DOUBLED_MAX: u32 = 6;

impl<A: Ord + Clone> Discovery<A> {
    /// Nobody is known. So many connections are wanted; who was not reached is tried again after so long, then twice
    /// as long and so on; so many are remembered, bootstrap nodes not counted.
    #[must_use]
    pub fn new(wanted: usize, retry_ms: u64, capacity: usize) -> Self {
        Discovery { wanted, retry_ms, capacity, known: BTreeMap::new(), connected: BTreeSet::new() }
    }

    /// Makes somebody a bootstrap node.
    pub fn bootstrap(&mut self, who: A) {
        self.known.entry(who).or_default().bootstrap = true;
    }

    /// Somebody was told of; there may be no room for it.
    pub fn found(&mut self, who: A) {
        let others = self.known.values().filter(|known| !known.bootstrap).count();
        if others < self.capacity {
            self.known.entry(who).or_default();
        }
    }

    /// A connection is up.
    pub fn connected(&mut self, who: A) {
        if let Some(known) = self.known.get_mut(&who) {
            *known = Known { bootstrap: known.bootstrap, ..Known::default() };
        }
        self.connected.insert(who);
    }

    /// Somebody is not connected any more: a bootstrap node is dialled again after a time, another one forgotten.
    pub fn disconnected(&mut self, who: &A, now: u64) {
        self.connected.remove(who);
        self.rest(who, now);
    }

    /// Somebody was not reached: a bootstrap node is dialled again after a time, another one forgotten.
    pub fn failed(&mut self, who: &A, now: u64) {
        self.rest(who, now);
    }

    fn rest(&mut self, who: &A, now: u64) {
        let Some(known) = self.known.get_mut(who) else { return };
        if !known.bootstrap {
            self.known.remove(who);
            return;
        }
        known.dialling = false;
        known.not_before = now.saturating_add(self.retry_ms << known.failed.min(DOUBLED_MAX));
        known.failed = known.failed.saturating_add(1);
    }

    /// Whom to dial now; they are then being dialled until they are connected or have failed.
    pub fn due(&mut self, now: u64) -> Vec<A> {
        let dialling = self.known.values().filter(|known| known.dialling).count();
        let mut missing = self.wanted.saturating_sub(self.connected.len() + dialling);
        let mut due = Vec::new();
        let mut idle: Vec<_> = self
            .known
            .iter_mut()
            .filter(|(who, known)| {
                !known.dialling && known.not_before <= now && !self.connected.contains(*who)
            })
            .collect();
        // Bootstrap nodes first, and they are dialled even when there are enough others.
        idle.sort_by_key(|(_, known)| !known.bootstrap);
        for (who, known) in idle {
            if !known.bootstrap && missing == 0 {
                break;
            }
            missing = missing.saturating_sub(1);
            known.dialling = true;
            due.push(who.clone());
        }
        due
    }

    /// When somebody is to be dialled again.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<u64> {
        let idle = self
            .known
            .iter()
            .filter(|(who, known)| known.bootstrap && !known.dialling && !self.connected.contains(*who));
        idle.map(|(_, known)| known.not_before).min()
    }

    /// How many are known, connected or not.
    #[must_use]
    pub fn known(&self) -> usize {
        self.known.len()
    }
}
