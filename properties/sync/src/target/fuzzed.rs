//! A Byzantine crowd's bytes against a whole node: frames of the truth, mutated, unsolicited, late; gossip, requests, and time.
//!
//! Any bytes are a course of events: each event is a kind and what it needs, and the course ends with the bytes. A node is never to
//! panic, and never to say or take what is not true (SY-2 to SY-5, SY-7, SY-10).

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::rc::Rc;

use alys_chain::scheme::Ideal;
use alys_engines::violation::{check_eq, violated};
use alys_wire::containers::SignedBlock;
use alys_wire::fault::{Channel, PeerFault};
use alys_wire::gossip::{GossipMessage, TopicKind};
use alys_wire::limits::Limits;
use alys_wire::message::{Request, Response, ResponseBody, Status};
use alys_wire::protocol::Protocol;
use alys_wire::stream::{MessageEncoder, RequestDecoder, ResponseDecoder};
use arbitrary::{Result, Unstructured};

use super::alys::config::Settings;
use super::alys::engine::RequestId;
use super::alys::network::{InboundId, NetworkCommand, NetworkEvent, Outcome};
use super::alys::peer::PeerId;
use super::alys::serve::BLOCKS_MAX;
use super::alys::simulated::{Host, Journal, LongRange, Passing, TrueBlock, Truth, TruthPlan};
use super::judge::{Side, setting};
use super::laws_serve::{Served, node_of};
use super::plans::{hold, own};

/// How many peers there are.
const PEERS: u32 = 3;

/// So many events are the longest course.
const EVENTS_MAX: usize = 200;

/// How many canonical blocks there are.
const BLOCKS: u64 = 24;

thread_local! {
    static TRUTH: OnceCell<Rc<Truth<Ideal>>> = const { OnceCell::new() };
}

/// The truth that all courses share: one is made for each thread.
fn truth() -> Rc<Truth<Ideal>> {
    let made = || {
        let long_range = Some(LongRange { from: 2, blocks: 6 });
        let plan = TruthPlan { blocks: BLOCKS, fork_every: 7, long_range, ..TruthPlan::default() };
        Truth::ideal(&plan).unwrap_or_else(|error| violated("NW-5", format!("no truth: {error}")))
    };
    TRUTH.with(|truth| Rc::clone(truth.get_or_init(|| Rc::new(made()))))
}

/// A node, whoever is at the other ends of its connections, and who judges it.
struct Course {
    truth: Rc<Truth<Ideal>>,
    node: Served,
    side: Side,
    now: u64,
    limits: Limits,
    encoder: MessageEncoder,
    /// What the node has asked and was neither answered nor given up.
    open: VecDeque<(Host, RequestId, Request)>,
    /// The highest that its tip and its final block were.
    highest: (u64, u64),
    settings: Settings,
}

/// A course of events as its bytes say: a node never panics, and what it says is true.
///
/// # Panics
///
/// When a rule is broken.
pub fn sync_messages(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    let Ok(mut course) = Course::begun(&mut u) else { return };
    for _ in 0..EVENTS_MAX {
        if u.is_empty() || course.event(&mut u).is_err() {
            return;
        }
    }
}

impl Course {
    fn begun(u: &mut Unstructured<'_>) -> Result<Self> {
        let settings = Settings {
            sample: u.int_in_range(1..=2)?,
            batch_min: 2,
            batch_max: u.int_in_range(2..=6)?,
            workers: u.int_in_range(1..=3)?,
            blocks_in_flight: 12,
            freshness_slots: u.int_in_range(0..=4)?,
            max_lag_blocks: u.int_in_range(0..=3)?,
            request_timeout: 1_000,
            ..Settings::default()
        };
        let (truth, limits) = (truth(), Limits::default());
        let journal = Journal::new(truth.config(), truth.genesis());
        let node = node_of(&truth, &journal, settings, None);
        let now = truth.starts(u.int_in_range(BLOCKS / 2..=BLOCKS)?).unwrap_or_default();
        let side = Side::new(setting(&settings));
        let encoder = MessageEncoder::new(limits);
        Ok(Course {
            truth,
            node,
            side,
            now,
            limits,
            encoder,
            open: VecDeque::new(),
            highest: (0, 0),
            settings,
        })
    }

    /// Lets one event happen.
    fn event(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let peer = Host::Peer(u.int_in_range(0..=PEERS - 1)?);
        match u.int_in_range(0..=15)? {
            0 => self.joins(peer),
            1 => self.leaves(peer),
            2..=8 => self.answers(u)?,
            9 => self.answers_unasked(peer, u)?,
            10 => self.publishes(peer, u)?,
            11 => self.asks(peer, u)?,
            12 => self.passes(u64::from(u.arbitrary::<u8>()?) * 20),
            13 => self.passes(u64::from(u.arbitrary::<u16>()?)),
            14 => self.wakes(),
            _ => self.now = self.now.saturating_sub(u64::from(u.arbitrary::<u16>()?)),
        }
        Ok(())
    }

    fn joins(&mut self, peer: Host) {
        if !self.side.connected.contains(&peer.id().0) {
            self.heard(Passing::Joined(peer));
            self.told(NetworkEvent::Connected { peer: peer.id() });
        }
    }

    fn leaves(&mut self, peer: Host) {
        if self.side.connected.contains(&peer.id().0) {
            self.open.retain(|(of, ..)| *of != peer);
            self.heard(Passing::Left(peer));
            self.told(NetworkEvent::Disconnected { peer: peer.id() });
        }
    }

    /// Somebody answers what is open, from the truth and then mutated.
    fn answers(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let place = u.choose_index(self.open.len())?;
        let Some((peer, request, message)) = self.open.remove(place) else { return Ok(()) };
        let responses = self.of_truth(&message, u)?;
        self.comes(peer, request, &message, &responses, u)
    }

    /// Somebody answers what nobody has asked, or not any more, or of somebody else.
    fn answers_unasked(&mut self, peer: Host, u: &mut Unstructured<'_>) -> Result<()> {
        let message = Request::BlocksByRoot(Default::default());
        let responses = self.of_truth(&message, u)?;
        let outcome = Outcome::Answered(responses);
        let request = RequestId(u64::from(u.arbitrary::<u8>()?));
        if self.open.iter().all(|(of, open, _)| (*of, *open) != (peer, request)) {
            self.told(NetworkEvent::Response { peer: peer.id(), request, outcome });
        }
        Ok(())
    }

    /// What the truth has to say to a request, or to another one.
    fn of_truth(&self, message: &Request, u: &mut Unstructured<'_>) -> Result<Vec<Response>> {
        let block =
            |block: &TrueBlock| Response::Success(ResponseBody::Block(Box::new((*block.block).clone())));
        let any = |u: &mut Unstructured<'_>| -> Result<&TrueBlock> {
            let all = self.truth.blocks().len() + self.truth.hidden().len();
            let place = u.choose_index(all)?;
            let shown = self.truth.blocks().get(place);
            Ok(shown.unwrap_or(&self.truth.hidden()[place.saturating_sub(self.truth.blocks().len())]))
        };
        let honest = u.ratio(3, 4)?;
        Ok(match message {
            Request::Status(_) if !honest && u.arbitrary()? => {
                let status = Status { head_root: self.truth.genesis_ref().root, ..Status::default() };
                vec![Response::Success(ResponseBody::Status(status))]
            }
            Request::Status(_) => {
                let tip = any(u)?;
                let status = Status { head_root: tip.root, head_slot: tip.slot(), ..Status::default() };
                vec![Response::Success(ResponseBody::Status(status))]
            }
            Request::BlocksByRoot(roots) if honest => {
                roots.iter().filter_map(|root| self.truth.block(root)).map(block).collect()
            }
            Request::BlocksByRange(range) if honest => {
                let heights = range.start..range.start.saturating_add(range.count.min(BLOCKS_MAX));
                heights.map_while(|height| self.truth.canonical(height)).map(block).collect()
            }
            _ => (0..u.int_in_range(0..=3)?).map(|_| Ok(block(any(u)?))).collect::<Result<_>>()?,
        })
    }

    /// An answer goes over the line: encoded, mutated, decoded, told.
    fn comes(
        &mut self,
        peer: Host,
        request: RequestId,
        message: &Request,
        responses: &[Response],
        u: &mut Unstructured<'_>,
    ) -> Result<()> {
        let mut bytes = Vec::new();
        // What no frame can carry ends the stream.
        let _ = responses.iter().try_for_each(|response| self.encoder.response(response, &mut bytes));
        mutate(&mut bytes, u)?;
        let outcome = read(message, &bytes, &self.limits);
        let commands =
            self.node.handle(NetworkEvent::Response { peer: peer.id(), request, outcome }, self.now);
        // What is given up when its answer comes was late.
        let is_late = |given_up: &NetworkCommand| matches!(given_up, NetworkCommand::Cancel { request: one, .. } if *one == request);
        let late = commands.iter().any(is_late);
        let arrives = Passing::Arrives { from: peer, request, stream: 0, bytes, ends: true };
        self.side.hear(&self.truth, self.settings.fork_digest, arrives, &|_| late);
        self.carry(commands, None);
        Ok(())
    }

    /// Somebody publishes a proposal or an approval of the truth, mutated as bytes.
    fn publishes(&mut self, peer: Host, u: &mut Unstructured<'_>) -> Result<()> {
        let truth = Rc::clone(&self.truth);
        let block = &truth.blocks()[u.choose_index(truth.blocks().len())?];
        let message = match u.int_in_range(0..=2)? {
            0 => GossipMessage::ConsensusBlock(Box::new(SignedBlock::clone(&block.block.signed_block))),
            _ => GossipMessage::ApproveBlock(u.choose(&block.approvals)?.clone()),
        };
        let kind: TopicKind = message.kind();
        let Ok(mut data) = message.encode(&self.limits) else { return Ok(()) };
        mutate(&mut data, u)?;
        match GossipMessage::decode(kind, &data, &self.limits) {
            Ok(message) => self.told(NetworkEvent::Gossip { peer: peer.id(), message }),
            Err(error) => self.malformed(peer, PeerFault::new(Channel::Gossip(kind), error)),
        }
        Ok(())
    }

    /// Somebody asks: any bytes on the stream of any protocol.
    fn asks(&mut self, peer: Host, u: &mut Unstructured<'_>) -> Result<()> {
        let protocol = *u.choose(&Protocol::ALL)?;
        let length = u.int_in_range(0..=40)?;
        let bytes = u.bytes(length.min(u.len()))?.to_vec();
        match RequestDecoder::new(protocol, &self.limits).finish(&bytes) {
            Ok(Some(request)) => {
                self.told(NetworkEvent::Request { peer: peer.id(), inbound: InboundId(1), request });
            }
            Ok(None) => {}
            Err(error) => self.malformed(peer, PeerFault::new(Channel::Request(protocol), error)),
        }
        Ok(())
    }

    fn malformed(&mut self, peer: Host, fault: PeerFault) {
        self.told(NetworkEvent::Malformed { peer: peer.id(), fault });
        if self.side.connected.contains(&peer.id().0) {
            violated("WR-5", format!("{peer} has sent something malformed, and is connected"));
        }
    }

    fn passes(&mut self, ms: u64) {
        self.now = self.now.saturating_add(ms);
        self.ticks();
    }

    /// Time passes up to what the node waits for.
    fn wakes(&mut self) {
        self.now = self.node.next_wakeup().map_or(self.now, |at| at.max(self.now));
        self.ticks();
    }

    fn ticks(&mut self) {
        let commands = self.node.tick(self.now);
        self.carry(commands, None);
    }

    fn heard(&mut self, what: Passing) {
        self.side.hear(&self.truth, self.settings.fork_digest, what, &|_| false);
    }

    /// The node is told something that is no answer of a peer that it has asked.
    fn told(&mut self, event: NetworkEvent) {
        let asked = match &event {
            NetworkEvent::Request { request, .. } => Some(request.responses_max()),
            _ => None,
        };
        let commands = self.node.handle(event, self.now);
        self.carry(commands, asked);
    }

    /// Does what the node wants, and looks at it.
    fn carry(&mut self, commands: Vec<NetworkCommand>, asked: Option<u64>) {
        for command in commands {
            match command {
                NetworkCommand::Request { peer, request, message } => {
                    let of = Host::of(peer);
                    self.heard(Passing::Asks { of, request, message: message.clone() });
                    self.open.push_back((of, request, message));
                }
                NetworkCommand::Cancel { request, .. } => {
                    self.open.retain(|(_, open, _)| *open != request);
                    self.heard(Passing::GivesUp(request));
                }
                NetworkCommand::Disconnect { peer, .. } => {
                    self.open.retain(|(of, ..)| *of != Host::of(peer));
                    self.heard(Passing::Leaves(Host::of(peer)));
                }
                NetworkCommand::Respond { responses, .. } => {
                    let most = asked.unwrap_or(0).clamp(1, BLOCKS_MAX);
                    if responses.len() as u64 > most {
                        violated("SY-10", format!("{} responses to a request of {most}", responses.len()));
                    }
                }
                NetworkCommand::Publish { .. } | NetworkCommand::Ban { .. } => {}
            }
        }
        self.look();
    }

    /// What holds after every event.
    fn look(&mut self) {
        let (head, finalised) = (self.node.chain().head(), self.node.chain().finalised());
        if head.height < self.highest.0 || finalised.height < self.highest.1 {
            violated("SY-2", format!("from {:?} it goes back to {head:?}, {finalised:?}", self.highest));
        }
        self.highest = (head.height, finalised.height);
        if head.height > 0 && self.truth.block(&head.root).is_none() {
            violated("SY-3", format!("the tip is {head:?}, which nobody has certified"));
        }
        let genesis = self.truth.genesis_ref().root;
        let canonical = self.truth.canonical(finalised.height).map_or(genesis, |block| block.root);
        check_eq("SY-2", "the final block of that height", &canonical, &finalised.root);
        let flying = self.node.sync().blocks_in_flight();
        if flying > self.settings.blocks_in_flight {
            violated("SY-10", format!("{flying} blocks are in flight"));
        }
        for peer in self.node.sync().peers().collect::<Vec<PeerId>>() {
            if self.node.sync().score(peer).is_none_or(|score| score > 1000) {
                violated("SY-7", format!("the score of {peer:?} is {:?}", self.node.sync().score(peer)));
            }
        }
        let Some(slot) = self.truth.config().clock.slot_at(self.now / 1000) else { return };
        (self.side.truth.slot, self.side.truth.own) = (slot, own(&self.node));
        hold(&self.node, &self.side, "the node");
    }
}

/// Changes bytes in up to two places, one time in three in none.
fn mutate(bytes: &mut Vec<u8>, u: &mut Unstructured<'_>) -> Result<()> {
    for _ in 1..u.int_in_range(1_u8..=3)? {
        let at = u.choose_index(bytes.len().max(1))?.min(bytes.len());
        match u.int_in_range(0..=4)? {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, u.arbitrary()?),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 if at < bytes.len() => bytes[at] ^= 1 << u.int_in_range(0..=7)?,
            _ if at < bytes.len() => bytes[at] = u.arbitrary()?,
            _ => {}
        }
    }
    Ok(())
}

/// What comes of the bytes of an answer.
fn read(message: &Request, bytes: &[u8], limits: &Limits) -> Outcome {
    let mut decoder = ResponseDecoder::answering(message, limits);
    let (mut used, mut responses) = (0, Vec::new());
    let malformed = |error| Outcome::Malformed(PeerFault::new(Channel::Response(message.protocol()), error));
    while used < bytes.len() {
        match decoder.decode(&bytes[used..]) {
            Ok(Some(decoded)) => {
                used += decoded.used;
                responses.push(decoded.message);
            }
            Ok(None) => break,
            Err(error) => return malformed(error),
        }
    }
    match decoder.finish(&bytes[used..]) {
        Ok(()) => Outcome::Answered(responses),
        Err(error) => malformed(error),
    }
}
