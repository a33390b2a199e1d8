//! The lines between hosts: who is connected, what passes, when it arrives, and in which state.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

use super::corrupt::{Corruption, corrupt};
use super::host::Host;
use super::plan::LinkPlan;

/// How many times the longest latency a message is held back at most, so that others overtake it.
const HELD_BACK: u64 = 10;

/// The number of a connection: two hosts that connect again have another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Session(u64);

/// What was counted on all lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkStats {
    /// Connections that came up.
    pub connections: u64,
    /// Connections that were lost or closed.
    pub disconnections: u64,
    /// Messages that were sent.
    pub sent: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Messages that arrive; those that arrive twice count twice.
    pub delivered: u64,
    /// Messages that were lost.
    pub lost: u64,
    /// Messages that a partition has held up for ever.
    pub partitioned: u64,
    /// Messages that arrive twice.
    pub duplicated: u64,
    /// Messages that were held back.
    pub reordered: u64,
    /// Messages whose bytes were corrupted.
    pub corrupted: u64,
}

/// When the copies of a message arrive. There is none of one that is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The first copy.
    pub first: Option<u64>,
    /// The second one.
    pub second: Option<u64>,
    /// What has happened to the bytes.
    pub corruption: Option<Corruption>,
}

impl Passage {
    /// The times of all copies.
    pub fn arrivals(&self) -> impl Iterator<Item = u64> + use<> {
        self.first.into_iter().chain(self.second)
    }
}

/// The lines of one network. Whoever uses them keeps the messages until they arrive.
///
/// ```
/// use alys_sync::simulated::{Host, LinkPlan, Lines};
///
/// let (node, peer) = (Host::Node(0), Host::Peer(0));
/// let mut lines = Lines::new(7, LinkPlan { latency_min_ms: 5, latency_max_ms: 5, ..LinkPlan::default() });
/// lines.connect(node, peer);
/// assert_eq!(lines.pass(node, peer, &mut b"frame".to_vec(), 100).first, Some(105));
/// lines.partition(&[vec![node], vec![peer]]);
/// assert_eq!(lines.pass(node, peer, &mut b"frame".to_vec(), 100).first, None);
/// assert_eq!(lines.stats().partitioned, 1);
/// ```
#[derive(Clone, Debug)]
pub struct Lines {
    rng: Rng,
    link: LinkPlan,
    sessions: BTreeMap<(Host, Host), Session>,
    opened: u64,
    /// The group of each host that is in one, while there is a partition.
    groups: Option<BTreeMap<Host, usize>>,
    /// When each host has sent all that it was given, where links have a bandwidth.
    busy: BTreeMap<Host, u64>,
    stats: NetworkStats,
}

/// Both ends in their order.
fn ends(one: Host, other: Host) -> (Host, Host) {
    (one.min(other), one.max(other))
}

impl Lines {
    /// Lines between hosts none of which is connected yet.
    #[must_use]
    pub fn new(seed: u64, link: LinkPlan) -> Self {
        Lines {
            rng: Rng::with_seed(seed),
            link,
            sessions: BTreeMap::new(),
            opened: 0,
            groups: None,
            busy: BTreeMap::new(),
            stats: NetworkStats::default(),
        }
    }

    /// What was counted so far.
    #[must_use]
    pub fn stats(&self) -> NetworkStats {
        self.stats
    }

    /// What links do at present.
    #[must_use]
    pub fn link(&self) -> &LinkPlan {
        &self.link
    }

    /// Lets links do something else from now on.
    pub fn set_link(&mut self, link: LinkPlan) {
        self.link = link;
    }

    /// Randomness of the network.
    pub(super) fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    /// Connects two hosts; `false` when they are connected already, or a partition lies between them.
    pub fn connect(&mut self, one: Host, other: Host) -> bool {
        if one == other || self.session(one, other).is_some() || !self.reaches(one, other) {
            return false;
        }
        self.sessions.insert(ends(one, other), Session(self.opened));
        self.opened += 1;
        self.stats.connections += 1;
        true
    }

    /// Disconnects two hosts; `false` when they were not connected.
    pub fn disconnect(&mut self, one: Host, other: Host) -> bool {
        let was = self.sessions.remove(&ends(one, other)).is_some();
        self.stats.disconnections += u64::from(was);
        was
    }

    /// The connection of two hosts.
    #[must_use]
    pub fn session(&self, one: Host, other: Host) -> Option<Session> {
        self.sessions.get(&ends(one, other)).copied()
    }

    /// Who is connected with a host, in order.
    #[must_use]
    pub fn connected(&self, host: Host) -> BTreeSet<Host> {
        let other = |(one, other): &(Host, Host)| {
            (*one == host).then_some(*other).or((*other == host).then_some(*one))
        };
        self.sessions.keys().filter_map(other).collect()
    }

    /// Lets the network fall into groups, between which nothing passes; whoever is in none is in one more. What is on its way
    /// does not arrive either, if its receiver looks at [`reaches`](Self::reaches).
    pub fn partition(&mut self, groups: &[Vec<Host>]) {
        let of_group = |(group, hosts): (usize, &Vec<Host>)| -> Vec<(Host, usize)> {
            hosts.iter().map(|host| (*host, group)).collect()
        };
        self.groups = Some(groups.iter().enumerate().flat_map(of_group).collect());
    }

    /// Joins all groups.
    pub fn heal(&mut self) {
        self.groups = None;
    }

    /// Whether there is a partition.
    #[must_use]
    pub fn is_partitioned(&self) -> bool {
        self.groups.is_some()
    }

    /// Whether anything passes between two hosts.
    #[must_use]
    pub fn reaches(&self, one: Host, other: Host) -> bool {
        self.groups.as_ref().is_none_or(|groups| groups.get(&one) == groups.get(&other))
    }

    /// Counts a message that a partition has caught on its way.
    pub(super) fn caught(&mut self) {
        self.stats.partitioned += 1;
        self.stats.delivered -= 1;
    }

    fn hits(&mut self, permille: u16) -> bool {
        permille > 0 && self.rng.u16(..1000) < permille
    }

    /// How long one chunk takes.
    pub(super) fn latency(&mut self) -> u64 {
        self.rng.u64(self.link.latency_min_ms..=self.link.latency_max_ms)
    }

    /// Sends a message: decides when its copies arrive, and in which state. Nothing passes between hosts that are not
    /// connected.
    pub fn pass(&mut self, from: Host, to: Host, bytes: &mut Vec<u8>, now: u64) -> Passage {
        self.stats.sent += 1;
        self.stats.bytes += bytes.len() as u64;
        if !self.reaches(from, to) {
            self.stats.partitioned += 1;
            return Passage::default();
        }
        if self.session(from, to).is_none() || self.hits(self.link.loss_permille) {
            self.stats.lost += 1;
            return Passage::default();
        }
        let corruption = match self.hits(self.link.corrupt_permille) {
            true => corrupt(bytes, &mut self.rng),
            false => None,
        };
        self.stats.corrupted += u64::from(corruption.is_some());
        let sent = self.sent(from, bytes.len() as u64, now);
        let first = Some(self.arrival(sent));
        let second = self.hits(self.link.duplicate_permille).then(|| self.arrival(sent));
        self.stats.duplicated += u64::from(second.is_some());
        self.stats.delivered += 1 + u64::from(second.is_some());
        Passage { first, second, corruption }
    }

    /// When a host has sent so many more bytes.
    fn sent(&mut self, from: Host, bytes: u64, now: u64) -> u64 {
        let Some(takes) = bytes.checked_div(self.link.bytes_per_ms) else { return now };
        let busy = self.busy.entry(from).or_default();
        *busy = now.max(*busy).saturating_add(takes);
        *busy
    }

    fn arrival(&mut self, sent: u64) -> u64 {
        let latency = self.latency();
        let held = match self.hits(self.link.reorder_permille) {
            true => self.rng.u64(0..=HELD_BACK * self.link.latency_max_ms),
            false => 0,
        };
        self.stats.reordered += u64::from(held > 0);
        sent.saturating_add(latency + held)
    }
}
