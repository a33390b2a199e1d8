//! Streams of our protocols as a behaviour: it opens those that it is asked for, and hands over those that peers open.

mod handler;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::task::{Context, Poll};

use alys_wire::protocol::Protocol;
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::behaviour::{ConnectionClosed, ConnectionEstablished};
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId, Stream};

use handler::{Came, Handler, Open};

/// The number of a stream that we want.
pub(super) type Token = u64;

/// What has become of streams.
#[derive(Debug)]
pub(super) enum StreamEvent {
    /// A peer has opened one.
    Inbound { peer: PeerId, protocol: Protocol, stream: Stream },
    /// One that we want is open.
    Opened { token: Token, stream: Stream },
    /// One that we want cannot be opened.
    Failed { token: Token },
}

/// Opens and takes streams.
#[derive(Debug, Default)]
pub(super) struct Streams {
    connections: BTreeMap<PeerId, BTreeSet<ConnectionId>>,
    /// What is being opened, and over which connection.
    opening: BTreeMap<Token, ConnectionId>,
    next: Token,
    out: VecDeque<ToSwarm<StreamEvent, Open>>,
}

impl Streams {
    /// Opens a stream to a peer; what becomes of it is told by this number.
    pub(super) fn open(&mut self, peer: PeerId, protocol: Protocol) -> Token {
        let token = self.next;
        self.next += 1;
        let connection = self.connections.get(&peer).and_then(BTreeSet::first).copied();
        self.out.push_back(match connection {
            Some(connection) => {
                self.opening.insert(token, connection);
                let (handler, event) = (NotifyHandler::One(connection), Open { token, protocol });
                ToSwarm::NotifyHandler { peer_id: peer, handler, event }
            }
            None => ToSwarm::GenerateEvent(StreamEvent::Failed { token }),
        });
        token
    }

    fn went(&mut self, peer: PeerId, connection: ConnectionId) {
        if let Some(connections) = self.connections.get_mut(&peer) {
            connections.remove(&connection);
            if connections.is_empty() {
                self.connections.remove(&peer);
            }
        }
        let lost = self.opening.extract_if(.., |_, over| *over == connection);
        let failed = lost.map(|(token, _)| ToSwarm::GenerateEvent(StreamEvent::Failed { token }));
        self.out.extend(failed);
    }
}

impl NetworkBehaviour for Streams {
    type ConnectionHandler = Handler;
    type ToSwarm = StreamEvent;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(Handler::default())
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(Handler::default())
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(ConnectionEstablished { peer_id, connection_id, .. }) => {
                self.connections.entry(peer_id).or_default().insert(connection_id);
            }
            FromSwarm::ConnectionClosed(ConnectionClosed { peer_id, connection_id, .. }) => {
                self.went(peer_id, connection_id);
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(&mut self, peer: PeerId, _: ConnectionId, event: THandlerOutEvent<Self>) {
        let event = match event {
            Came::Inbound { protocol, stream } => StreamEvent::Inbound { peer, protocol, stream },
            Came::Opened { token, stream } => {
                self.opening.remove(&token);
                StreamEvent::Opened { token, stream }
            }
            Came::Failed { token } => {
                self.opening.remove(&token);
                StreamEvent::Failed { token }
            }
        };
        self.out.push_back(ToSwarm::GenerateEvent(event));
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        // The swarm polls again whenever something has been told or asked.
        self.out.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}
