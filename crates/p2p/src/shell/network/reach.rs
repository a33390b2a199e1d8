//! Dialling somebody, and waiting for what comes of it.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::{Context, Poll};

use libp2p::futures::FutureExt as _;
use libp2p::futures::channel::oneshot;
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
    /// Whom to tell what comes of a dial.
    awaited: BTreeMap<ConnectionId, oneshot::Sender<Result<PeerId, DialError>>>,
}

impl Dials {
    /// A dial has come to something: whoever waits for it is told.
    pub(super) fn came_to(&mut self, connection: ConnectionId, result: Result<PeerId, DialError>) {
        if let Some(awaited) = self.awaited.remove(&connection) {
            // Who waited may have given up.
            let _ = awaited.send(result);
        }
    }

    /// How many dials have come to nothing yet that somebody waited for.
    pub(super) fn awaited(&self) -> usize {
        self.awaited.len()
    }
}

impl Libp2pNetwork {
    /// Dials an address, and waits until somebody is connected there. Events that come meanwhile are not lost.
    ///
    /// # Errors
    ///
    /// [`ReachError`], if the address is none or not allowed, nobody was reached there, or the network ends or has ended.
    pub async fn reach(&mut self, address: &str) -> Result<PeerId, ReachError> {
        let address = self.config_address(address)?;
        if self.closing {
            return Err(ReachError::Ended { address });
        }
        let options = DialOpts::unknown_peer_id().address(address.clone()).build();
        let connection = options.connection_id();
        let (tell, mut told) = oneshot::channel();
        self.dials.awaited.insert(connection, tell);
        self.try_to_dial(options);
        match poll_fn(|cx| self.poll_reached(&mut told, cx)).await {
            Ok(result) => result.map_err(|why| ReachError::Unreachable { address, why: Box::new(why) }),
            Err(oneshot::Canceled) => Err(ReachError::Ended { address }),
        }
    }

    fn poll_reached(
        &mut self,
        told: &mut oneshot::Receiver<Result<PeerId, DialError>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Result<PeerId, DialError>, oneshot::Canceled>> {
        loop {
            while let Some(event) = self.carry_out() {
                self.told.push_back(event);
            }
            if let Poll::Ready(result) = told.poll_unpin(cx) {
                return Poll::Ready(result);
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
            if self.listeners.is_empty() {
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
            let Ok(address) = place.parse::<Multiaddr>() else {
                self.discovery.lost(&place, now);
                continue;
            };
            let options = DialOpts::unknown_peer_id().address(address).build();
            self.dials.places.insert(options.connection_id(), place);
            self.try_to_dial(options);
        }
    }

    /// Dials; what refuses it at once is noted like what refuses it later.
    fn try_to_dial(&mut self, options: DialOpts) {
        let connection = options.connection_id();
        if let Err(error) = self.swarm.dial(options) {
            self.not_reached(connection, error);
        }
    }
}
