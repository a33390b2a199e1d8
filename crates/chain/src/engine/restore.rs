//! An engine from what was durable.

use std::sync::Arc;

use alys_wire::containers::{BlockHeader, CertifiedBlock, Hash256};

use super::{ChainConfig, Engine};
use crate::authorities::AuthoritySet;
use crate::candidate::{self, BlockRefusal};
use crate::finality::FinalityViolation;
use crate::pool::Pool;
use crate::scheme::SignatureScheme;
use crate::transition::StateTransition;
use crate::tree::{BlockRef, Node, Tree};
use crate::voter::Voter;

/// What of a chain is durable, and is all that an engine needs.
#[derive(Clone, Debug)]
pub struct Saved<St> {
    /// The header of the block that the tree begins with.
    pub base_header: BlockHeader,
    /// That block with its certificate, unless it is genesis.
    pub base_block: Option<Arc<CertifiedBlock>>,
    /// The state after it.
    pub base_state: St,
    /// All other blocks of the tree, parents before children.
    pub blocks: Vec<Arc<CertifiedBlock>>,
    /// The last final block.
    pub finalised: Hash256,
    /// The tip.
    pub head: Hash256,
    /// The violation that has stopped the node, if one has.
    pub violation: Option<FinalityViolation>,
    /// The last slot that was voted in; 0 for never.
    pub voted: u64,
    /// The last slot that was proposed in; 0 for never.
    pub proposed: u64,
}

/// Why what was durable is no chain. Signatures are not verified again: whoever could forge them could forge the rest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError<E: std::error::Error> {
    /// The state is not the one that the base's header commits to.
    #[error("the state at the base has the root {computed}, its header says {stated}")]
    BaseState {
        /// What the header says.
        stated: Hash256,
        /// The root of the state.
        computed: Hash256,
    },
    /// The parent of a block does not come before it.
    #[error("block {root} comes before its parent {parent}, or without it")]
    UnknownParent {
        /// The block.
        root: Hash256,
        /// Its parent.
        parent: Hash256,
    },
    /// A block is not valid on its parent.
    #[error("block {root} is not valid: {refusal}")]
    Invalid {
        /// The block.
        root: Hash256,
        /// Why.
        refusal: BlockRefusal<E>,
    },
    /// The finalised block is not there.
    #[error("the finalised block {root} is not in the tree")]
    UnknownFinalised {
        /// The block.
        root: Hash256,
    },
    /// The tip is not the one that the fork choice makes of the tree.
    #[error("the tip is {stated}, the fork choice says {computed}")]
    WrongHead {
        /// What was durable.
        stated: Hash256,
        /// What follows from the tree.
        computed: Hash256,
    },
    /// The tip of a violated chain is not there.
    #[error("the tip {root} is not in the tree")]
    UnknownHead {
        /// The block.
        root: Hash256,
    },
}

impl<S: SignatureScheme, T: StateTransition> Engine<S, T> {
    /// The engine of a node that has stopped or crashed: the pool is empty, everything else is as it was durable.
    ///
    /// States are computed anew. The tip must be the one that the fork choice makes of the tree, unless a violation has
    /// frozen it.
    ///
    /// # Errors
    ///
    /// What of it contradicts itself.
    pub fn restore(
        config: ChainConfig,
        scheme: S,
        authorities: AuthoritySet<S::PublicKey>,
        transition: T,
        saved: Saved<T::State>,
    ) -> Result<Self, RestoreError<T::Error>> {
        let tree = grown(&transition, &saved)?;
        let known = |root: Hash256| Some(BlockRef { root, height: tree.get(&root)?.header.height });
        let root = saved.finalised;
        let finalised = known(root).ok_or(RestoreError::UnknownFinalised { root })?;
        let head = known(saved.head).ok_or(RestoreError::UnknownHead { root: saved.head })?;
        let computed = tree.best_above(root);
        if saved.violation.is_none() && computed != head.root {
            return Err(RestoreError::WrongHead { stated: head.root, computed });
        }
        Ok(Engine {
            pool: Pool::new(config.pool),
            config,
            scheme,
            authorities,
            transition,
            identity: None,
            voter: Voter::recovered(saved.voted),
            proposed: saved.proposed,
            tree,
            head,
            finalised,
            violation: saved.violation,
        })
    }
}

/// The tree with all its states.
fn grown<T: StateTransition>(
    transition: &T,
    saved: &Saved<T::State>,
) -> Result<Tree<T::State>, RestoreError<T::Error>> {
    let (stated, computed) = (saved.base_header.state_root, transition.root(&saved.base_state));
    if stated != computed {
        return Err(RestoreError::BaseState { stated, computed });
    }
    let (header, block, state) =
        (saved.base_header.clone(), saved.base_block.clone(), saved.base_state.clone());
    let mut tree = Tree::new(header.root(), Node { header, block, state });
    for block in &saved.blocks {
        let header = block.signed_block.block.header.clone();
        let (root, parent) = (header.root(), header.parent_root);
        let below = tree.get(&parent).ok_or(RestoreError::UnknownParent { root, parent })?;
        let state = candidate::check_on_parent(transition, &below.header, &below.state, &block.signed_block)
            .map_err(|refusal| RestoreError::Invalid { root, refusal })?;
        tree.insert(root, Node { header, block: Some(Arc::clone(block)), state });
    }
    Ok(tree)
}
