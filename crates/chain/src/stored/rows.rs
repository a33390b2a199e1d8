//! Blocks and states as the store keeps them.

use std::error::Error;

use alys_wire::containers::{CertifiedBlock, Hash256};
use ssz::{Decode as _, Encode as _};

use super::{Stored, StoredError};
use crate::engine::{self, Entered};
use crate::store::{ChainStore as _, Commit, StateChange, StoredBlock};
use crate::transition::{Rows, StoredTransition};

/// A block as it is stored: with its certificate, in SSZ.
pub(super) fn of_block(entered: &Entered) -> StoredBlock {
    let header = &entered.block.signed_block.block.header;
    StoredBlock {
        root: entered.root.0,
        parent: header.parent_root.0,
        height: header.height,
        slot: header.slot,
        state_root: header.state_root.0,
        bytes: entered.block.as_ssz_bytes(),
    }
}

/// How the store grows by commits of an engine, one after another.
pub(super) fn growth<'a>(commits: impl IntoIterator<Item = &'a engine::Commit>) -> Commit {
    let mut growth = Commit::default();
    for commit in commits {
        growth.blocks.extend(commit.entered.iter().map(of_block));
        growth.head = commit.head.as_ref().map(|change| change.head.root.0).or(growth.head);
        growth.finalised = commit.finalised.map(|block| block.root.0).or(growth.finalised);
        let conflicting = commit.violation.as_deref().map(|violation| &violation.conflicting.signed_block);
        growth.conflicting = conflicting.map(|proposal| proposal.block.root().0).or(growth.conflicting);
    }
    growth
}

/// The block that is stored, if it is the one of its key.
pub(super) fn to_block<E: Error>(stored: &StoredBlock) -> Result<CertifiedBlock, StoredError<E>> {
    let height = stored.height;
    let block = CertifiedBlock::from_ssz_bytes(&stored.bytes)
        .map_err(|error| StoredError::Malformed { height, reason: format!("{error:?}") })?;
    let (stated, found) = (Hash256::from(stored.root), block.signed_block.block.root());
    if found == stated { Ok(block) } else { Err(StoredError::OtherBlock { height, stated, found }) }
}

impl<T: StoredTransition> Stored<T> {
    /// The state at the base.
    pub(super) fn base_state(&self) -> Result<T::State, StoredError<T::Error>> {
        match self.store.base() {
            0 => Ok(self.genesis.clone()),
            _ => self.transition.state(&self.values()?).ok_or(StoredError::Values),
        }
    }

    fn values(&self) -> Result<Rows, StoredError<T::Error>> {
        Ok(self.store.values()?.collect::<Result<_, _>>()?)
    }

    /// What changes of the values when the base moves up to a final height.
    pub(super) fn changes_up_to(&self, height: u64) -> Result<Vec<StateChange>, StoredError<T::Error>> {
        let (before, after) = (self.values()?, self.transition.rows(&self.state_at(height)?));
        let gone = before.keys().filter(|key| !after.contains_key(*key)).map(|key| (key.clone(), None));
        let new = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
        Ok(gone.chain(new.map(|(key, value)| (key.clone(), Some(value.clone())))).collect())
    }

    /// The state at a final height, from the one at the base: one block in memory at a time.
    fn state_at(&self, wanted: u64) -> Result<T::State, StoredError<T::Error>> {
        let mut state = self.base_state()?;
        for stored in self.store.blocks(self.store.base() + 1)? {
            let stored = stored?;
            let height = stored.height;
            if height > wanted {
                break;
            }
            let body = to_block(&stored)?.signed_block.block.body;
            let applied = self.transition.apply(&state, &body);
            state = applied.map_err(|error| StoredError::Replay { height, error })?;
            let (stated, computed) = (Hash256::from(stored.state_root), self.transition.root(&state));
            if computed != stated {
                return Err(StoredError::State { height, stated, computed });
            }
        }
        Ok(state)
    }
}
