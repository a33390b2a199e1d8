//! A node: sync, its chain, and what it serves.

use alys_chain::authorities::AuthoritySet;
use alys_chain::engine as chain;
use alys_chain::node::{Durable, Node, NodeError};
use alys_chain::scheme::SignatureScheme;
use alys_chain::stored::{Stored, StoredError};
use alys_chain::transition::{StateTransition, StoredTransition};
use alys_wire::containers::BlockBody;

use crate::config::SyncConfig;
use crate::engine::SyncEngine;
use crate::gate::{Closed, Gate};
use crate::network::{NetworkCommand, NetworkEvent};
use crate::serve::Server;
use crate::state::SyncState;

/// A node of the chain that syncs with its peers and serves them.
#[derive(Debug)]
pub struct SyncNode<S: SignatureScheme, T: StateTransition, D: Durable> {
    chain: Node<S, T, D>,
    scheme: S,
    authorities: AuthoritySet<S::PublicKey>,
    sync: SyncEngine,
    server: Server,
    failure: Option<NodeError<D::Error>>,
}

impl<S, T, D> SyncNode<S, T, D>
where
    S: SignatureScheme + Sync,
    S::PublicKey: Sync,
    T: StateTransition,
    D: Durable,
{
    /// A node without peers. The scheme, the authorities and the chain's configuration are those of the chain's engine.
    #[must_use]
    pub fn new(
        chain: Node<S, T, D>,
        scheme: S,
        authorities: AuthoritySet<S::PublicKey>,
        chain_config: &chain::ChainConfig,
        config: SyncConfig,
    ) -> Self {
        let _ = (chain, scheme, authorities, chain_config, config);
        unreachable!()
    }

    /// Takes what the network tells, at a time in milliseconds since the Unix epoch; tells what it must do, in order.
    pub fn handle(&mut self, event: NetworkEvent, now: u64) -> Vec<NetworkCommand> {
        let _ = (event, now, &self.scheme, &self.authorities, &self.server);
        Vec::new()
    }

    /// Lets time pass: the host does so at [`next_wakeup`](Self::next_wakeup), and when a slot begins.
    pub fn tick(&mut self, now: u64) -> Vec<NetworkCommand> {
        let _ = now;
        Vec::new()
    }

    /// When a [`tick`](Self::tick) is wanted, if nothing else happens before; `None` for never.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<u64> {
        self.sync.next_wakeup()
    }

    /// Proposes a block with this body, if it is our turn and the gate is open. A node that is no authority, or whose slot
    /// it is not, proposes nothing.
    ///
    /// # Errors
    ///
    /// Why the gate is closed.
    pub fn propose(&mut self, body: BlockBody, now: u64) -> Result<Vec<NetworkCommand>, Closed> {
        let _ = (body, now);
        Ok(Vec::new())
    }

    /// Hands the chain an event that comes from elsewhere: an imported block, pruning, a rollback.
    pub fn chain_event(&mut self, event: chain::Event, now: u64) -> Vec<NetworkCommand> {
        let _ = (event, now);
        Vec::new()
    }

    /// The chain.
    #[must_use]
    pub fn chain(&self) -> &chain::Engine<S, T> {
        self.chain.engine()
    }

    /// What makes it durable.
    #[must_use]
    pub fn durable(&self) -> &D {
        self.chain.durable()
    }

    /// The engine of sync.
    #[must_use]
    pub fn sync(&self) -> &SyncEngine {
        &self.sync
    }

    /// What sync is doing.
    #[must_use]
    pub fn state(&self) -> SyncState {
        self.sync.state()
    }

    /// Whether blocks may be produced.
    #[must_use]
    pub fn gate(&self) -> Gate {
        self.sync.gate()
    }

    /// Why the chain cannot be made durable any more, if that has happened.
    #[must_use]
    pub fn failure(&self) -> Option<&NodeError<D::Error>> {
        self.failure.as_ref()
    }

    /// Ends the node; what is durable stays, for the next one to be restored from.
    #[must_use]
    pub fn into_durable(self) -> D {
        self.chain.into_durable()
    }
}

impl<S, T> SyncNode<S, T, Stored<T>>
where
    S: SignatureScheme + Sync + Clone,
    S::PublicKey: Sync,
    T: StoredTransition + Clone,
{
    /// The node that has what is durable (SY-9), and no peers. It is no authority.
    ///
    /// # Errors
    ///
    /// [`StoredError`] says what of the store cannot be read, or is no chain.
    pub fn restore(
        stored: Stored<T>,
        scheme: S,
        authorities: AuthoritySet<S::PublicKey>,
        chain_config: &chain::ChainConfig,
        config: SyncConfig,
    ) -> Result<Self, StoredError<T::Error>> {
        let engine = stored.engine(scheme.clone(), authorities.clone())?;
        Ok(Self::new(Node::new(engine, stored), scheme, authorities, chain_config, config))
    }
}
