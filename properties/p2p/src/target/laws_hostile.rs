//! Hostile peers, on raw sockets and on libp2p: refused, counted, and nobody else's business (NW-7, WR-5).

use alys_engines::violation::{check_eq, violated};
use alys_sync::network::{NetworkEvent, Outcome};
use alys_wire::error::Cause;
use alys_wire::fault::{Channel, FaultCause, PeerFault};
use alys_wire::limits::Limits;
use alys_wire::message::{Request, Response, ResponseBody};
use alys_wire::protocol::Protocol;
use alys_wire::stream::MessageEncoder;
use libp2p::futures::AsyncWriteExt as _;
use tokio::io::AsyncWriteExt as _;

use super::alys::config::{Config, ConnectionLimits};
use super::alys::core::Refusal;
use super::laws_limits::with;
use super::raw::{Hostile, note, rest, socket, write};
use super::rig::{Rig, answer, quick, run};

/// How many sockets come at once.
pub const SOCKETS: u64 = 1_000;

/// An honest peer asks, and is answered.
async fn honest(rig: &mut Rig, full: alys_sync::peer::PeerId) {
    rig.clock.0.advance(5_000);
    let request = rig.ask(1, full, Request::Ping(1));
    let outcome = rig.outcome(1, request).await;
    check_eq(
        "NW-7",
        "what an honest peer is answered",
        &Outcome::Answered(answer(&Request::Ping(1))),
        &outcome,
    );
}

/// A thousand sockets that say nothing, or noise, become no connections; each is counted, and whoever is honest is served.
pub fn sockets_that_speak_garbage_are_refused() -> u64 {
    run("hostile sockets", async {
        let mut rig = Rig::new();
        let connections = ConnectionLimits { pending_incoming: 16, ..Config::default().connections };
        let (full, _) = rig.pair(&Config { connections, handshake_ms: 2_000, ..quick() }).await;
        let address = rig.address(0).await;
        let mut sockets = Vec::new();
        for number in 0..SOCKETS {
            let mut socket = with(&mut rig, socket(&address)).await;
            if number % 2 == 0 {
                let noise: Vec<u8> = (0..64).map(|place| (number * 31 + place * 7) as u8).collect();
                note(|tally| tally.bytes += noise.len() as u64);
                // It may have been closed already.
                let _ = socket.write_all(&noise).await;
            }
            sockets.push(socket);
            if number % 250 == 0 {
                honest(&mut rig, full).await;
            }
        }
        let most = rig.net(0).look().connections;
        check_eq("NW-7", "how many connections are up", &1, &most);
        rig.until_count(|rig| {
            rig.refused(0, Refusal::NoHandshake) + rig.refused(0, Refusal::TooManyConnections) >= SOCKETS
        })
        .await;
        let refused = [Refusal::NoHandshake, Refusal::TooManyConnections].map(|why| rig.refused(0, why));
        check_eq("NW-7", "how many are refused", &SOCKETS, &refused.iter().sum());
        check_eq("NW-7", "whether each reason is met", &[true, true], &refused.map(|count| count > 0));
        drop(sockets);
        honest(&mut rig, full).await;
        check_eq("NW-7", "how many connections are up then", &1, &rig.net(0).look().connections);
        check_eq("NW-7", "how many streams are held", &0, &rig.net(0).look().streams);
        SOCKETS
    })
}

fn encoded(request: &Request) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = MessageEncoder::new(Limits::default()).request(request, &mut bytes);
    written.unwrap_or_else(|why| violated("WR-5", why.to_string()));
    bytes
}

/// A stream that carries no request is closed at the byte that shows it, and told as a fault of its peer; the others go on.
pub fn malformed_requests_close_their_stream() -> u64 {
    run("malformed requests", async {
        let mut rig = Rig::new();
        let (full, _) = rig.pair(&quick()).await;
        let (address, id) = (rig.address(0).await, rig.net(0).id());
        let mut hostile = Hostile::connect(&address, &[]);
        let number = super::alys::identity::number_of(&hostile.id);
        let ping = encoded(&Request::Ping(1));
        let cases: [(Protocol, Vec<u8>, bool); 5] = [
            // A length that no request may have.
            (Protocol::Ping, vec![0xff, 0xff, 0xff, 0x7f], false),
            (Protocol::BlocksByRoot, vec![0x81, 0x80, 0x02], false),
            // Noise behind a length.
            (Protocol::Ping, vec![8, 1, 2, 3, 4, 5, 6, 7, 8], false),
            // Two requests.
            (Protocol::Ping, [ping.clone(), ping.clone()].concat(), false),
            // Half of one, and the end.
            (Protocol::Ping, ping[..ping.len() / 2].to_vec(), true),
        ];
        for (place, (protocol, bytes, ends)) in cases.into_iter().enumerate() {
            let mut stream = with(&mut rig, hostile.open(id, protocol)).await;
            write(&mut stream, &bytes).await;
            if ends {
                stream.close().await.unwrap_or_default();
            }
            let malformed = |event: &NetworkEvent| matches!(event, NetworkEvent::Malformed { .. });
            rig.until(|rig| rig.count(0, malformed) > place).await;
            let fault = rig.told.iter().rev().find_map(|(_, event)| match event {
                NetworkEvent::Malformed { peer, fault } => Some((*peer, fault.channel)),
                _ => None,
            });
            check_eq(
                "WR-5",
                "whose fault it is, and where",
                &Some((number, Channel::Request(protocol))),
                &fault,
            );
            check_eq("WR-5", "what is answered", &Vec::<u8>::new(), &with(&mut rig, rest(stream)).await);
            check_eq(
                "NW-7",
                "whether it is counted",
                &(place as u64 + 1),
                &rig.refused(0, Refusal::MalformedRequest),
            );
            honest(&mut rig, full).await;
        }
        let asked =
            |event: &NetworkEvent| matches!(event, NetworkEvent::Request { peer, .. } if *peer == number);
        check_eq("WR-5", "what the node is asked by it", &0, &rig.count(0, asked));
        // Over Yamux, a stream that is let go reads like one that ends: one without a request is malformed.
        let dropped = with(&mut rig, hostile.open(id, Protocol::Ping)).await;
        drop(dropped);
        rig.until_count(|rig| rig.refused(0, Refusal::MalformedRequest) == 6).await;
        // A request for metadata is empty: the end is all of it.
        let dropped = with(&mut rig, hostile.open(id, Protocol::MetaData)).await;
        drop(dropped);
        rig.until(|rig| rig.count(0, asked) == 1).await;
        rig.until_count(|rig| rig.net(0).look().streams == 0).await;
        check_eq("NW-7", "how many streams are called broken", &0, &rig.refused(0, Refusal::Broken));
        7
    })
}

/// A response that is none ends its request as a fault, whatever came before it on the stream; a stream that just ends is not one.
pub fn malformed_responses_are_faults() -> u64 {
    run("malformed responses", async {
        let mut rig = Rig::new();
        rig.add(0, &quick());
        let address = rig.address(0).await;
        let mut pong = Vec::new();
        let good = Response::Success(ResponseBody::Ping(2));
        let written = MessageEncoder::new(Limits::default()).response(&good, &mut pong);
        check_eq("WR-5", "whether a response is one", &true, &written.is_ok());
        let cases = [
            (pong.clone(), None),
            (Vec::new(), None),
            ([&pong[..], &pong[..]].concat(), Some(Cause::Trailing)),
            (pong[..pong.len() - 1].to_vec(), Some(Cause::Truncated)),
        ];
        let mut tried = 0;
        for (bytes, cause) in cases {
            let mut hostile = Hostile::connect(&address, &[]);
            hostile.answers(Protocol::Ping, bytes.clone());
            let number = super::alys::identity::number_of(&hostile.id);
            rig.until(|rig| rig.sees(0, number)).await;
            let request = rig.ask(0, number, Request::Ping(1));
            let outcome = rig.outcome(0, request).await;
            let channel = Channel::Response(Protocol::Ping);
            match (cause, outcome) {
                (None, outcome) => {
                    let expected = if bytes.is_empty() { vec![] } else { vec![good.clone()] };
                    check_eq("WR-5", "what is no fault", &Outcome::Answered(expected), &outcome);
                }
                (
                    Some(cause),
                    Outcome::Malformed(PeerFault { channel: of, cause: FaultCause::Stream(error) }),
                ) => {
                    check_eq("WR-5", "where the fault is", &channel, &of);
                    check_eq("WR-5", "what it is", &cause, &error.cause);
                    tried += 1;
                }
                (Some(cause), other) => violated("WR-5", format!("{cause:?} has come to {other:?}")),
            }
            check_eq("NW-7", "whether it is counted", &tried, &rig.refused(0, Refusal::MalformedResponse));
            let unknown = rig.ask(0, number, Request::MetaData);
            let outcome = rig.outcome(0, unknown).await;
            check_eq("NW-6", "a protocol that it does not speak", &Outcome::Unavailable, &outcome);
        }
        tried
    })
}
