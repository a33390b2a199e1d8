//! A node that follows a simulated chain, on a store.

use std::sync::Arc;

use alys_chain::{
    checkpoint::IntervalError,
    engine::{Effect, Engine, Event, Signatures},
    node::{Node, NodeError},
    scheme::SignatureScheme,
    store::{Disk, RedbStore, StoreConfig},
    stored::{self, Stored, StoredError},
    transition::{StateTransition as _, TransferError, Transfers},
};

use super::{SimulatedBlock, SimulatedBlockchain};

/// The file of the store of a simulated node.
pub(crate) const STORE_FILE: &str = "chain.redb";

impl<S: SignatureScheme + Clone> SimulatedBlockchain<S> {
    /// How the store of a node of this chain is opened.
    ///
    /// # Errors
    ///
    /// [`IntervalError`], of an interval that the plan refuses as well.
    pub fn store_config(&self) -> Result<StoreConfig, IntervalError> {
        stored::store_config(STORE_FILE, &self.config, Transfers.root(&self.genesis))
    }
}

/// A node that follows a simulated chain, and is no authority of it.
#[derive(Debug)]
pub struct SimulatedNode<S: SignatureScheme> {
    node: Node<S, Transfers, Stored<Transfers>>,
}

impl<S: SignatureScheme + Clone> SimulatedNode<S> {
    /// Starts a node on a disk: at the genesis of the chain, or where it was when it was stopped.
    ///
    /// # Errors
    ///
    /// [`StoredError`] says what of the disk is not as it must be.
    pub fn open(disk: &dyn Disk, chain: &SimulatedBlockchain<S>) -> Result<Self, StoredError<TransferError>> {
        let stored = Stored::open(disk, STORE_FILE, chain.config, Transfers, chain.genesis.clone())?;
        let (scheme, set) = (chain.authorities.scheme().clone(), chain.authorities.set().clone());
        let engine = stored.engine(scheme, set)?;
        Ok(Self { node: Node::new(engine, stored) })
    }

    /// Imports a block, all of whose signatures are verified, and says why it was refused, where it was.
    ///
    /// # Errors
    ///
    /// What kept it from being durable; then nothing more is imported.
    pub fn import(
        &mut self,
        block: &SimulatedBlock,
    ) -> Result<Option<String>, NodeError<StoredError<TransferError>>> {
        let now = block.block.signed_block.block.header.timestamp;
        let event = Event::Import { block: Arc::clone(&block.block), signatures: Signatures::Verified };
        let mut refused = None;
        self.node.handle(event, now, |effect| match effect {
            Effect::ImportRefused { refusal, .. } => refused = Some(refusal.to_string()),
            Effect::Violated(violation) => refused = Some(format!("{violation:?}")),
            _ => {}
        })?;
        Ok(refused)
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Engine<S, Transfers> {
        self.node.engine()
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &RedbStore {
        self.node.durable().store()
    }
}
