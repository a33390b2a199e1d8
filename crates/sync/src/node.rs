//! A node: sync, its chain, and what it serves.

mod canonical;
mod carry;
mod outcome;
mod verify;

#[cfg(test)]
pub(crate) mod properties;

use std::mem;
use std::num::NonZeroUsize;

use alys_chain::authorities::AuthoritySet;
use alys_chain::engine as chain;
use alys_chain::node::{Durable, Node, NodeError};
use alys_chain::scheme::SignatureScheme;
use alys_chain::stored::{Stored, StoredError};
use alys_chain::transition::{StateTransition, StoredTransition};
use alys_wire::containers::{BlockBody, Hash256};
use alys_wire::gossip::GossipMessage;

use crate::config::SyncConfig;
use crate::engine::{Event, SyncEngine};
use crate::gate::{Closed, Gate};
use crate::network::{NetworkCommand, NetworkEvent};
use crate::serve::{self, Server};
use crate::state::SyncState;
use canonical::{Canonical, View};

/// What all nodes of a chain agree on.
#[derive(Clone, Debug)]
pub struct Consensus<S: SignatureScheme> {
    /// How they sign.
    pub scheme: S,
    /// Whose signatures count.
    pub authorities: AuthoritySet<S::PublicKey>,
    /// The chain's configuration.
    pub chain: chain::ChainConfig,
    /// The root of the first block.
    pub genesis: Hash256,
}

/// Why there is no node of what is durable.
#[derive(Debug, thiserror::Error)]
pub enum RestartError<E: std::error::Error + 'static> {
    /// The store cannot be read, or has no chain.
    #[error(transparent)]
    Stored(#[from] StoredError<E>),
    /// The identity is none of this chain.
    #[error(transparent)]
    Identity(#[from] chain::ConfigError),
}

/// A node of the chain that syncs with its peers and serves them.
///
/// It does at once what the engine asks of the chain: certificates are verified and blocks enter the chain within
/// [`handle`](Self::handle). A chain that cannot be made durable any more ends that: the node goes on saying
/// [`SyncState::Failed`], and must be [restored](Self::restore) from what is durable.
#[derive(Debug)]
pub struct SyncNode<S: SignatureScheme, T: StateTransition, D: Durable> {
    chain: Node<S, T, D>,
    canonical: Canonical,
    consensus: Consensus<S>,
    /// How many threads verify the signatures of a batch.
    threads: NonZeroUsize,
    /// How many final blocks are kept at least, if anything is pruned.
    keep: Option<u64>,
    sync: SyncEngine,
    server: Server,
    failure: Option<NodeError<D::Error>>,
    /// What the network must do, as far as it is known.
    commands: Vec<NetworkCommand>,
}

impl<S, T, D> SyncNode<S, T, D>
where
    S: SignatureScheme + Sync,
    S::PublicKey: Sync,
    T: StateTransition,
    T::Error: Send,
    D: Durable,
{
    /// A node without peers. The consensus is that of the chain's engine.
    #[must_use]
    pub fn new(chain: Node<S, T, D>, consensus: Consensus<S>, config: SyncConfig) -> Self {
        let settings = config.settings();
        let (local, clock, genesis) =
            (carry::local(chain.engine()), consensus.chain.clock, consensus.genesis);
        SyncNode {
            canonical: Canonical::new(chain.engine()),
            threads: usize::try_from(settings.threads)
                .ok()
                .and_then(NonZeroUsize::new)
                .unwrap_or(NonZeroUsize::MIN),
            keep: settings.keep,
            consensus,
            sync: SyncEngine::new(config, clock, genesis, local),
            server: Server::new(settings.quotas, usize::try_from(settings.remembered).unwrap_or(usize::MAX)),
            chain,
            failure: None,
            commands: Vec::new(),
        }
    }

    /// Takes what the network tells, at a time in milliseconds since the Unix epoch; tells what it must do, in order.
    pub fn handle(&mut self, event: NetworkEvent, now: u64) -> Vec<NetworkCommand> {
        match event {
            NetworkEvent::Connected { peer } => self.sync_event(Event::Connected { peer }, now),
            NetworkEvent::Disconnected { peer } => self.sync_event(Event::Disconnected { peer }, now),
            NetworkEvent::Malformed { peer, fault } => self.sync_event(Event::Malformed { peer, fault }, now),
            NetworkEvent::Response { peer, request, outcome } => {
                let answer = outcome::answer(outcome);
                self.sync_event(Event::Answer { peer, request, answer }, now);
            }
            NetworkEvent::Request { peer, inbound, .. } if self.failure.is_some() => {
                let responses = vec![serve::failed()];
                self.commands.push(NetworkCommand::Respond { peer, inbound, responses });
            }
            NetworkEvent::Request { peer, inbound, request } => {
                let view = View {
                    engine: self.chain.engine(),
                    canonical: &self.canonical,
                    status: self.sync.status(),
                };
                let responses = self.server.answer(peer, &request, &view, now);
                self.commands.push(NetworkCommand::Respond { peer, inbound, responses });
            }
            NetworkEvent::Gossip { peer: _, message } => self.gossip(message, now),
        }
        mem::take(&mut self.commands)
    }

    /// Lets time pass: the host does so at [`next_wakeup`](Self::next_wakeup), and when a slot begins.
    pub fn tick(&mut self, now: u64) -> Vec<NetworkCommand> {
        self.local_event(chain::Event::Tick, now);
        self.sync_event(Event::Tick, now);
        mem::take(&mut self.commands)
    }

    /// When a [`tick`](Self::tick) is wanted, if nothing else happens before; `None` for never.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<u64> {
        self.sync.next_wakeup()
    }

    /// When the slot after the one that the clock shows begins, in milliseconds since the Unix epoch; `None` for never.
    #[must_use]
    pub fn next_slot(&self, now: u64) -> Option<u64> {
        let clock = &self.consensus.chain.clock;
        let next = clock.slot_at(now / 1000).map_or(Some(0), |slot| slot.checked_add(1));
        clock.start_of(next?)?.checked_mul(1000)
    }

    /// Proposes a block with this body, if it is our turn and the gate is open. A node that is no authority, or whose slot
    /// it is not, proposes nothing.
    ///
    /// # Errors
    ///
    /// Why the gate is closed.
    pub fn propose(&mut self, body: BlockBody, now: u64) -> Result<Vec<NetworkCommand>, Closed> {
        self.sync_event(Event::Tick, now);
        match self.gate() {
            Gate::Closed(reason) => Err(reason),
            Gate::Open => Ok(self.chain_event(chain::Event::Propose(body), now)),
        }
    }

    /// Hands the chain an event that does not come from the network: an imported block, pruning, a rollback.
    pub fn chain_event(&mut self, event: chain::Event, now: u64) -> Vec<NetworkCommand> {
        self.local_event(event, now);
        mem::take(&mut self.commands)
    }

    /// Takes in a message from a topic. Anchors and payments are for others to judge.
    fn gossip(&mut self, message: GossipMessage, now: u64) {
        match message {
            GossipMessage::ConsensusBlock(block) => self.local_event(chain::Event::Block(*block), now),
            GossipMessage::ApproveBlock(approval) => self.local_event(chain::Event::Approval(approval), now),
            GossipMessage::QueuePow(_) | GossipMessage::PegoutSignatures(_) => {}
        }
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
    T::Error: Send,
{
    /// The node that has what is durable (SY-9), and no peers. It is an authority if it is given an identity: its index and
    /// its secret key.
    ///
    /// # Errors
    ///
    /// [`RestartError`] says what of the store cannot be read, is no chain, or whose key it is not.
    pub fn restore(
        stored: Stored<T>,
        consensus: Consensus<S>,
        identity: Option<(u64, S::SecretKey)>,
        config: SyncConfig,
    ) -> Result<Self, RestartError<T::Error>> {
        let mut engine = stored.engine(consensus.scheme.clone(), consensus.authorities.clone())?;
        if let Some((index, secret)) = identity {
            engine = engine.with_identity(index, secret)?;
        }
        Ok(Self::new(Node::new(engine, stored), consensus, config))
    }
}
