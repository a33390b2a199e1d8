//! What an engine is restored from.

use std::sync::Arc;

use alys_wire::containers::{BlockHeader, CertifiedBlock, Hash256};

use super::{Stored, StoredError, rows::to_block};
use crate::engine::{Saved, genesis_header};
use crate::finality::FinalityViolation;
use crate::store::{ChainStore as _, Root};
use crate::transition::StoredTransition;

/// The block of the base: its header, and itself unless it is genesis.
type Base = (BlockHeader, Option<Arc<CertifiedBlock>>);

impl<T: StoredTransition> Stored<T> {
    /// Reads what is durable: blocks as they lie in the store, so parents before children.
    pub(super) fn saved(&self) -> Result<Saved<T::State>, StoredError<T::Error>> {
        let (base_header, base_block) = self.base()?;
        let base = base_header.root().0;
        let mut blocks = Vec::new();
        for stored in self.store.tree(self.store.base())? {
            let stored = stored?;
            if stored.root != base {
                blocks.push(Arc::new(to_block(&stored)?));
            }
        }
        Ok(Saved {
            base_header,
            base_block,
            base_state: self.base_state()?,
            blocks,
            finalised: Hash256::from(self.store.finalised().root),
            head: Hash256::from(self.store.head().root),
            violation: self.violation()?,
            voted: self.store.voted_slot(),
            proposed: self.store.proposed_slot(),
        })
    }

    fn base(&self) -> Result<Base, StoredError<T::Error>> {
        let height = self.store.base();
        if height == 0 {
            let state_root = self.transition.root(&self.genesis);
            return Ok((genesis_header(&self.config.clock, state_root), None));
        }
        let stored = self.store.block_at(height)?.ok_or(StoredError::Missing { height })?;
        let block = to_block(&stored)?;
        Ok((block.signed_block.block.header.clone(), Some(Arc::new(block))))
    }

    /// The two final blocks that conflict.
    fn violation(&self) -> Result<Option<FinalityViolation>, StoredError<T::Error>> {
        let Some(conflicting) = self.store.conflicting() else { return Ok(None) };
        let finalised = self.certified(&self.store.finalised().root)?;
        Ok(Some(FinalityViolation { finalised, conflicting: self.certified(&conflicting)? }))
    }

    fn certified(&self, root: &Root) -> Result<Arc<CertifiedBlock>, StoredError<T::Error>> {
        let height = self.store.finalised().height;
        let stored = self.store.block(root)?.ok_or(StoredError::Missing { height })?;
        Ok(Arc::new(to_block(&stored)?))
    }
}
