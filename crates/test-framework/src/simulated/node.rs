//! A node that imports a simulated chain: the engine, with the store as what makes its effects durable.

use std::sync::Arc;

use alys_chain::{
    checkpoint::{Interval, IntervalError},
    engine::{
        Commit as EngineCommit, Effect, Engine, Event, RestoreError, Saved, Signatures, genesis_header,
    },
    node::{Durable, Node, NodeError},
    scheme::SignatureScheme,
    store::{ChainStore as _, Commit, Disk, OpenError, RedbStore, StoreConfig, StoreError, StoredBlock},
    transition::{StateTransition as _, TransferError, Transfers},
};
use alys_wire::containers::{BlockHeader, CertifiedBlock, Hash256};
use ssz::{Decode as _, Encode as _};
use thiserror::Error;

use super::{SimulatedBlock, SimulatedBlockchain};

/// The file of the store of a simulated node.
pub(crate) const STORE_FILE: &str = "chain.redb";

/// Why a commit of the engine does not become durable.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeepError {
    /// The store refuses it, or has failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A node that only follows has nothing to sign, and nothing to take back.
    #[error("a node that only follows a chain keeps no {what}")]
    NotKept {
        /// What should be kept.
        what: &'static str,
    },
}

/// Makes durable in a store what an engine commits.
#[derive(Debug)]
pub struct Keeper {
    store: RedbStore,
}

impl Durable for Keeper {
    type Error = KeepError;

    fn vote(&mut self, _: u64) -> Result<(), KeepError> {
        Err(KeepError::NotKept { what: "vote" })
    }

    fn proposal(&mut self, _: u64) -> Result<(), KeepError> {
        Err(KeepError::NotKept { what: "proposal" })
    }

    fn commit(&mut self, commit: &EngineCommit) -> Result<(), KeepError> {
        if !commit.removed.is_empty() {
            return Err(KeepError::NotKept { what: "rollback" });
        }
        if let Some(base) = commit.base {
            return Ok(self.store.prune(base.height)?);
        }
        Ok(self.store.commit(&Commit {
            blocks: commit.entered.iter().map(|entered| stored(&entered.block)).collect(),
            head: commit.head.as_ref().map(|change| change.head.root.0),
            finalised: commit.finalised.map(|finalised| finalised.root.0),
            state: Vec::new(),
        })?)
    }
}

fn stored(block: &CertifiedBlock) -> StoredBlock {
    let header = &block.signed_block.block.header;
    StoredBlock {
        root: header.root().0,
        parent: header.parent_root.0,
        height: header.height,
        slot: header.slot,
        state_root: header.state_root.0,
        bytes: block.as_ssz_bytes(),
    }
}

impl<S: SignatureScheme + Clone> SimulatedBlockchain<S> {
    /// How the store of a node of this chain is opened.
    ///
    /// # Errors
    ///
    /// [`IntervalError`], of an interval that the plan refuses as well.
    pub fn store_config(&self) -> Result<StoreConfig, IntervalError> {
        let interval = Interval::new(self.plan.checkpoint_interval)?;
        let header = self.genesis_header();
        let genesis = StoredBlock {
            root: header.root().0,
            parent: [0; 32],
            height: 0,
            slot: 0,
            state_root: header.state_root.0,
            bytes: Vec::new(),
        };
        Ok(StoreConfig { cache_bytes: 1 << 20, ..StoreConfig::new(STORE_FILE, genesis, interval) })
    }

    fn genesis_header(&self) -> BlockHeader {
        genesis_header(&self.config.clock, Transfers.root(&self.genesis))
    }
}

/// Why a node does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NodeOpenError {
    /// There are no checkpoints at such an interval.
    #[error(transparent)]
    Interval(#[from] IntervalError),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored is no block.
    #[error("the block stored at height {height} is none: {reason:?}")]
    Block {
        /// Its height.
        height: u64,
        /// Why.
        reason: ssz::DecodeError,
    },
    /// What is stored is no chain.
    #[error("what is stored contradicts itself: {0}")]
    Restore(#[from] RestoreError<TransferError>),
}

/// A node that follows a simulated chain, and is no authority of it.
#[derive(Debug)]
pub struct SimulatedNode<S: SignatureScheme> {
    node: Node<S, Transfers, Keeper>,
}

impl<S: SignatureScheme + Clone> SimulatedNode<S> {
    /// Starts a node on a disk: at the genesis of the chain, or where it was when it was stopped.
    ///
    /// # Errors
    ///
    /// [`NodeOpenError`] says what of the disk is not as it must be.
    pub fn open(disk: &dyn Disk, chain: &SimulatedBlockchain<S>) -> Result<Self, NodeOpenError> {
        let store = RedbStore::open(disk, &chain.store_config()?)?;
        let saved = Saved {
            base_header: chain.genesis_header(),
            base_block: None,
            base_state: chain.genesis.clone(),
            blocks: blocks(&store)?,
            finalised: Hash256::from(store.finalised().root),
            head: Hash256::from(store.head().root),
            violation: None,
            voted: 0,
            proposed: 0,
        };
        let (scheme, set) = (chain.authorities.scheme().clone(), chain.authorities.set().clone());
        let engine = Engine::restore(chain.config, scheme, set, Transfers, saved)?;
        Ok(Self { node: Node::new(engine, Keeper { store }) })
    }

    /// Imports a block, all of whose signatures are verified, and says why it was refused, where it was.
    ///
    /// # Errors
    ///
    /// What kept it from being durable; then nothing more is imported.
    pub fn import(&mut self, block: &SimulatedBlock) -> Result<Option<String>, NodeError<KeepError>> {
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
        &self.node.durable().store
    }
}

/// All blocks but the genesis, parents before children.
fn blocks(store: &RedbStore) -> Result<Vec<Arc<CertifiedBlock>>, NodeOpenError> {
    let read = |block: Result<StoredBlock, StoreError>| {
        let StoredBlock { height, bytes, .. } = block?;
        let decoded = CertifiedBlock::from_ssz_bytes(&bytes);
        decoded.map(Arc::new).map_err(|reason| NodeOpenError::Block { height, reason })
    };
    store.tree(1)?.map(read).collect()
}
