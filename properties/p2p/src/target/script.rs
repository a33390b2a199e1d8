//! Scripts for the core: what happens, drawn from a seed and played on the core and on its model at once.

use std::time::Duration;

use alys_engines::violation::{check_eq, violated};
use alys_models::p2p::{Act, Bounds, End, Network as Model, Quota as ModelQuota, Step};
use alys_sync::engine::RequestId;
use alys_sync::network::{InboundId, NetworkCommand, NetworkEvent, Outcome};
use alys_sync::peer::PeerId;
use alys_wire::codes::{FailureCode, GoodbyeReason};
use alys_wire::containers::Approval;
use alys_wire::error::WireError;
use alys_wire::fault::{Channel, PeerFault};
use alys_wire::gossip::{GossipMessage, Topic, TopicKind};
use alys_wire::limits::Limits;
use alys_wire::message::{BlocksByRange, Request, Response, ResponseBody, Status};
use alys_wire::protocol::Protocol;
use alys_wire::quota::{Quota, QuotaTable};
use alys_wire::stream::RequestDecoder;
use fastrand::Rng;

use super::alys::core::{Action, Core, Refusal, Settings, StreamLimits, Verdict};

/// The chain that is spoken of.
const DIGEST: [u8; 4] = [7; 4];

/// When scripts begin.
const START: u64 = 1_000_000;

/// What a peer with a number is called; another one may be called so that it has the same number.
type Key = u64;

/// The core and its model.
#[derive(Debug)]
pub struct Stage {
    core: Core<Key>,
    model: Model,
    now: u64,
}

/// Small bounds, which scripts come to.
fn bounds(rng: &mut Rng) -> Bounds {
    let quota = |rng: &mut Rng| ModelQuota { tokens: rng.u64(1..6), period_ms: rng.u64(100..2_000) };
    Bounds {
        streams_of_peer: rng.usize(1..5),
        streams: rng.usize(2..9),
        read_ms: rng.u64(50..500),
        write_ms: rng.u64(50..500),
        requests: rng.usize(1..5),
        heard_ms: rng.u64(50..1_000),
        heard: rng.usize(1..6),
        remembered: rng.usize(1..4),
        quotas: [0; 6].map(|_| quota(rng)),
    }
}

fn settings(bounds: &Bounds) -> Settings {
    let mut quotas = QuotaTable::default();
    for (protocol, quota) in Protocol::ALL.into_iter().zip(bounds.quotas) {
        let tokens = u32::try_from(quota.tokens).unwrap_or(u32::MAX);
        if let Ok(made) = Quota::new(tokens, Duration::from_millis(quota.period_ms)) {
            quotas = quotas.with(protocol, made);
        }
    }
    Settings {
        fork_digest: DIGEST,
        limits: Limits::default(),
        quotas,
        streams: StreamLimits {
            per_peer: bounds.streams_of_peer,
            total: bounds.streams,
            read_ms: bounds.read_ms,
            write_ms: bounds.write_ms,
            remembered: bounds.remembered,
        },
        requests: bounds.requests,
        heard_ms: bounds.heard_ms,
        heard: bounds.heard,
    }
}

/// The message of a number.
#[must_use]
pub fn message(number: u64) -> GossipMessage {
    GossipMessage::ApproveBlock(Approval { slot: number, ..Approval::default() })
}

fn number(message: &GossipMessage) -> u64 {
    match message {
        GossipMessage::ApproveBlock(approval) => approval.slot,
        _ => violated("NW-1", "a message that nobody has sent"),
    }
}

fn request(protocol: usize, cost: u64) -> Request {
    match Protocol::ALL[protocol] {
        Protocol::Status => Request::Status(Status::default()),
        Protocol::Goodbye => Request::Goodbye(GoodbyeReason::Fault),
        Protocol::BlocksByRange => Request::BlocksByRange(BlocksByRange { start: 1, count: cost, step: 1 }),
        Protocol::BlocksByRoot => {
            let roots = vec![alys_wire::containers::Hash256::default(); usize::try_from(cost).unwrap_or(1)];
            Request::BlocksByRoot(roots.try_into().unwrap_or_default())
        }
        Protocol::Ping => Request::Ping(cost),
        Protocol::MetaData => Request::MetaData,
    }
}

fn noise() -> WireError {
    let mut decoder = RequestDecoder::new(Protocol::Ping, &Limits::default());
    match decoder.decode(&[0xff; 12]) {
        Err(error) => error,
        Ok(_) => violated("WR-3", "what is no request is one"),
    }
}

fn outcome(end: End) -> Outcome {
    match end {
        End::Answered => Outcome::Answered(vec![Response::Success(ResponseBody::Ping(3))]),
        End::Malformed => Outcome::Malformed(PeerFault::new(Channel::Response(Protocol::Ping), noise())),
        End::Unavailable => Outcome::Unavailable,
    }
}

impl Stage {
    /// Nobody is connected.
    #[must_use]
    pub fn new(rng: &mut Rng) -> Self {
        let bounds = bounds(rng);
        Stage { core: Core::new(settings(&bounds)), model: Model::new(bounds, START), now: START }
    }

    /// Draws what happens next: mostly what can, sometimes what cannot.
    fn draw(&self, rng: &mut Rng, fresh: u64) -> Step {
        let peer = rng.u64(0..4);
        let asked = self.model.requests();
        let open = rng.choice(asked).copied().unwrap_or((rng.u64(0..9), peer));
        let streams = self.model.streams();
        let stream = rng.choice(&streams).copied().unwrap_or((rng.u64(0..9), peer));
        let of = if rng.u8(..8) == 0 { peer } else { stream.1 };
        match rng.u32(0..100) {
            0..12 => Step::Connect(peer, if rng.u8(..8) == 0 { peer + 100 } else { peer }, fresh % 12),
            12..18 => Step::Close(peer, rng.u64(0..12)),
            18..32 => Step::Ask(peer, if rng.u8(..8) == 0 { open.0 } else { fresh }),
            32..40 => Step::Settle(open.0, [End::Answered, End::Malformed, End::Unavailable][rng.usize(..3)]),
            40..45 => Step::Cancel(if rng.u8(..4) == 0 { peer } else { open.1 }, open.0),
            45..58 => Step::Open(peer, rng.usize(0..6)),
            58..70 => {
                let protocol = rng.usize(0..6);
                let cost = if (2..4).contains(&protocol) { rng.u64(1..7) } else { 1 };
                Step::Arrive(stream.0, protocol, cost)
            }
            70..72 => Step::Spoil(stream.0),
            72..74 => Step::Break(stream.0),
            74..80 => Step::Respond(of, stream.0),
            80..83 => Step::Ended(stream.0, rng.bool()),
            83..84 => Step::Leave(peer),
            84..85 => Step::Ban(peer, self.now + rng.u64(0..500)),
            85..91 => Step::Hear(peer, rng.u64(0..8)),
            91..92 => Step::Noise(peer),
            92..93 => Step::Publish(rng.u64(0..8)),
            _ => Step::Wait(self.time(rng)),
        }
    }

    /// How long is waited: often to the very end of something, or to just before it.
    fn time(&self, rng: &mut Rng) -> u64 {
        match (rng.u8(..4), self.model.next_deadline()) {
            (0, Some(deadline)) => deadline.saturating_sub(self.now),
            (1, Some(deadline)) => deadline.saturating_sub(self.now + 1),
            _ => rng.u64(0..200),
        }
    }

    fn apply(&mut self, step: Step) {
        let now = self.now;
        match step {
            Step::Connect(peer, key, connection) => drop(self.core.connected(PeerId(peer), key, connection)),
            Step::Close(peer, connection) => drop(self.core.disconnected(PeerId(peer), connection)),
            Step::Ask(peer, number) => {
                let (peer, number) = (PeerId(peer), RequestId(number));
                self.core.command(
                    NetworkCommand::Request { peer, request: number, message: Request::MetaData },
                    now,
                );
            }
            Step::Settle(request, end) => self.core.settled(RequestId(request), outcome(end)),
            Step::Cancel(peer, request) => {
                self.core
                    .command(NetworkCommand::Cancel { peer: PeerId(peer), request: RequestId(request) }, now);
            }
            Step::Open(peer, protocol) => {
                let before = self.core.streams();
                let opened = self.core.stream(PeerId(peer), Protocol::ALL[protocol], now);
                check_eq(
                    "NW-7",
                    "whether a stream is open",
                    &opened.is_some(),
                    &(self.core.streams() > before),
                );
            }
            Step::Arrive(stream, protocol, cost) => {
                self.core.requested(InboundId(stream), request(protocol, cost), now);
            }
            Step::Spoil(stream) => self.core.malformed(InboundId(stream), noise()),
            Step::Break(stream) => self.core.broken(InboundId(stream)),
            Step::Respond(peer, stream) => {
                let (peer, inbound) = (PeerId(peer), InboundId(stream));
                self.core.command(NetworkCommand::Respond { peer, inbound, responses: Vec::new() }, now);
            }
            Step::Ended(stream, allowed) => self.core.answered(InboundId(stream), allowed),
            Step::Leave(peer) => {
                let (peer, reason) = (PeerId(peer), GoodbyeReason::BadScore);
                self.core.command(NetworkCommand::Disconnect { peer, reason }, now);
            }
            Step::Ban(peer, until) => {
                self.core.command(NetworkCommand::Ban { peer: PeerId(peer), until }, now)
            }
            Step::Hear(peer, number) => self.hear(peer, number),
            Step::Noise(peer) => {
                let topic = Topic { fork_digest: DIGEST, kind: TopicKind::QueuePow }.to_string();
                let known = self.core.book().key(PeerId(peer)).is_some();
                let verdict = self.core.gossip(PeerId(peer), &topic, b"\x03abc", now);
                let expected = if known { Verdict::Reject } else { Verdict::Ignore };
                check_eq("WR-5", "what becomes of a malformed message", &expected, &verdict);
            }
            Step::Publish(number) => {
                self.core.command(NetworkCommand::Publish { message: message(number) }, now);
            }
            Step::Wait(time) => {
                self.now += time;
                self.core.tick(self.now);
            }
        }
    }

    fn hear(&mut self, peer: u64, number: u64) {
        let topic = Topic { fork_digest: DIGEST, kind: TopicKind::ApproveBlock };
        let Ok(data) = message(number).encode(&Limits::default()) else { return };
        let known = self.core.book().key(PeerId(peer)).is_some();
        let again = self.core.counts().of(Refusal::HeardAlready);
        let verdict = self.core.gossip(PeerId(peer), &topic.to_string(), &data, self.now);
        let is_again = self.core.counts().of(Refusal::HeardAlready) > again;
        let expected = if known && !is_again { Verdict::Accept } else { Verdict::Ignore };
        check_eq("NW-1", "what becomes of a message", &expected, &verdict);
    }

    /// Does the same to both, and holds what follows to the model.
    fn step(&mut self, step: Step) {
        self.apply(step);
        let expected = self.model.step(step);
        let mut did = Vec::new();
        while let Some(action) = self.core.next_action() {
            did.push(act(action));
        }
        check_eq("NW-6", &format!("what follows from {step:?}"), &expected, &did);
        self.look(step);
    }

    fn look(&self, step: Step) {
        let (core, model, refused) = (&self.core, &self.model, &self.model.refused);
        let counts = [
            (Refusal::Unwanted, refused.unwanted),
            (Refusal::TooManyStreams, refused.streams),
            (Refusal::TooSlow, refused.slow),
            (Refusal::OverQuota, refused.quota),
            (Refusal::MalformedRequest, refused.malformed[0]),
            (Refusal::MalformedResponse, refused.malformed[1]),
            (Refusal::MalformedGossip, refused.malformed[2]),
            (Refusal::HeardAlready, refused.again),
            (Refusal::Broken, refused.broken),
            (Refusal::OurOwn, refused.own),
            (Refusal::TooManyRequests, refused.requests),
        ];
        for (refusal, expected) in counts {
            check_eq(
                "WR-5",
                &format!("the count of {refusal:?} after {step:?}"),
                &expected,
                &core.counts().of(refusal),
            );
        }
        let connected: Vec<u64> = core.book().connected().map(|peer| peer.0).collect();
        check_eq("NW-3", "who is connected", &model.connected(), &connected);
        check_eq("NW-3", "how many connections are up", &model.connections(), &core.book().connections());
        check_eq("NW-7", "how many streams are open", &model.streams().len(), &core.streams());
        check_eq("NW-7", "how many requests are open", &model.requests().len(), &core.requests());
        check_eq("NW-7", "the next deadline", &model.next_deadline(), &core.next_deadline());
    }
}

/// What an action is, in the words of the model.
fn act(action: Action<Key>) -> Act {
    match action {
        Action::Tell(event) => told(event),
        Action::Ask { key, request, message } => {
            check_eq("NW-6", "what is asked", &Request::MetaData, &message);
            Act::Ask(key, request.0)
        }
        Action::Drop(request) => Act::Drop(request.0),
        Action::Answer { inbound, responses } => {
            let refuses = responses.iter().any(|one| match one {
                Response::Failure(failure) => {
                    [FailureCode::RateLimited, FailureCode::InvalidRequest].contains(&failure.code)
                }
                Response::Success(_) => false,
            });
            Act::Answer(inbound.0, refuses)
        }
        Action::Reset(inbound) => Act::Reset(inbound.0),
        Action::Publish { topic, data } => {
            check_eq("NW-1", "the chain of a topic", &DIGEST, &topic.fork_digest);
            let read = GossipMessage::decode(topic.kind, &data, &Limits::default());
            Act::Publish(read.map_or(u64::MAX, |message| number(&message)))
        }
        Action::Farewell { key, .. } => Act::Farewell(key),
        Action::Close(connection) => Act::Close(connection),
        Action::Ban { peer, until } => Act::Ban(peer.0, until),
    }
}

fn told(event: NetworkEvent) -> Act {
    match event {
        NetworkEvent::Connected { peer } => Act::Connected(peer.0),
        NetworkEvent::Disconnected { peer } => Act::Disconnected(peer.0),
        NetworkEvent::Request { peer, inbound, .. } => Act::Request(peer.0, inbound.0),
        NetworkEvent::Response { peer, request, outcome } => {
            let end = match outcome {
                Outcome::Answered(_) => End::Answered,
                Outcome::Malformed(_) => End::Malformed,
                Outcome::Unavailable => End::Unavailable,
            };
            Act::Response(peer.0, request.0, end)
        }
        NetworkEvent::Gossip { peer, message } => Act::Gossip(peer.0, number(&message)),
        NetworkEvent::Malformed { peer, .. } => Act::Malformed(peer.0),
    }
}

/// Plays a script, and says how long it was.
pub fn play(seed: u64, steps: u64) -> u64 {
    let mut rng = Rng::with_seed(seed);
    let mut stage = Stage::new(&mut rng);
    for fresh in 0..steps {
        let step = stage.draw(&mut rng, fresh);
        stage.step(step);
    }
    steps
}
