//! When bootstrap nodes are dialled (NW-3). Whom they know, the routing table finds and dials by itself.

use std::collections::BTreeMap;

/// What is known of a bootstrap node.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// It is connected, or being dialled.
    busy: bool,
    /// Since when it is connected.
    since: Option<u64>,
    /// Not before this time.
    not_before: u64,
    /// How often in a row it was not reached, or has left soon.
    failed: u32,
}

/// Bootstrap nodes are dialled whenever they are not connected; `A` is where one is reached.
///
/// ```
/// use alys_p2p::core::Discovery;
///
/// let mut discovery = Discovery::new(500);
/// discovery.bootstrap("a");
/// assert_eq!(discovery.due(0), ["a"]);
/// discovery.lost(&"a", 0);
/// assert_eq!(discovery.next_wakeup(), Some(500));
/// assert!(discovery.due(499).is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Discovery<A> {
    retry_ms: u64,
    known: BTreeMap<A, Known>,
}

/// How often the time between two tries is doubled at most.
const DOUBLED_MAX: u32 = 6;

/// How long is waited after so many failures before.
fn wait(retry_ms: u64, failed: u32) -> u64 {
    retry_ms.saturating_mul(1 << failed.min(DOUBLED_MAX))
}

impl<A: Ord + Clone> Discovery<A> {
    /// Nobody is known. Who was not reached is tried again after so long, then twice as long and so on.
    #[must_use]
    pub fn new(retry_ms: u64) -> Self {
        Discovery { retry_ms, known: BTreeMap::new() }
    }

    /// Makes somebody a bootstrap node.
    pub fn bootstrap(&mut self, who: A) {
        self.known.entry(who).or_default();
    }

    /// A bootstrap node is connected.
    pub fn connected(&mut self, who: &A, now: u64) {
        if let Some(known) = self.known.get_mut(who) {
            known.since = Some(now);
        }
    }

    /// A bootstrap node was not reached, or has left.
    ///
    /// The time between two tries begins anew only after a connection that was longer than the longest such time: who hangs
    /// up after every handshake is not dialled any more often than who is not there.
    pub fn lost(&mut self, who: &A, now: u64) {
        let longest = wait(self.retry_ms, DOUBLED_MAX);
        let Some(known) = self.known.get_mut(who) else { return };
        known.busy = false;
        if known.since.take().is_some_and(|since| now.saturating_sub(since) > longest) {
            known.failed = 0;
        }
        known.not_before = now.saturating_add(wait(self.retry_ms, known.failed));
        known.failed = known.failed.saturating_add(1);
    }

    /// Whom to dial now; they are then busy until they are lost.
    pub fn due(&mut self, now: u64) -> Vec<A> {
        let due = self.known.iter_mut().filter(|(_, known)| !known.busy && known.not_before <= now);
        let dialled = due.map(|(who, known)| {
            known.busy = true;
            who.clone()
        });
        dialled.collect()
    }

    /// When somebody is to be dialled again.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<u64> {
        self.known.values().filter(|known| !known.busy).map(|known| known.not_before).min()
    }
}
