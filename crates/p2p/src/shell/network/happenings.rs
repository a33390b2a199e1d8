//! What happens on libp2p.

use alys_wire::stream::ServerCodec;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::{ConnectionDenied, ConnectionId, DialError, ListenError, SwarmEvent};
use libp2p::{PeerId, connection_limits, gossipsub, identify, memory_connection_limits, ping};

use super::{Libp2pNetwork, MessageAcceptance, Opening, Outcome};
use crate::config::is_loopback;
use crate::core::{Refusal, Verdict};
use crate::identity::number_of;
use crate::shell::behaviour::{BehaviourEvent, ROUTING};
use crate::shell::gate::Refused;
use crate::shell::streams::StreamEvent;

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
            _ => {}
        }
        self.dial(self.clock.now());
    }

    fn connected(&mut self, peer: PeerId, connection: ConnectionId) {
        let number = self.next;
        self.next += 1;
        self.connections.insert(connection, number);
        if let Some(place) = self.dials.places.get(&connection) {
            self.discovery.connected(place);
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
            self.swarm.behaviour_mut().routing.remove_peer(&peer);
        }
    }

    fn not_reached(&mut self, connection: ConnectionId, error: DialError) {
        if let Some(place) = self.dials.places.remove(&connection) {
            self.discovery.lost(&place, self.clock.now());
        }
        let error = match error {
            DialError::Denied { cause } => {
                let refusal = denied(cause);
                self.core.note(refusal);
                DialError::Denied { cause: ConnectionDenied::new(Refused(refusal)) }
            }
            other => other,
        };
        self.dials.came_to(connection, Err(error));
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
