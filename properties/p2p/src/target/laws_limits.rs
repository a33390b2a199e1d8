//! Bounds on connections and streams (NW-7).

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use alys_engines::violation::check_eq;
use alys_sync::network::{Network as _, NetworkEvent};
use alys_wire::codes::GoodbyeReason;
use alys_wire::limits::Limits;
use alys_wire::message::{BlocksByRange, Request};
use alys_wire::protocol::Protocol;
use alys_wire::quota::{Quota, QuotaTable};
use alys_wire::stream::MessageEncoder;

use super::alys::config::{Config, ConnectionLimits};
use super::alys::core::{Refusal, StreamLimits};
use super::raw::{Frozen, Hostile, rest, socket, write};
use super::rig::{Rig, answer, quick, run};

/// So many connections come in, and so many go out; the next one only when one has ended.
pub fn connections_are_bounded() -> u64 {
    run("limits on connections", async {
        let mut rig = Rig::new();
        let connections = ConnectionLimits { incoming: 2, ..Config::default().connections };
        rig.add(0, &Config { connections, refresh_ms: 600_000, ..quick() });
        let bootstrap = vec![rig.address(0).await];
        let alone = Config { bootstrap, retry_ms: 1_000, refresh_ms: 600_000, ..quick() };
        for number in 1..3 {
            rig.add(number, &alone);
            let full = rig.peer(0);
            rig.until(|rig| rig.sees(number, full)).await;
        }
        rig.add(3, &alone);
        let (full, third) = (rig.peer(0), rig.peer(3));
        rig.until_count(|rig| rig.refused(0, Refusal::TooManyConnections) > 0).await;
        check_eq("NW-7", "whether one too many is connected", &false, &rig.sees(0, third));
        let most = rig.net(0).look().connections;
        check_eq("NW-7", "how many connections are up", &2, &most);
        let request = rig.ask(1, full, Request::Ping(1));
        let outcome = rig.outcome(1, request).await;
        let expected = alys_sync::network::Outcome::Answered(answer(&Request::Ping(1)));
        check_eq("NW-7", "whether the others are served", &expected, &outcome);
        rig.nets.remove(&1);
        rig.until_count(|rig| {
            rig.clock.0.advance(100);
            rig.net(0).look().connections >= 2
        })
        .await;
        rig.until_count(|rig| {
            rig.clock.0.advance(100);
            rig.sees(0, third)
        })
        .await;
        3
    })
}

/// Memory, the connections with one peer, and those that we open: each limit refuses one too many, at whichever end it is.
pub fn every_limit_on_connections_holds() -> u64 {
    run("limits of every kind", async {
        let mut rig = Rig::new();
        rig.add(0, &Config { memory_bytes: 1, ..quick() });
        let bootstrap = vec![rig.address(0).await];
        rig.add(1, &Config { bootstrap, ..quick() });
        rig.until_count(|rig| rig.refused(0, Refusal::TooMuchMemory) > 0).await;
        check_eq("NW-7", "how many connections memory allows", &0, &rig.net(0).look().connections);

        let connections = ConnectionLimits { per_peer: 1, ..Config::default().connections };
        rig.nets.clear();
        rig.told.clear();
        rig.add(0, &Config { connections, refresh_ms: 600_000, ..quick() });
        let address = rig.address(0).await;
        rig.add(1, &Config { bootstrap: vec![address.clone()], ..quick() });
        let full = rig.peer(0);
        rig.until(|rig| rig.sees(1, full)).await;
        let mut asker =
            rig.nets.remove(&1).unwrap_or_else(|| alys_engines::violation::violated("NW-7", "it is gone"));
        let _ = with(&mut rig, asker.reach(&address)).await;
        rig.nets.insert(1, asker);
        rig.until_count(|rig| rig.refused(0, Refusal::TooManyConnections) == 1).await;
        check_eq("NW-7", "how many connections one peer has", &1, &rig.net(0).look().connections);

        let connections = ConnectionLimits { outgoing: 1, ..Config::default().connections };
        rig.nets.clear();
        for number in 0..2 {
            rig.add(number, &Config { refresh_ms: 600_000, ..quick() });
        }
        let bootstrap = vec![rig.address(0).await, rig.address(1).await];
        rig.add(2, &Config { bootstrap, connections, ..quick() });
        rig.until_count(|rig| rig.refused(2, Refusal::TooManyConnections) > 0).await;
        rig.until_count(|rig| rig.net(2).look().connections > 0).await;
        check_eq("NW-7", "how many connections we have opened", &1, &rig.net(2).look().connections);
        3
    })
}

fn streams() -> StreamLimits {
    StreamLimits { per_peer: 3, total: 5, read_ms: 1_000, write_ms: 2_000, remembered: 8 }
}

fn often() -> QuotaTable {
    let many = Quota::new(1_000, Duration::from_secs(1));
    many.map_or(QuotaTable::default(), |many| QuotaTable::default().with(Protocol::Ping, many))
}

/// A peer has so many streams, all peers have so many, and each so much time; then they are closed, and there is room again.
pub fn streams_are_bounded() -> u64 {
    run("limits on streams", async {
        let mut rig = Rig::new();
        rig.add(0, &Config { streams: streams(), quotas: often(), ..quick() });
        let (address, full) = (rig.address(0).await, rig.net(0).id());
        let mut hostile = [Hostile::connect(&address, &[]), Hostile::connect(&address, &[])];
        let mut open = Vec::new();
        // Three of one, two of the other: one more of either is too many, for it or for all.
        for (who, refused) in [(0, 0), (0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 2)] {
            let before = rig.net(0).look().streams;
            let mut stream = with(&mut rig, hostile[who].open(full, Protocol::Ping)).await;
            write(&mut stream, &[8]).await;
            open.push(stream);
            rig.until_count(|rig| {
                let held = rig.net(0).look().streams;
                held > before || rig.refused(0, Refusal::TooManyStreams) >= refused.max(1)
            })
            .await;
            if refused > rig.refused(0, Refusal::TooManyStreams) {
                rig.until_count(|rig| rig.refused(0, Refusal::TooManyStreams) >= refused).await;
            }
            check_eq(
                "NW-7",
                "how many streams are refused",
                &refused,
                &rig.refused(0, Refusal::TooManyStreams),
            );
        }
        check_eq("NW-7", "how many streams are held", &5, &rig.net(0).look().streams);
        rig.clock.0.advance(999);
        settle(&mut rig).await;
        check_eq("NW-7", "how many are closed too early", &0, &rig.refused(0, Refusal::TooSlow));
        rig.clock.0.advance(1);
        rig.until_count(|rig| rig.refused(0, Refusal::TooSlow) == 5 && rig.net(0).look().streams == 0).await;
        for stream in open {
            check_eq("NW-7", "what is answered", &Vec::<u8>::new(), &with(&mut rig, rest(stream)).await);
        }
        7
    })
}

/// The bytes of a request for more than a stream holds.
fn much() -> Vec<u8> {
    let question = BlocksByRange { start: 1, count: 1_024, step: 1 };
    let mut bytes = Vec::new();
    let encoded =
        MessageEncoder::new(Limits::default()).request(&Request::BlocksByRange(question), &mut bytes);
    check_eq("NW-7", "whether the request is one", &true, &encoded.is_ok());
    bytes
}

/// Whoever does not read its answer is not waited for longer than it may take, and holds nobody else up.
pub fn slow_readers_are_left() -> u64 {
    run("slow readers", async {
        let mut rig = Rig::new();
        rig.add(0, &Config { streams: streams(), ..quick() });
        let (address, full) = (rig.address(0).await, rig.net(0).id());
        let mut hostile = Hostile::connect(&address, &[]);
        let mut stream = with(&mut rig, hostile.open(full, Protocol::BlocksByRange)).await;
        write(&mut stream, &much()).await;
        libp2p::futures::AsyncWriteExt::close(&mut stream).await.unwrap_or_default();
        let asked = |event: &NetworkEvent| matches!(event, NetworkEvent::Request { .. });
        rig.until(|rig| rig.has_told(0, asked)).await;
        settle(&mut rig).await;
        check_eq("NW-7", "how many streams are held", &1, &rig.net(0).look().streams);
        rig.clock.0.advance(1_999);
        settle(&mut rig).await;
        check_eq("NW-7", "how many are closed too early", &0, &rig.refused(0, Refusal::TooSlow));
        rig.clock.0.advance(1);
        rig.until_count(|rig| rig.refused(0, Refusal::TooSlow) == 1 && rig.net(0).look().streams == 0).await;
        1
    })
}

/// How many answers of which each fills its stream are more than the system holds for a connection.
const ANSWERS: usize = 40;

/// Whoever does not read its connection is cut off a while after the goodbye, whatever is still to be written to it.
pub fn who_reads_nothing_is_cut_off() -> u64 {
    run("a peer that reads nothing", async {
        let mut rig = Rig::new();
        let streams = StreamLimits { per_peer: ANSWERS, total: ANSWERS, ..streams() };
        let many = Quota::new(1 << 20, Duration::from_secs(1));
        let quotas = many.map_or(often(), |many| often().with(Protocol::BlocksByRange, many));
        rig.add(0, &Config { streams, quotas, goodbye_ms: 200, ..quick() });
        rig.silent = vec![0];
        let (address, full) = (rig.address(0).await, rig.net(0).id());
        let asks = vec![(full, Protocol::BlocksByRange, much()); ANSWERS];
        let (mut frozen, id) = Frozen::connect(&address, asks);
        let asked = |event: &NetworkEvent| matches!(event, NetworkEvent::Request { .. });
        rig.until(|rig| rig.count(0, asked) == ANSWERS).await;
        frozen.freeze();
        for (_, event) in std::mem::take(&mut rig.told) {
            if let NetworkEvent::Request { peer, inbound, request } = event {
                rig.respond(0, peer, inbound, answer(&request));
            }
        }
        settle(&mut rig).await;
        rig.turn_or_beat().await;
        check_eq("NW-7", "how many answers are not read", &ANSWERS, &rig.net(0).look().streams);
        rig.disconnect(0, super::alys::identity::number_of(&id), GoodbyeReason::BadScore);
        settle(&mut rig).await;
        check_eq("NW-7", "how many connections wait for the goodbye", &1, &rig.net(0).look().connections);
        rig.clock.0.advance(200);
        settle(&mut rig).await;
        rig.turn_or_beat().await;
        rig.clock.0.advance(199);
        settle(&mut rig).await;
        check_eq("NW-7", "how many connections are closing", &1, &rig.net(0).look().connections);
        rig.clock.0.advance(1);
        rig.until_count(|rig| rig.net(0).look().connections == 0).await;
        drop(frozen);
        1
    })
}

/// How many sockets come between two looks: more than is done in one turn.
const FLOOD: usize = 400;

/// However much happens at once, what is due comes first.
pub fn a_flood_holds_no_deadline_up() -> u64 {
    run("a flood", async {
        let mut rig = Rig::new();
        rig.add(0, &Config { streams: streams(), ..quick() });
        let (address, full) = (rig.address(0).await, rig.net(0).id());
        let mut hostile = Hostile::connect(&address, &[]);
        let mut stream = with(&mut rig, hostile.open(full, Protocol::Ping)).await;
        write(&mut stream, &[8]).await;
        rig.until_count(|rig| rig.net(0).look().streams == 1).await;
        let mut flood = Vec::new();
        for _ in 0..FLOOD {
            // The network is not driven meanwhile: the system takes them in.
            flood.push(socket(&address).await);
        }
        rig.clock.0.advance(1_000);
        let one_turn = poll_fn(|cx| Poll::Ready(rig.net(0).poll_event(cx)));
        // The runtime itself would stop a flood in between, sooner or later.
        let turn = tokio::task::unconstrained(one_turn).await;
        check_eq("NW-7", "what is told", &true, &turn.is_pending());
        check_eq("NW-7", "how many streams are closed in time", &1, &rig.refused(0, Refusal::TooSlow));
        1
    })
}

/// Lets everything that is under way be done: as many turns as that needs, and then some.
pub async fn settle(rig: &mut Rig) {
    for _ in 0..200 {
        let turn = std::pin::pin!(rig.until_count(|_| false));
        let _ = libp2p::futures::future::select(turn, std::pin::pin!(tokio::task::yield_now())).await;
    }
}

/// Waits for something while the networks go on.
pub async fn with<T>(rig: &mut Rig, work: impl Future<Output = T>) -> T {
    let others = std::pin::pin!(rig.until_count(|_| false));
    match libp2p::futures::future::select(std::pin::pin!(work), others).await {
        libp2p::futures::future::Either::Left((done, _)) => done,
        libp2p::futures::future::Either::Right(_) => {
            alys_engines::violation::violated("NW-7", "the networks have ended")
        }
    }
}
