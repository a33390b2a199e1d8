//! The door as libp2p asks it: before a connection comes up.

use std::convert::Infallible;
use std::task::{Context, Poll};

use alys_sync::shell::WallClock;
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent, THandlerOutEvent,
    ToSwarm, dummy,
};
use libp2p::{Multiaddr, PeerId};
use thiserror::Error;

use crate::config::is_loopback;
use crate::core::{Door, Refusal};
use crate::identity::number_of;

/// Why a connection does not come up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the connection is refused: {0:?}")]
pub(super) struct Refused(pub(super) Refusal);

/// Asks the door about every connection.
#[derive(Debug)]
pub(super) struct Gate {
    door: Door,
    clock: WallClock,
}

impl Gate {
    pub(super) fn new(door: Door, clock: WallClock) -> Self {
        Gate { door, clock }
    }

    /// Bans a peer until a time.
    pub(super) fn ban(&mut self, peer: alys_sync::peer::PeerId, until: u64) {
        self.door.ban(peer, until, self.clock.now());
    }

    fn admit(
        &self,
        peer: &PeerId,
        address: &Multiaddr,
    ) -> Result<dummy::ConnectionHandler, ConnectionDenied> {
        let admitted = self.door.admits(number_of(peer), is_loopback(address), self.clock.now());
        admitted.map(|()| dummy::ConnectionHandler).map_err(denied)
    }
}

fn denied(refusal: Refusal) -> ConnectionDenied {
    ConnectionDenied::new(Refused(refusal))
}

impl NetworkBehaviour for Gate {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.door.reaches(is_loopback(remote)).map_err(denied)
    }

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.admit(&peer, remote)
    }

    fn handle_pending_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: Option<PeerId>,
        _: &[Multiaddr],
        _: Endpoint,
    ) -> Result<Vec<Multiaddr>, ConnectionDenied> {
        let admitted = peer.map(|peer| self.door.admits(number_of(&peer), true, self.clock.now()));
        admitted.unwrap_or(Ok(())).map(|()| Vec::new()).map_err(denied)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.admit(&peer, address)
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: THandlerOutEvent<Self>) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}
