//! libp2p over loopback as a ground: real sockets, each node behind a front.

use std::{collections::BTreeMap, future::poll_fn, sync::Arc, task::Poll, time::Duration};

use alys_p2p::{
    config::Config,
    identity::{keypair, number_of},
    shell::Libp2pNetwork,
};
use alys_sync::{
    network::{Network as _, NetworkCommand, NetworkEvent},
    peer::PeerId,
    shell::WallClock,
};
use tokio::time::timeout;

use super::{
    clock::HandClock,
    fronts::Fronts,
    ground::{Ground, Harm, Links},
};
use crate::stage::DriveError;

/// When so long nothing has happened on any socket, nothing happens now.
const BEAT: Duration = Duration::from_millis(20);
/// No scenario has so many nodes.
const NODES_MAX: usize = 16;

/// Nodes on libp2p.
#[derive(Debug)]
pub(super) struct OnLibp2p {
    nets: BTreeMap<usize, Libp2pNetwork>,
    fronts: Fronts,
    clock: HandClock,
    /// What the origin of the clock is, in milliseconds since the Unix epoch.
    origin: u64,
    seed: u64,
    peers: Vec<PeerId>,
}

impl OnLibp2p {
    /// No node yet; the seed decides keys and what fronts do, and the time is what it is now.
    pub(super) fn new(seed: u64, origin: u64) -> Result<Self, DriveError> {
        let clock = HandClock::default();
        let number = |node| keypair(key_seed(seed, node)).map(|key| number_of(&key.public().to_peer_id()));
        let peers: Result<Vec<_>, _> = (0..NODES_MAX).map(number).collect();
        let peers = peers.map_err(|why| DriveError::new("a key", why))?;
        let fronts = Fronts::new(seed, clock.clone());
        Ok(OnLibp2p { nets: BTreeMap::new(), fronts, clock, origin, seed, peers })
    }

    /// Where others are told that a node is.
    async fn place(&mut self, node: usize) -> Result<String, DriveError> {
        let port = self.fronts.place(node).await.map_err(|why| DriveError::new("a front", why))?;
        Ok(format!("/ip4/127.0.0.1/tcp/{port}"))
    }
}

fn key_seed(seed: u64, node: usize) -> u64 {
    seed.wrapping_add(node as u64)
}

/// The port of an address such as `/ip4/127.0.0.1/tcp/1`.
fn port(address: &str) -> Option<u16> {
    address.split('/').nth(4)?.parse().ok()
}

impl Ground for OnLibp2p {
    async fn start(&mut self, node: usize, bootstrap: &[usize]) -> Result<(), DriveError> {
        let announced = vec![self.place(node).await?];
        let mut places = Vec::new();
        for other in bootstrap {
            places.push(self.place(*other).await?);
        }
        let config = Config {
            announced,
            bootstrap: places,
            retry_ms: 50,
            heartbeat_ms: 50,
            refresh_ms: 200,
            ..Config::default()
        };
        let key = keypair(key_seed(self.seed, node)).map_err(|why| DriveError::new("a key", why))?;
        let clock = WallClock { clock: Arc::new(self.clock.clone()), origin: self.origin };
        let net = Libp2pNetwork::start(&config, key, clock);
        let mut net = net.map_err(|why| DriveError::new("starting libp2p", why))?;
        let listens = net.listening().await.as_deref().and_then(port);
        let listens = listens.ok_or_else(|| DriveError::new("starting libp2p", "it listens nowhere"))?;
        self.fronts.listens(node, listens);
        self.nets.insert(node, net);
        Ok(())
    }

    fn stop(&mut self, node: usize) {
        self.nets.remove(&node);
        self.fronts.is_gone(node);
    }

    fn command(&mut self, node: usize, command: NetworkCommand) {
        if let Some(net) = self.nets.get_mut(&node) {
            net.command(command);
        }
    }

    async fn next(&mut self) -> Option<(usize, NetworkEvent)> {
        let event = poll_fn(|cx| {
            for (node, net) in &mut self.nets {
                if let Poll::Ready(Some(event)) = net.poll_event(cx) {
                    return Poll::Ready((*node, event));
                }
            }
            Poll::Pending
        });
        timeout(BEAT, event).await.ok()
    }

    fn advance(&mut self, ms: u64) {
        self.clock.advance(ms);
    }

    fn partition(&mut self, groups: &'static [&'static [usize]]) {
        self.fronts.partition(groups);
    }

    fn heal(&mut self) {
        self.fronts.heal();
    }

    fn links(&mut self, links: Links) {
        self.fronts.links(links);
    }

    fn harm(&self) -> Harm {
        self.fronts.harm()
    }

    fn peer(&self, node: usize) -> PeerId {
        self.peers.get(node).copied().unwrap_or(PeerId(u64::MAX))
    }
}
