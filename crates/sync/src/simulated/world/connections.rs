//! Who is connected with whom.

use alys_chain::scheme::SignatureScheme;
use alys_wire::{message::BlocksByRange, message::Request};

use super::exchange::Exchange;
use super::{Happening, Simulation};
use crate::engine::RequestId;
use crate::network::NetworkEvent;
use crate::simulated::host::Host;
use crate::simulated::lines::Passage;
use crate::simulated::log::What;
use crate::simulated::plan::Behaviour;

/// How often the time between two tries is doubled at most.
const DOUBLED_MAX: u32 = 4;

impl<S> Simulation<S>
where
    S: SignatureScheme + Clone + Sync,
    S::PublicKey: Sync,
{
    /// A peer comes, or comes back.
    pub(super) fn join(&mut self, number: u32) {
        let Some(peer) = self.peers.get_mut(number as usize) else { return };
        if std::mem::replace(&mut peer.present, true) {
            return;
        }
        for node in 0..self.plan.nodes {
            self.plan_connection(Host::Node(node), Host::Peer(number), 0, 0);
        }
        self.plan_act(number);
    }

    /// Lets two hosts try to connect, unless they are about to.
    pub(super) fn plan_connection(&mut self, one: Host, other: Host, in_ms: u64, tries: u32) {
        if self.connecting.insert((one.min(other), one.max(other))) {
            let at = self.now + in_ms + self.lines.latency();
            self.queue.plan(at, Happening::Connect(one.min(other), one.max(other), tries));
        }
    }

    pub(super) fn connect(&mut self, one: Host, other: Host, tries: u32) {
        self.connecting.remove(&(one, other));
        if !self.is_there(one) || !self.is_there(other) || self.lines.session(one, other).is_some() {
            return;
        }
        if self.refuses(one, other) || self.refuses(other, one) || !self.lines.connect(one, other) {
            let in_ms = self.plan.reconnect_ms << tries.min(DOUBLED_MAX);
            return self.plan_connection(one, other, in_ms, tries + 1);
        }
        self.note(one, What::Connected(other));
        for (host, peer) in [(one, other.id()), (other, one.id())] {
            if let Host::Node(node) = host {
                self.deliver(node, NetworkEvent::Connected { peer });
            }
        }
    }

    fn is_there(&self, host: Host) -> bool {
        match host {
            Host::Node(node) => self.node(node).is_some(),
            Host::Peer(peer) => self.peer(peer).is_some_and(|peer| peer.present),
        }
    }

    /// Whether a host lets no connection with another come up.
    fn refuses(&mut self, host: Host, other: Host) -> bool {
        let Host::Node(node) = host else { return false };
        let Some(place) = self.places.get(node as usize) else { return false };
        let clock = place.clock(self.now);
        let refuses = place.bans.get(&other).is_some_and(|until| clock < *until);
        if refuses {
            self.note(host, What::Refused(other));
        }
        refuses
    }

    /// Takes a connection away from both ends, and lets them come together again later.
    pub(super) fn disconnect(&mut self, one: Host, other: Host) {
        if !self.lines.disconnect(one, other) {
            return;
        }
        let (one, other) = (one.min(other), one.max(other));
        self.note(one, What::Disconnected(other));
        self.forget_exchanges(one, other);
        for (host, peer) in [(one, other.id()), (other, one.id())] {
            if let Host::Node(node) = host {
                self.tell_later(node, NetworkEvent::Disconnected { peer });
            }
        }
        if self.is_there(one) && self.is_there(other) {
            self.plan_connection(one, other, self.plan.reconnect_ms, 0);
        }
    }

    fn forget_exchanges(&mut self, one: Host, other: Host) {
        let between = |exchange: &Exchange| {
            (exchange.asker, exchange.answerer) == (one, other)
                || (exchange.asker, exchange.answerer) == (other, one)
        };
        self.exchanges.retain(|_, exchange| !between(exchange));
        let exchanges = &self.exchanges;
        self.asked.retain(|_, exchange| exchanges.contains_key(exchange));
        self.inbound.retain(|_, exchange| exchanges.contains_key(exchange));
    }

    /// Takes all connections of a host away.
    pub(super) fn disconnect_all(&mut self, host: Host) {
        for other in self.lines.connected(host) {
            self.disconnect(host, other);
        }
    }

    /// A peer loses all of its connections, and comes back.
    pub(super) fn lose(&mut self, number: u32, for_ms: u64) {
        if self.quiet {
            return;
        }
        if let Some(peer) = self.peers.get_mut(number as usize) {
            peer.present = false;
        }
        self.disconnect_all(Host::Peer(number));
        self.queue.plan(self.now + for_ms, Happening::Join(number));
    }

    /// Plans what a peer does on its own, if it does anything.
    pub(super) fn plan_act(&mut self, number: u32) {
        let behaviour = self.peer(number).map(|peer| peer.behaviour());
        if let Some(Behaviour::Flaps { every_ms } | Behaviour::Pesters { every_ms }) = behaviour {
            self.queue.plan(self.now + every_ms, Happening::Act(number));
        }
    }

    /// A peer does what it does on its own.
    pub(super) fn act(&mut self, number: u32) {
        let Some(peer) = self.peers.get_mut(number as usize) else { return };
        match peer.behaviour() {
            Behaviour::Flaps { .. } => {
                peer.present = false;
                self.disconnect_all(Host::Peer(number));
                self.queue.plan(self.now + self.plan.reconnect_ms, Happening::Join(number));
            }
            Behaviour::Pesters { .. } => {
                self.pester(Host::Peer(number));
                self.plan_act(number);
            }
            _ => {}
        }
    }

    /// Sends every connected node a request that is none, or that asks for too much.
    fn pester(&mut self, peer: Host) {
        for node in self.lines.connected(peer) {
            let Some(session) = self.lines.session(peer, node) else { continue };
            let message = Request::BlocksByRange(BlocksByRange { start: 1, count: u64::MAX, step: 1 });
            let mut bytes = Vec::new();
            let asks_too_much = self.rng.bool();
            // A request for a range is within every limit.
            let _ = self.encoder.request(&message, &mut bytes);
            if !asks_too_much {
                bytes.iter_mut().for_each(|byte| *byte = self.rng.u8(..));
            }
            let (exchange, request) = (self.next_number(), RequestId(0));
            let opened = Exchange::new(peer, node, session, request, message);
            self.exchanges.insert(exchange, opened);
            self.send_request(exchange, peer, node, bytes);
        }
    }

    /// Notes what has become of a message, where that is anything but its arrival.
    pub(super) fn note_passage(&mut self, from: Host, to: Host, passage: &Passage) {
        if let Some(how) = passage.corruption {
            self.note(from, What::Corrupted { to, how });
        }
        if passage.first.is_none() {
            let cut_off = !self.lines.reaches(from, to);
            self.note(from, if cut_off { What::CutOff { to } } else { What::Lost { to } });
        }
    }
}
