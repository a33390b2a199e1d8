//! What of a simulated node is durable, and what a crash leaves of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alys_chain::{
    authorities::AuthoritySet,
    engine::{ChainConfig, Commit, Engine, RestoreError, Saved, genesis_header},
    node::Durable,
    scheme::SignatureScheme,
    transition::{Balances, StateTransition as _, TransferError, Transfers},
};
use alys_wire::containers::{CertifiedBlock, Hash256};
use thiserror::Error;

/// Something was not made durable: the medium has failed, and every later attempt fails as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the medium has failed at operation {operation}")]
pub struct MediumFailed {
    /// The number of the first operation that has failed, from 0.
    pub operation: u64,
}

/// A medium in memory that keeps exactly what was committed, and fails where it is told to. Clones are the same medium.
///
/// ```
/// use alys_chain::node::Durable;
/// use alys_sync::simulated::{Journal, Truth, TruthPlan};
///
/// let truth = Truth::ideal(&TruthPlan { blocks: 0, ..TruthPlan::default() })?;
/// let mut journal = Journal::new(truth.config(), truth.genesis());
/// journal.fail_after(1, true);
/// assert!(journal.vote(3).is_ok());
/// assert!(journal.vote(4).is_err() && journal.vote(5).is_err());
/// journal.repair();
/// let engine = journal.engine(*truth.config(), truth.scheme().clone(), truth.authorities().clone())?;
/// assert_eq!(engine.duties(), (4, 0), "the operation that failed had come through");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Journal(Arc<Mutex<Medium>>);

#[derive(Debug)]
struct Medium {
    saved: Saved<Balances>,
    operations: u64,
    fuse: Option<Fuse>,
    failed: Option<MediumFailed>,
}

/// Where a medium fails.
#[derive(Clone, Copy, Debug)]
struct Fuse {
    /// The number of the operation.
    operation: u64,
    /// Whether that operation is durable all the same.
    comes_through: bool,
}

impl Journal {
    /// The medium of a node that knows genesis and nothing else.
    #[must_use]
    pub fn new(config: &ChainConfig, genesis: &Balances) -> Self {
        let base_header = genesis_header(&config.clock, Transfers.root(genesis));
        let root = base_header.root();
        let saved = Saved {
            base_header,
            base_block: None,
            base_state: genesis.clone(),
            blocks: Vec::new(),
            finalised: root,
            head: root,
            violation: None,
            voted: 0,
            proposed: 0,
        };
        let medium = Medium { saved, operations: 0, fuse: None, failed: None };
        Journal(Arc::new(Mutex::new(medium)))
    }

    /// Whoever panicked while holding it has left an operation undone or done, never half.
    fn medium(&self) -> MutexGuard<'_, Medium> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many operations there were.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.medium().operations
    }

    /// Lets an operation fail after so many more, and all behind it; that one may be durable all the same.
    pub fn fail_after(&self, more: u64, comes_through: bool) {
        let mut medium = self.medium();
        let operation = medium.operations.saturating_add(more);
        medium.fuse = Some(Fuse { operation, comes_through });
    }

    /// Makes the medium a whole one with the same content.
    pub fn repair(&self) {
        let mut medium = self.medium();
        (medium.fuse, medium.failed) = (None, None);
    }

    /// The root of the durable tip.
    #[must_use]
    pub fn head(&self) -> Hash256 {
        self.medium().saved.head
    }

    /// The root of the last durable final block.
    #[must_use]
    pub fn finalised(&self) -> Hash256 {
        self.medium().saved.finalised
    }

    /// How many blocks are durable above the base, forks included.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.medium().saved.blocks.len()
    }

    /// Restores the engine that knows exactly what is durable.
    ///
    /// # Errors
    ///
    /// [`RestoreError`] when what is durable is no chain; a medium that was only written by a node never is.
    pub fn engine<S: SignatureScheme>(
        &self,
        config: ChainConfig,
        scheme: S,
        authorities: AuthoritySet<S::PublicKey>,
    ) -> Result<Engine<S, Transfers>, RestoreError<TransferError>> {
        let saved = self.medium().saved.clone();
        Engine::restore(config, scheme, authorities, Transfers, saved)
    }

    /// Carries out one operation, or fails.
    fn operate(&self, operation: impl FnOnce(&mut Saved<Balances>)) -> Result<(), MediumFailed> {
        let mut medium = self.medium();
        if let Some(failed) = medium.failed {
            return Err(failed);
        }
        let number = medium.operations;
        medium.operations += 1;
        match medium.fuse {
            Some(fuse) if fuse.operation <= number => {
                if fuse.comes_through {
                    operation(&mut medium.saved);
                }
                let failed = MediumFailed { operation: number };
                medium.failed = Some(failed);
                Err(failed)
            }
            _ => {
                operation(&mut medium.saved);
                Ok(())
            }
        }
    }
}

impl Durable for Journal {
    type Error = MediumFailed;

    fn vote(&mut self, slot: u64) -> Result<(), MediumFailed> {
        self.operate(|saved| saved.voted = slot)
    }

    fn proposal(&mut self, slot: u64) -> Result<(), MediumFailed> {
        self.operate(|saved| saved.proposed = slot)
    }

    fn commit(&mut self, commit: &Commit) -> Result<(), MediumFailed> {
        self.operate(|saved| apply(saved, commit))
    }
}

/// Makes a commit a part of what is saved.
fn apply(saved: &mut Saved<Balances>, commit: &Commit) {
    if let Some(base) = commit.base {
        rebase(saved, base.root);
    }
    saved.blocks.extend(commit.entered.as_ref().map(|entered| Arc::clone(&entered.block)));
    if !commit.removed.is_empty() {
        saved.blocks.retain(|block| !commit.removed.contains(&root(block)));
    }
    if let Some(change) = &commit.head {
        saved.head = change.head.root;
    }
    if let Some(block) = commit.finalised {
        saved.finalised = block.root;
    }
    if let Some(violation) = &commit.violation {
        saved.violation = Some((**violation).clone());
    }
}

fn root(block: &CertifiedBlock) -> Hash256 {
    block.signed_block.block.root()
}

/// Moves the base up to a block, through the states of the blocks between.
fn rebase(saved: &mut Saved<Balances>, to: Hash256) {
    let parent = |root_of: Hash256| saved.blocks.iter().find(|block| root(block) == root_of);
    let path: Vec<_> =
        std::iter::successors(parent(to), |block| parent(block.signed_block.block.header.parent_root))
            .cloned()
            .collect();
    for block in path.iter().rev() {
        // A block of the tree can be executed: that was seen when it entered.
        if let Ok(state) = Transfers.apply(&saved.base_state, &block.signed_block.block.body) {
            saved.base_state = state;
        }
    }
    if let Some(base) = path.into_iter().next() {
        saved.base_header = base.signed_block.block.header.clone();
        saved.blocks.retain(|block| root(block) != to);
        saved.base_block = Some(base);
    }
}
