//! The framework's network between peers: who is there, what passes, what is on its way, and what was counted.

use std::collections::BTreeMap;
use std::time::Duration;

use alys_sync::{
    peer::PeerId,
    simulated::{Host, Lines, LinkPlan, NetworkStats, PeerPlan, Plan},
};
use thiserror::Error;

use crate::config::NetworkConfig;

/// A peer of the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MockPeer {
    /// How many messages it has sent.
    pub sent: u64,
    /// How many messages have come to it.
    pub received: u64,
}

/// A message between two peers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkMessage {
    /// Who has sent it.
    pub from: PeerId,
    /// Who gets it.
    pub to: PeerId,
    /// Its bytes: what frames are is for who sends and receives them to know.
    pub bytes: Vec<u8>,
    /// When it was sent, since the network began.
    pub sent: Duration,
    /// When it arrives.
    pub arrives: Duration,
}

/// What the network does not do.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// A share is none.
    #[error("the failure rate is {rate}; allowed is 0 to 1")]
    FailureRate {
        /// What it should be.
        rate: f64,
    },
    /// The latency is longer than any message takes.
    #[error("the latency is {latency:?}; allowed is 0 to 600 s")]
    Latency {
        /// What it should be.
        latency: Duration,
    },
    /// There is no such peer.
    #[error("peer {peer} is not in the network")]
    UnknownPeer {
        /// Which.
        peer: u64,
    },
}

/// The longest latency.
const LATENCY_MAX: Duration = Duration::from_secs(600);

/// A network in which every peer is connected with every other, in virtual time.
///
/// It is made of the lines of the simulation that sync runs on ([`Lines`]), so that latency, failures and partitions mean the
/// same in both, and [`plan`](Self::plan) makes that simulation's plan of it.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use alys_test_framework::MockP2PNetwork;
///
/// let mut network = MockP2PNetwork::new(7, Duration::from_millis(20), 0.0)?;
/// let [one, other] = [network.add_peer(), network.add_peer()];
/// network.send(one, other, b"hello")?;
/// assert_eq!(network.advance(Duration::from_millis(19)), []);
/// assert_eq!(network.advance(Duration::from_millis(1))[0].bytes, b"hello");
/// network.partition(&[vec![one], vec![other]]);
/// network.send(one, other, b"are you there")?;
/// assert_eq!(network.advance(Duration::from_secs(60)), []);
/// # Ok::<(), alys_test_framework::NetworkError>(())
/// ```
#[derive(Clone, Debug)]
pub struct MockP2PNetwork {
    peers: BTreeMap<PeerId, MockPeer>,
    added: u32,
    latency: Duration,
    failure_rate: f64,
    partition_groups: Vec<Vec<PeerId>>,
    /// What is on its way, by the time at which it arrives and the number that it was sent with.
    message_queue: BTreeMap<(u64, u64), NetworkMessage>,
    sent: u64,
    now: u64,
    seed: u64,
    lines: Lines,
}

fn link(latency: Duration, failure_rate: f64) -> Result<LinkPlan, NetworkError> {
    if !(0.0..=1.0).contains(&failure_rate) {
        return Err(NetworkError::FailureRate { rate: failure_rate });
    }
    if latency > LATENCY_MAX {
        return Err(NetworkError::Latency { latency });
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 1000")]
    let loss_permille = (failure_rate * 1000.0).round() as u16;
    let latency = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    Ok(LinkPlan { latency_min_ms: latency, latency_max_ms: latency, loss_permille, ..LinkPlan::default() })
}

impl MockP2PNetwork {
    /// A network without peers.
    ///
    /// # Errors
    ///
    /// [`NetworkError`] when the failure rate is not from 0 to 1, or the latency above 600 seconds.
    pub fn new(seed: u64, latency: Duration, failure_rate: f64) -> Result<Self, NetworkError> {
        Ok(Self {
            peers: BTreeMap::new(),
            added: 0,
            latency,
            failure_rate,
            partition_groups: Vec::new(),
            message_queue: BTreeMap::new(),
            sent: 0,
            now: 0,
            seed,
            lines: Lines::new(seed, link(latency, failure_rate)?),
        })
    }

    /// The network of a configuration, with all of its peers.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn of(config: &NetworkConfig, seed: u64) -> Result<Self, NetworkError> {
        let mut network = Self::new(seed, Duration::from_millis(config.latency_ms), config.failure_rate)?;
        (0..config.peers).for_each(|_| _ = network.add_peer());
        Ok(network)
    }

    /// Adds a peer, and connects it with all others.
    pub fn add_peer(&mut self) -> PeerId {
        let host = Host::Peer(self.added);
        self.added += 1;
        for other in self.peers.keys() {
            self.lines.connect(host, Host::of(*other));
        }
        self.peers.insert(host.id(), MockPeer::default());
        host.id()
    }

    /// Takes a peer out; what is on its way to it does not arrive.
    ///
    /// # Errors
    ///
    /// [`NetworkError::UnknownPeer`].
    pub fn remove_peer(&mut self, peer: PeerId) -> Result<MockPeer, NetworkError> {
        let removed = self.peers.remove(&peer).ok_or(NetworkError::UnknownPeer { peer: peer.0 })?;
        for other in self.peers.keys() {
            self.lines.disconnect(Host::of(peer), Host::of(*other));
        }
        self.message_queue.retain(|_, message| message.to != peer);
        Ok(removed)
    }

    /// The peers, and what each has sent and got.
    #[must_use]
    pub fn peers(&self) -> &BTreeMap<PeerId, MockPeer> {
        &self.peers
    }

    /// How long messages take.
    #[must_use]
    pub fn latency(&self) -> Duration {
        self.latency
    }

    /// Which share of them is lost.
    #[must_use]
    pub fn failure_rate(&self) -> f64 {
        self.failure_rate
    }

    /// Changes how long messages take, and which share of them is lost.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); then nothing is changed.
    pub fn set_link(&mut self, latency: Duration, failure_rate: f64) -> Result<(), NetworkError> {
        self.lines.set_link(link(latency, failure_rate)?);
        (self.latency, self.failure_rate) = (latency, failure_rate);
        Ok(())
    }

    /// Lets the network fall into groups; whoever is in none is in one more.
    pub fn partition(&mut self, groups: &[Vec<PeerId>]) {
        let hosts = |group: &Vec<PeerId>| group.iter().copied().map(Host::of).collect();
        self.lines.partition(&groups.iter().map(hosts).collect::<Vec<_>>());
        self.partition_groups = groups.to_vec();
    }

    /// Joins all groups.
    pub fn heal(&mut self) {
        self.lines.heal();
        self.partition_groups.clear();
    }

    /// Whether it has fallen into groups.
    #[must_use]
    pub fn is_partitioned(&self) -> bool {
        self.lines.is_partitioned()
    }

    /// The groups.
    #[must_use]
    pub fn partition_groups(&self) -> &[Vec<PeerId>] {
        &self.partition_groups
    }

    /// Sends a message.
    ///
    /// # Errors
    ///
    /// [`NetworkError::UnknownPeer`] of the first of both that is not there. A message that is lost is no error: who sends does
    /// not know.
    pub fn send(&mut self, from: PeerId, to: PeerId, bytes: &[u8]) -> Result<(), NetworkError> {
        for peer in [from, to] {
            let known = self.peers.get_mut(&peer).ok_or(NetworkError::UnknownPeer { peer: peer.0 })?;
            known.sent += u64::from(peer == from);
        }
        let mut bytes = bytes.to_vec();
        let passage = self.lines.pass(Host::of(from), Host::of(to), &mut bytes, self.now);
        for at in passage.arrivals() {
            let (sent, arrives) = (Duration::from_millis(self.now), Duration::from_millis(at));
            let message = NetworkMessage { from, to, bytes: bytes.clone(), sent, arrives };
            self.message_queue.insert((at, self.sent), message);
            self.sent += 1;
        }
        Ok(())
    }

    /// How many messages are on their way.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.message_queue.len()
    }

    /// Lets time pass, and gives what has arrived in it, in order. What a partition lies before does not arrive.
    pub fn advance(&mut self, by: Duration) -> Vec<NetworkMessage> {
        self.now = self.now.saturating_add(u64::try_from(by.as_millis()).unwrap_or(u64::MAX));
        let later = self.message_queue.split_off(&(self.now.saturating_add(1), 0));
        let due = std::mem::replace(&mut self.message_queue, later);
        let reaches =
            |message: &NetworkMessage| self.lines.reaches(Host::of(message.from), Host::of(message.to));
        let arrived: Vec<_> = due.into_values().filter(reaches).collect();
        for message in &arrived {
            if let Some(peer) = self.peers.get_mut(&message.to) {
                peer.received += 1;
            }
        }
        arrived
    }

    /// What was counted.
    #[must_use]
    pub fn stats(&self) -> NetworkStats {
        self.lines.stats()
    }

    /// The plan of a simulation in which a node syncs from as many honest peers, over such links.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let count = u32::try_from(self.peers.len()).unwrap_or(u32::MAX);
        let peers = (count > 0).then(|| PeerPlan { count, ..PeerPlan::default() });
        let link = self.lines.link().clone();
        Plan { seed: self.seed, link, peers: peers.into_iter().collect(), ..Plan::default() }
    }
}
