//! Dialling somebody, and waiting for what comes of it.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::{Context, Poll};

use libp2p::multiaddr::Protocol;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{ConnectionId, DialError};
use libp2p::{Multiaddr, PeerId};

use super::Libp2pNetwork;
use crate::error::ReachError;

/// What was dialled.
#[derive(Debug, Default)]
pub(super) struct Dials {
    /// The bootstrap nodes that were dialled.
    pub(super) places: BTreeMap<ConnectionId, String>,
    /// What has come of a dial that somebody waits for.
    awaited: BTreeMap<ConnectionId, Option<Result<PeerId, DialError>>>,
}

impl Dials {
    /// A dial has come to something; gives the error back if nobody waits for it.
    pub(super) fn came_to(&mut self, connection: ConnectionId, result: Result<PeerId, DialError>) {
        if let Some(awaited) = self.awaited.get_mut(&connection) {
            *awaited = Some(result);
        }
    }
}

impl Libp2pNetwork {
    /// Dials an address, and waits until somebody is connected there. Events that come meanwhile are not lost.
    ///
    /// # Errors
    ///
    /// [`ReachError`], if the address is none or not allowed, or nobody was reached there.
    pub async fn reach(&mut self, address: &str) -> Result<PeerId, ReachError> {
        let address = self.config_address(address)?;
        let options = DialOpts::unknown_peer_id().address(address.clone()).build();
        let connection = options.connection_id();
        let unreachable = |why| ReachError::Unreachable { address: address.clone(), why: Box::new(why) };
        self.swarm.dial(options).map_err(unreachable)?;
        self.dials.awaited.insert(connection, None);
        let reached = poll_fn(|cx| self.poll_reached(connection, cx)).await;
        self.dials.awaited.remove(&connection);
        match reached {
            Some(result) => result.map_err(unreachable),
            None => Err(ReachError::Ended { address }),
        }
    }

    fn poll_reached(
        &mut self,
        connection: ConnectionId,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<PeerId, DialError>>> {
        loop {
            while let Some(event) = self.carry_out() {
                self.told.push_back(event);
            }
            if let Some(result) = self.dials.awaited.get_mut(&connection).and_then(Option::take) {
                return Poll::Ready(Some(result));
            }
            if self.has_ended() {
                return Poll::Ready(None);
            }
            if self.poll_turn(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }

    /// Waits until something is listened on, and tells the address with our id; `None` if nothing ever is.
    pub async fn listening(&mut self) -> Option<String> {
        poll_fn(|cx| self.poll_listening(cx)).await
    }

    fn poll_listening(&mut self, cx: &mut Context<'_>) -> Poll<Option<String>> {
        loop {
            while let Some(event) = self.carry_out() {
                self.told.push_back(event);
            }
            let id = Protocol::P2p(*self.swarm.local_peer_id());
            if self.listeners.is_empty() || self.has_ended() {
                return Poll::Ready(None);
            }
            if let Some(address) = self.swarm.listeners().next() {
                return Poll::Ready(Some(address.clone().with(id).to_string()));
            }
            if self.poll_turn(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }

    /// Dials the bootstrap nodes that are due.
    pub(super) fn dial(&mut self, now: u64) {
        if self.closing {
            return;
        }
        for place in self.discovery.due(now) {
            let address = place.parse().ok();
            let options =
                address.map(|address: Multiaddr| DialOpts::unknown_peer_id().address(address).build());
            let dialled = options.map(|options| (options.connection_id(), self.swarm.dial(options)));
            match dialled {
                Some((connection, Ok(()))) => drop(self.dials.places.insert(connection, place)),
                _ => self.discovery.lost(&place, now),
            }
        }
    }
}
