//! Who is connected, who may be, and who finds whom (NW-3, NW-7).

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use alys_engines::violation::{check_eq, violated};
use alys_sync::network::{Network, NetworkCommand, NetworkEvent};
use alys_sync::peer::PeerId;
use alys_wire::codes::GoodbyeReason;
use alys_wire::message::Request;
use alys_wire::protocol::Protocol;
use libp2p::futures::StreamExt as _;
use tokio::net::TcpListener;

use super::alys::config::{Config, ConnectionLimits};
use super::alys::core::Refusal;
use super::alys::error::ReachError;
use super::laws_limits::{settle, with};
use super::raw::{Frozen, Hostile};
use super::rig::{Rig, quick, run};

/// Dials from one network while all of them go on.
async fn reach(rig: &mut Rig, who: usize, address: &str) -> Result<(), ReachError> {
    let mut net = rig.nets.remove(&who).unwrap_or_else(|| violated("NW-3", "it is gone"));
    let reached = with(rig, net.reach(address)).await.map(drop);
    rig.nets.insert(who, net);
    reached
}

/// A banned peer is said goodbye to, does not come in and is not gone to, until its time; then both.
pub fn who_is_banned_stays_out() -> u64 {
    run("bans", async {
        let mut rig = Rig::new();
        let (strict, banned) = rig.pair(&Config { retry_ms: u64::MAX >> 8, ..quick() }).await;
        let (here, there) = (rig.address(0).await, rig.address(1).await);
        let until = rig.now() + 5_000;
        rig.disconnect(0, banned, GoodbyeReason::Banned);
        rig.net(0).command(NetworkCommand::Ban { peer: banned, until });
        rig.until(|rig| !rig.sees(0, banned) && !rig.sees(1, strict)).await;
        let said = |event: &NetworkEvent| {
            matches!(event, NetworkEvent::Request { request: Request::Goodbye(GoodbyeReason::Banned), .. })
        };
        check_eq("NW-7", "how often goodbye is said", &1, &rig.count(1, said));
        for wait in [0, 4_999] {
            rig.clock.0.advance(wait);
            let before = rig.refused(0, Refusal::Banned);
            // Whether it notices before or after the handshake is chance; that it is not connected is not.
            let _ = reach(&mut rig, 1, &here).await;
            rig.until_count(|rig| rig.refused(0, Refusal::Banned) > before).await;
            let before = rig.refused(0, Refusal::Banned);
            let refused = matches!(reach(&mut rig, 0, &there).await, Err(ReachError::Unreachable { .. }));
            check_eq("NW-7", "whether we go to who is banned", &true, &refused);
            let counted = rig.refused(0, Refusal::Banned);
            check_eq("NW-7", "whether it is counted", &(before + 1), &counted);
            check_eq("NW-7", "whether it is connected", &false, &rig.sees(0, banned));
        }
        rig.until(|rig| !rig.sees(1, strict)).await;
        rig.clock.0.advance(1);
        check_eq(
            "NW-7",
            "whether it comes in when its ban has ended",
            &true,
            &reach(&mut rig, 1, &here).await.is_ok(),
        );
        rig.until(|rig| rig.sees(0, banned) && rig.sees(1, strict)).await;
        5
    })
}

/// A ban of who is still connected disconnects it, and one that has ended already changes nothing else.
pub fn a_ban_disconnects() -> u64 {
    run("a ban of a connected peer", async {
        let mut rig = Rig::new();
        let (strict, banned) = rig.pair(&Config { retry_ms: 100, ..quick() }).await;
        let until = rig.now();
        rig.net(0).command(NetworkCommand::Ban { peer: banned, until });
        rig.until(|rig| !rig.sees(0, banned) && !rig.sees(1, strict)).await;
        rig.clock.0.advance(100);
        rig.until(|rig| rig.sees(0, banned) && rig.sees(1, strict)).await;
        check_eq("NW-7", "whether a ban that is over refuses", &0, &rig.refused(0, Refusal::Banned));
        1
    })
}

/// Whoever has the same bootstrap node finds the others, also who comes later; who leaves is not connected any more.
pub fn bootstrap_nodes_bring_together() -> u64 {
    run("discovery", async {
        let mut rig = Rig::new();
        rig.add(0, &quick());
        let bootstrap = vec![rig.address(0).await];
        let config = Config { bootstrap, ..quick() };
        for number in 1..4 {
            rig.add(number, &config);
        }
        all_see_each_other(&mut rig).await;
        rig.add(4, &config);
        all_see_each_other(&mut rig).await;
        for number in [2, 0] {
            let left = rig.peer(number);
            rig.nets.remove(&number);
            let rest: Vec<_> = rig.nets.keys().copied().collect();
            rig.until(|rig| rest.iter().all(|one| !rig.sees(*one, left))).await;
        }
        let connections = rig.nets.values().map(|net| net.look().connections).max();
        check_eq(
            "NW-3",
            "whether connections are counted",
            &true,
            &connections.is_some_and(|most| (2..=9).contains(&most)),
        );
        5
    })
}

async fn all_see_each_other(rig: &mut Rig) {
    let numbers: Vec<_> = rig.nets.keys().copied().collect();
    let peers: Vec<(usize, PeerId)> = numbers.iter().map(|number| (*number, rig.peer(*number))).collect();
    rig.until(|rig| {
        let pairs = peers.iter().flat_map(|one| peers.iter().map(move |other| (one.0, *other)));
        pairs.filter(|(one, other)| *one != other.0).all(|(one, other)| rig.sees(one, other.1))
    })
    .await;
}

/// A bootstrap node that is not there is dialled again, and so is one that has left; the same node has the same number.
pub fn bootstrap_nodes_are_dialled_again() -> u64 {
    run("a bootstrap node that comes late", async {
        let mut rig = Rig::new();
        rig.add(0, &quick());
        let address = rig.address(0).await;
        let number = rig.peer(0);
        rig.nets.clear();
        // For a moment, the port may not be free yet.
        let socket = loop {
            match TcpListener::bind(("127.0.0.1", port(&address))).await {
                Ok(socket) => break socket,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        rig.add(1, &Config { bootstrap: vec![address.clone()], retry_ms: 1_000, ..quick() });
        let there =
            Config { listen: vec![address.split("/p2p").next().unwrap_or_default().to_owned()], ..quick() };
        dialled_in_vain(&mut rig, socket).await;
        for wait in [60_000, 2_000] {
            // For a moment, a socket of somebody else may have the port.
            while !rig.is_added(0, &there) {
                rig.turn_or_beat().await;
            }
            rig.until_count(|rig| {
                rig.clock.0.advance(wait / 20);
                rig.net(1).look().connections > 0
            })
            .await;
            rig.until(|rig| rig.sees(1, number)).await;
            rig.nets.remove(&0);
            rig.until(|rig| !rig.sees(1, number)).await;
        }
        2
    })
}

/// Whoever announces an address is looked for there, and where it listens is told to nobody.
pub fn peers_are_told_what_is_announced() -> u64 {
    run("an address that is announced", async {
        let mut rig = Rig::new();
        let front = TcpListener::bind(("127.0.0.1", 0)).await;
        let front = front.unwrap_or_else(|why| violated("NW-3", why.to_string()));
        let place = front.local_addr().unwrap_or_else(|why| violated("NW-3", why.to_string()));
        rig.add(1, &quick());
        let bootstrap = vec![rig.address(1).await];
        let announced = vec![format!("/ip4/127.0.0.1/tcp/{}", place.port())];
        // It has gone to somebody already. Whoever else it dials sees a connection for a moment, and itself has none.
        let connections = ConnectionLimits { outgoing: 1, ..Config::default().connections };
        rig.add(0, &Config { bootstrap: bootstrap.clone(), announced, connections, ..quick() });
        let behind = rig.peer(0);
        rig.until(|rig| rig.sees(1, behind)).await;
        rig.add(2, &Config { bootstrap, ..quick() });
        drop(with(&mut rig, front.accept()).await);
        for _ in 0..8 {
            rig.turn_or_beat().await;
        }
        let other = rig.peer(2);
        let reached =
            rig.has_told(0, |event| matches!(event, NetworkEvent::Connected { peer } if *peer == other));
        check_eq("NW-3", "whether it is reached where it listens", &false, &reached);
        1
    })
}

/// Somebody takes each dial and hangs up: so it is tried again, each time twice as late, and never before its time.
async fn dialled_in_vain(rig: &mut Rig, socket: TcpListener) {
    drop(with(rig, socket.accept()).await);
    for wait in [1_000, 2_000, 4_000] {
        rig.clock.0.advance(wait - 1);
        settle(rig).await;
        let early = poll_fn(|cx| Poll::Ready(socket.poll_accept(cx).is_ready())).await;
        check_eq("NW-3", &format!("whether it is dialled before {wait} ms"), &false, &early);
        let mut again = None;
        while again.is_none() {
            rig.clock.0.advance(wait);
            let taken = with(rig, socket.accept());
            again = tokio::time::timeout(Duration::from_millis(60), taken).await.ok();
        }
    }
}

/// The port of an address such as `/ip4/127.0.0.1/tcp/1`.
fn port(address: &str) -> u16 {
    let port = address.split('/').nth(4).and_then(|port| port.parse().ok());
    port.unwrap_or_else(|| violated("NW-3", format!("{address} has no port")))
}

/// Nobody need wait for a dial to its end: what it comes to is forgotten then.
pub fn who_gives_up_a_dial_leaves_nothing() -> u64 {
    run("a dial that is given up", async {
        let mut rig = Rig::new();
        rig.add(0, &quick());
        let socket = TcpListener::bind(("127.0.0.1", 0)).await;
        let socket = socket.unwrap_or_else(|why| violated("NW-3", why.to_string()));
        let place = socket.local_addr().unwrap_or_else(|why| violated("NW-3", why.to_string()));
        let address = format!("/ip4/127.0.0.1/tcp/{}", place.port());
        for given_up in 1..=3 {
            let early = {
                let mut reaching = std::pin::pin!(rig.net(0).reach(&address));
                poll_fn(|cx| Poll::Ready(reaching.as_mut().poll(cx).is_ready())).await
            };
            check_eq("NW-3", "whether somebody is reached at once", &false, &early);
            check_eq("NW-3", "how many dials are under way", &given_up, &rig.net(0).look().dials);
        }
        for _ in 0..3 {
            drop(with(&mut rig, socket.accept()).await);
        }
        rig.until_count(|rig| rig.net(0).look().dials == 0).await;
        3
    })
}

/// Whoever does not answer a goodbye is disconnected when its time is over, and not before.
pub fn a_goodbye_ends_in_its_time() -> u64 {
    run("a goodbye", async {
        let mut rig = Rig::new();
        rig.add(0, &Config { goodbye_ms: 700, ..quick() });
        let address = rig.address(0).await;
        let mut hostile = Hostile::connect(&address, &[]);
        let number = super::alys::identity::number_of(&hostile.id);
        let mut said = hostile.takes(Protocol::Goodbye);
        rig.until(|rig| rig.sees(0, number)).await;
        rig.disconnect(0, number, GoodbyeReason::TooManyPeers);
        rig.until(|rig| !rig.sees(0, number)).await;
        let stream = with(&mut rig, said.next()).await;
        check_eq("NW-3", "whether goodbye is said", &true, &stream.is_some());
        rig.clock.0.advance(699);
        settle(&mut rig).await;
        check_eq("NW-3", "whether it is waited for", &1, &rig.net(0).look().connections);
        rig.clock.0.advance(1);
        rig.until_count(|rig| rig.net(0).look().connections == 0).await;
        1
    })
}

/// A peer that does not even answer pings has left, within a deadline: two pings, and twice the ten seconds that libp2p gives a
/// stream to be opened. Those run by the wall, so no fault is hunted with this one.
pub fn who_falls_silent_has_left() -> u64 {
    run("a peer that falls silent", async {
        let mut rig = Rig::new();
        rig.add(0, &Config { ping_ms: 50, pong_ms: 100, ..quick() });
        let address = rig.address(0).await;
        let (mut frozen, id) = Frozen::connect(&address, Vec::new());
        let number = super::alys::identity::number_of(&id);
        rig.until(|rig| rig.sees(0, number)).await;
        frozen.freeze();
        rig.until(|rig| !rig.sees(0, number)).await;
        drop(frozen);
        1
    })
}

/// Shut down, a network says why to everybody, listens no more, and ends; over QUIC as over TCP.
pub fn a_network_ends_with_a_goodbye() -> u64 {
    run("shutting down", async {
        for listen in ["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"] {
            let mut rig = Rig::new();
            let (full, _) = rig.pair(&Config { listen: vec![listen.to_owned()], ..quick() }).await;
            let address = rig.address(0).await;
            let mut ending = rig.nets.remove(&0).unwrap_or_else(|| violated("NW-3", "it is gone"));
            ending.shut_down();
            with(&mut rig, async { while ending.next_event().await.is_some() {} }).await;
            rig.until(|rig| !rig.sees(1, full)).await;
            let said = |event: &NetworkEvent| {
                matches!(
                    event,
                    NetworkEvent::Request { request: Request::Goodbye(GoodbyeReason::ClientShutdown), .. }
                )
            };
            check_eq("NW-3", &format!("how often goodbye is said on {listen}"), &1, &rig.count(1, said));
            check_eq("NW-3", "whether it says that it listens", &None, &ending.listening().await);
            if listen.contains("tcp") {
                let free = std::net::TcpListener::bind(("127.0.0.1", port(&address))).map(drop);
                check_eq("NW-3", "whether its port is free", &None, &free.err().map(|why| why.to_string()));
            }
        }
        2
    })
}
