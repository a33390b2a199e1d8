//! What happens on libp2p.

use std::io;

use alys_wire::stream::ServerCodec;
use libp2p::core::transport::TransportError;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::{ConnectionDenied, ConnectionId, DialError, ListenError, SwarmEvent};
use libp2p::{
    Multiaddr, PeerId, connection_limits, gossipsub, identify, kad, memory_connection_limits, ping,
};

use super::{Libp2pNetwork, MessageAcceptance, Opening, Outcome};
use crate::config::is_loopback;
use crate::core::{Refusal, Verdict};
use crate::identity::number_of;
use crate::shell::behaviour::{BehaviourEvent, ROUTING};
use crate::shell::gate::Refused;
use crate::shell::streams::StreamEvent;

/// How many addresses of one peer the routing table keeps. Of more, the older ones go: a peer that moves says so.
const ADDRESSES: usize = 8;

impl Libp2pNetwork {
    pub(super) fn happened(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(event) => self.behaved(event),
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, .. } => {
                self.connected(peer_id, connection_id);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, num_established, .. } => {
                self.disconnected(peer_id, connection_id, num_established == 0);
            }
            SwarmEvent::IncomingConnectionError { error, .. } => {
                let refusal = match error {
                    ListenError::Denied { cause } => denied(cause),
                    _ => Refusal::NoHandshake,
                };
                self.core.note(refusal);
            }
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                self.not_reached(connection_id, error);
            }
            // Of itself, or because it was to.
            SwarmEvent::ListenerClosed { listener_id, .. } => {
                self.listeners.retain(|listener| *listener != listener_id);
            }
            _ => {}
        }
        self.dial(self.clock.now());
    }

    fn connected(&mut self, peer: PeerId, connection: ConnectionId) {
        let number = self.next;
        self.next += 1;
        self.connections.insert(connection, number);
        if let Some(place) = self.dials.places.get(&connection) {
            self.discovery.connected(place, self.clock.now());
        }
        self.dials.came_to(connection, Ok(peer));
        self.core.connected(number_of(&peer), peer, number);
        if self.closing {
            self.swarm.close_connection(connection);
        }
    }

    fn disconnected(&mut self, peer: PeerId, connection: ConnectionId, last: bool) {
        let now = self.clock.now();
        if let Some(place) = self.dials.places.remove(&connection) {
            self.discovery.lost(&place, now);
        }
        if let Some(number) = self.connections.remove(&connection) {
            self.core.disconnected(number_of(&peer), number);
        }
        if last {
            self.farewells.remove(&peer);
            let behaviour = self.swarm.behaviour_mut();
            behaviour.gossip.remove_blacklisted_peer(&peer);
            behaviour.routing.remove_peer(&peer);
        }
    }

    pub(super) fn not_reached(&mut self, connection: ConnectionId, error: DialError) {
        if let Some(place) = self.dials.places.remove(&connection) {
            self.discovery.lost(&place, self.clock.now());
        }
        let error = match error {
            DialError::Denied { cause } => {
                let refusal = denied(cause);
                self.core.note(refusal);
                DialError::Denied { cause: ConnectionDenied::new(Refused(refusal)) }
            }
            DialError::Transport(errors) => {
                self.note_far(&errors);
                DialError::Transport(errors)
            }
            other => other,
        };
        self.dials.came_to(connection, Err(error));
    }

    /// Notes the addresses that the transport has refused because they are not of this machine.
    fn note_far(&mut self, errors: &[(Multiaddr, TransportError<io::Error>)]) {
        for (address, error) in errors {
            let refused = matches!(error, TransportError::MultiaddrNotSupported(_));
            if refused && !self.beyond_loopback && !is_loopback(address) {
                self.core.note(Refusal::NotLoopback);
            }
        }
    }

    fn behaved(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Streams(event) => self.streamed(event),
            BehaviourEvent::Gossip(gossipsub::Event::Message { propagation_source, message_id, message }) => {
                let from = number_of(&propagation_source);
                let verdict = self.core.gossip(from, message.topic.as_str(), &message.data, self.clock.now());
                let acceptance = match verdict {
                    Verdict::Accept => MessageAcceptance::Accept,
                    Verdict::Reject => MessageAcceptance::Reject,
                    Verdict::Ignore => MessageAcceptance::Ignore,
                };
                let gossip = &mut self.swarm.behaviour_mut().gossip;
                gossip.report_message_validation_result(&message_id, &propagation_source, acceptance);
            }
            BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. }) => {
                self.identified(peer_id, info);
            }
            BehaviourEvent::Routing(kad::Event::RoutingUpdated { peer, addresses, .. }) => {
                let routing = &mut self.swarm.behaviour_mut().routing;
                for address in addresses.iter().take(addresses.len().saturating_sub(ADDRESSES)) {
                    routing.remove_address(&peer, address);
                }
            }
            // Who does not know pings is there all the same.
            BehaviourEvent::Ping(ping::Event { connection, result: Err(failure), .. })
                if !matches!(failure, ping::Failure::Unsupported) =>
            {
                self.swarm.close_connection(connection);
            }
            _ => {}
        }
    }

    fn streamed(&mut self, event: StreamEvent) {
        match event {
            StreamEvent::Inbound { peer, protocol, stream } => {
                if let Some(inbound) = self.core.stream(number_of(&peer), protocol, self.clock.now()) {
                    self.tasks.hear(inbound, stream, ServerCodec::new(protocol, self.limits));
                }
            }
            StreamEvent::Opened { token, stream } => match self.opening.remove(&token) {
                Some(Opening::Ask { request, codec, protocol, bytes }) => {
                    self.tasks.ask(request, stream, *codec, protocol, bytes);
                }
                Some(Opening::Farewell { peer, bytes }) => self.tasks.farewell(peer, stream, bytes),
                None => {}
            },
            StreamEvent::Failed { token } => match self.opening.remove(&token) {
                Some(Opening::Ask { request, .. }) => self.core.settled(request, Outcome::Unavailable),
                Some(Opening::Farewell { peer, .. }) => self.part(peer),
                None => {}
            },
        }
    }

    /// A peer has told where it listens.
    fn identified(&mut self, peer: PeerId, info: identify::Info) {
        if !info.protocols.contains(&ROUTING) {
            return;
        }
        let reachable =
            info.listen_addrs.into_iter().filter(|address| self.beyond_loopback || is_loopback(address));
        let addresses: Vec<_> = reachable
            .filter(|address| !address.iter().any(|part| matches!(part, Protocol::P2pCircuit)))
            .collect();
        for address in addresses {
            self.swarm.behaviour_mut().routing.add_address(&peer, address);
        }
    }
}

/// Why a connection was refused.
fn denied(cause: ConnectionDenied) -> Refusal {
    let cause = match cause.downcast::<Refused>() {
        Ok(Refused(refusal)) => return refusal,
        Err(cause) => cause,
    };
    let cause = match cause.downcast::<memory_connection_limits::MemoryUsageLimitExceeded>() {
        Ok(_) => return Refusal::TooMuchMemory,
        Err(cause) => cause,
    };
    match cause.downcast::<connection_limits::Exceeded>() {
        Ok(_) => Refusal::TooManyConnections,
        Err(_) => Refusal::Unwanted,
    }
}
