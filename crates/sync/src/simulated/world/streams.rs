//! Requests and responses as bytes.

use alys_chain::scheme::SignatureScheme;
use alys_wire::{
    fault::{Channel, PeerFault},
    message::{Request, Response},
    stream::RequestDecoder,
};

use super::exchange::{End, Exchange, Incoming, Piece};
use super::{Happening, Simulation};
use crate::engine::RequestId;
use crate::network::{InboundId, NetworkEvent, Outcome};
use crate::peer::PeerId;
use crate::simulated::host::Host;
use crate::simulated::log::{Question, What};
use crate::simulated::peer::{Asked, Script};
use crate::simulated::tap::Passing;

impl<S> Simulation<S>
where
    S: SignatureScheme + Clone + Sync,
    S::PublicKey: Sync,
{
    /// A node asks.
    pub(super) fn ask(&mut self, node: u32, peer: PeerId, request: RequestId, message: Request) {
        let (asker, answerer) = (Host::Node(node), Host::of(peer));
        self.tap.keep(node, || Passing::Asks { of: answerer, request, message: message.clone() });
        let mut bytes = Vec::new();
        let encoded = self.encoder.request(&message, &mut bytes);
        let session = self.lines.session(asker, answerer);
        let (Some(session), Ok(())) = (session, encoded) else {
            let outcome = Outcome::Unavailable;
            return self.tell_later(node, NetworkEvent::Response { peer, request, outcome });
        };
        let exchange = self.next_number();
        self.note(asker, What::Asked { of: answerer, exchange, question: Question::of(&message) });
        self.asked.insert((node, request), exchange);
        let opened = Exchange::new(asker, answerer, session, request, message);
        self.exchanges.insert(exchange, opened);
        self.send_request(exchange, asker, answerer, bytes);
    }

    /// Puts the bytes of a request on their way.
    pub(super) fn send_request(&mut self, exchange: u64, asker: Host, answerer: Host, mut bytes: Vec<u8>) {
        let passage = self.lines.pass(asker, answerer, &mut bytes, self.now);
        self.note_passage(asker, answerer, &passage);
        for at in passage.arrivals() {
            self.queue.plan(at, Happening::Request { exchange, bytes: bytes.clone() });
        }
    }

    /// A node gives up.
    pub(super) fn cancel(&mut self, node: u32, request: RequestId) {
        if let Some(exchange) = self.asked.remove(&(node, request)) {
            self.note(Host::Node(node), What::Cancelled { exchange });
            self.exchanges.remove(&exchange);
        }
    }

    /// The exchange, if its connection is still the same one and nothing lies between.
    fn alive(&mut self, exchange: u64) -> Option<(Host, Host)> {
        let Exchange { asker, answerer, session, .. } = self.exchanges.get(&exchange)?;
        let (asker, answerer, session) = (*asker, *answerer, *session);
        if !self.lines.reaches(asker, answerer) {
            self.lines.caught();
            return None;
        }
        (self.lines.session(asker, answerer) == Some(session)).then_some((asker, answerer))
    }

    pub(super) fn request_arrives(&mut self, exchange: u64, bytes: &[u8]) {
        let Some((asker, answerer)) = self.alive(exchange) else { return };
        let Some(opened) = self.exchanges.get(&exchange) else { return };
        let protocol = opened.message.protocol();
        match RequestDecoder::new(protocol, &self.limits).finish(bytes) {
            Ok(Some(request)) => self.asked_of(exchange, asker, answerer, request),
            Ok(None) => self.answer(exchange, answerer, Vec::new(), End::Breaks, 0),
            Err(error) => {
                let at = error.at as u64;
                self.note(answerer, What::Malformed { from: asker, at });
                if let Host::Node(node) = answerer {
                    let fault = PeerFault::new(Channel::Request(protocol), error);
                    self.deliver(node, NetworkEvent::Malformed { peer: asker.id(), fault });
                }
                self.answer(exchange, answerer, Vec::new(), End::Breaks, 0);
            }
        }
    }

    /// Somebody is asked.
    fn asked_of(&mut self, exchange: u64, asker: Host, answerer: Host, request: Request) {
        match answerer {
            Host::Node(node) => {
                let inbound = self.next_number();
                self.inbound.insert(inbound, exchange);
                let inbound = InboundId(inbound);
                self.deliver(node, NetworkEvent::Request { peer: asker.id(), inbound, request });
            }
            Host::Peer(number) => {
                let Some(peer) = self.peers.get_mut(number as usize) else { return };
                let asked = Asked {
                    truth: &self.truth,
                    encoder: &mut self.encoder,
                    rng: &mut self.rng,
                    limits: self.limits,
                    fork_digest: self.plan.sync.fork_digest,
                    now: self.now,
                };
                if let Some(Script { bytes, ends, after_ms }) = peer.answer(asker, &request, asked) {
                    let end = if ends { End::Ends } else { End::Open };
                    self.answer(exchange, answerer, bytes, end, after_ms);
                }
            }
        }
    }

    /// A node answers.
    pub(super) fn respond(&mut self, node: u32, inbound: InboundId, responses: &[Response]) {
        let Some(exchange) = self.inbound.remove(&inbound.0) else { return };
        let mut bytes = Vec::new();
        // What no frame can carry ends the stream: the asker sees less than it has asked for.
        let _ = responses.iter().try_for_each(|response| self.encoder.response(response, &mut bytes));
        self.answer(exchange, Host::Node(node), bytes, End::Ends, 0);
    }

    /// Puts the bytes of an answer on their way.
    fn answer(&mut self, exchange: u64, answerer: Host, mut bytes: Vec<u8>, end: End, after_ms: u64) {
        let Some(opened) = self.exchanges.get(&exchange) else { return };
        let asker = opened.asker;
        self.note(answerer, What::Answered { exchange, bytes: bytes.len() as u64 });
        let passage = self.lines.pass(answerer, asker, &mut bytes, self.now.saturating_add(after_ms));
        self.note_passage(answerer, asker, &passage);
        for at in passage.arrivals() {
            let stream = self.next_number();
            self.send_pieces(exchange, stream, &bytes, end, at);
        }
    }

    /// Lets a stream fall into pieces, which arrive in their order.
    fn send_pieces(&mut self, exchange: u64, stream: u64, bytes: &[u8], end: End, first_at: u64) {
        let most = usize::from(self.lines.link().chunks_max).min(bytes.len().max(1));
        let pieces = self.lines.rng().usize(1..=most);
        let (mut at, mut rest) = (first_at, bytes);
        for left in (1..=pieces).rev() {
            let length = if left == 1 { rest.len() } else { self.lines.rng().usize(..=rest.len()) };
            let (piece, behind) = rest.split_at(length);
            rest = behind;
            let end = if left == 1 { end } else { End::Open };
            let piece = Piece { exchange, stream, bytes: piece.to_vec(), end };
            self.queue.plan(at, Happening::Piece(piece));
            at = at.saturating_add(self.lines.latency() - self.lines.link().latency_min_ms);
        }
    }

    /// A stream whose piece is caught is lost as a whole.
    fn cut(&mut self, piece: &Piece) {
        if let Some(opened) = self.exchanges.get_mut(&piece.exchange) {
            opened.cut.insert(piece.stream);
        }
    }

    pub(super) fn piece_arrives(&mut self, piece: &Piece) {
        if self.exchanges.get(&piece.exchange).is_none_or(|opened| opened.cut.contains(&piece.stream)) {
            return;
        }
        let Some((asker, answerer)) = self.alive(piece.exchange) else { return self.cut(piece) };
        let Host::Node(node) = asker else {
            if piece.end != End::Open {
                self.exchanges.remove(&piece.exchange);
            }
            return;
        };
        let Some(opened) = self.exchanges.get_mut(&piece.exchange) else { return };
        self.tap.keep(node, || Passing::Arrives {
            from: answerer,
            request: opened.request,
            stream: piece.stream,
            bytes: piece.bytes.clone(),
            ends: piece.end == End::Ends,
        });
        let limits = &self.limits;
        let incoming =
            opened.incoming.get_or_insert_with(|| Incoming::new(piece.stream, &opened.message, limits));
        if incoming.stream != piece.stream {
            return;
        }
        let outcome = match incoming.take(&piece.bytes, piece.end == End::Ends) {
            Ok(None) if piece.end == End::Breaks => Outcome::Unavailable,
            Ok(None) => return,
            Ok(Some(responses)) => Outcome::Answered(responses),
            Err(error) => {
                Outcome::Malformed(PeerFault::new(Channel::Response(opened.message.protocol()), error))
            }
        };
        self.end_exchange(node, answerer, piece.exchange, outcome);
    }

    /// Tells a node what has come of its request.
    fn end_exchange(&mut self, node: u32, answerer: Host, exchange: u64, outcome: Outcome) {
        let Some(Exchange { request, incoming, .. }) = self.exchanges.remove(&exchange) else { return };
        self.asked.remove(&(node, request));
        match &outcome {
            Outcome::Answered(responses) => {
                let responses = responses.len() as u64;
                self.note(Host::Node(node), What::Got { exchange, responses });
            }
            Outcome::Malformed(_) => {
                let at = incoming.map_or(0, |incoming| incoming.used_bytes());
                self.note(Host::Node(node), What::Malformed { from: answerer, at });
            }
            Outcome::Unavailable => self.note(Host::Node(node), What::Cancelled { exchange }),
        }
        self.deliver(node, NetworkEvent::Response { peer: answerer.id(), request, outcome });
    }
}
