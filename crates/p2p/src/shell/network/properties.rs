//! What becomes of what libp2p finds, dials and closes by itself.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use alys_actor::TokioClock;
use alys_sync::network::Network as _;
use alys_sync::shell::WallClock;
use libp2p::Multiaddr;
use libp2p::swarm::dial_opts::DialOpts;

use super::Libp2pNetwork;
use crate::config::Config;
use crate::core::Refusal;
use crate::identity::keypair;

/// Does something with a network on a runtime of its own.
fn with<T>(work: impl AsyncFnOnce(Libp2pNetwork) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let clock = WallClock { clock: Arc::new(TokioClock::new()), origin: 1_800_000_000_000 };
        work(Libp2pNetwork::start(&Config::default(), keypair(1).unwrap(), clock).unwrap()).await
    })
}

/// Lets a network do what it can at once.
async fn turn(net: &mut Libp2pNetwork) {
    let _ = poll_fn(|cx| Poll::Ready(net.poll_event(cx))).await;
}

/// NW-7: a dial that the transport refuses because it leads away is counted, whoever has wanted it.
///
/// Engine: law
#[test]
fn dials_that_lead_away_are_counted() {
    with(async |mut net| {
        let peer = keypair(2).unwrap().public().to_peer_id();
        let addresses: Vec<Multiaddr> = ["/ip4/192.0.2.1/tcp/1", "/ip4/127.0.0.1/tcp/1/ip4/192.0.2.1/tcp/80"]
            .map(|address| address.parse().unwrap())
            .to_vec();
        net.swarm.dial(DialOpts::peer_id(peer).addresses(addresses).build()).unwrap();
        while net.look().refused.of(Refusal::NotLoopback) < 2 {
            turn(&mut net).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(net.look().refused.all().count(), 1, "nothing else is refused");
    });
}

/// NW-3: a network knows when its listener has closed, also when it was not told to close it.
///
/// Engine: law
#[test]
fn a_listener_that_closes_is_missed() {
    with(async |mut net| {
        assert!(net.listening().await.is_some());
        let listener = net.listeners[0];
        assert!(net.swarm.remove_listener(listener));
        turn(&mut net).await;
        assert!(net.listeners.is_empty());
        assert_eq!(net.listening().await, None);
    });
}

/// NW-7: whatever a peer tells of where it listens, the routing table keeps the latest eight addresses.
///
/// Engine: law
#[test]
fn the_routing_table_keeps_the_latest_addresses() {
    with(async |mut net| {
        let peer = keypair(2).unwrap().public().to_peer_id();
        let address = |port: u16| format!("/ip4/127.0.0.1/tcp/{port}").parse::<Multiaddr>().unwrap();
        for port in 1..=20 {
            net.swarm.behaviour_mut().routing.add_address(&peer, address(port));
        }
        turn(&mut net).await;
        let bucket = net.swarm.behaviour_mut().routing.kbucket(peer).unwrap();
        let kept: Vec<Vec<Multiaddr>> =
            bucket.iter().map(|entry| entry.node.value.iter().cloned().collect()).collect();
        let latest: Vec<Multiaddr> = (13..=20).map(|port| address(port).with_p2p(peer).unwrap()).collect();
        assert_eq!(kept, [latest]);
    });
}
