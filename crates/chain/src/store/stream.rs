//! Streams over what is stored: one row in memory, whatever the length.

use redb::Range;

use super::{
    StoreError, StoredBlock, anchors, blocks,
    schema::{BlockKey, Reading},
    state::ChainRow,
};
use crate::pow::Anchor;

/// The canonical blocks from a height on, of the chain as it was when the stream began.
///
/// A block that is damaged is an item, and the stream goes on behind it.
#[derive(Debug)]
pub struct Blocks {
    pub(super) tables: Reading,
    pub(super) chain: ChainRow,
    pub(super) next: u64,
}

impl Iterator for Blocks {
    type Item = Result<StoredBlock, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.next <= self.chain.head.height {
            let height = self.next;
            self.next += 1;
            if let Some(block) = self.tables.canonical_block(&self.chain, height).transpose() {
                return Some(block);
            }
        }
        None
    }
}

/// The blocks of all forks from a height on, by height and root.
pub struct Tree(pub(super) Range<'static, &'static BlockKey, &'static [u8]>);

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree").finish_non_exhaustive()
    }
}

impl Iterator for Tree {
    type Item = Result<StoredBlock, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(
            self.0
                .next()?
                .map_err(StoreError::from)
                .and_then(|(key, row)| Ok(blocks::from_row(key.value(), row.value())?)),
        )
    }
}

/// The anchors of heights from one on, in their order.
pub struct Anchors(pub(super) Range<'static, u64, &'static [u8]>);

impl std::fmt::Debug for Anchors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Anchors").finish_non_exhaustive()
    }
}

impl Iterator for Anchors {
    type Item = Result<Anchor, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(
            self.0
                .next()?
                .map_err(StoreError::from)
                .and_then(|(last, row)| Ok(anchors::from_row(last.value(), row.value())?)),
        )
    }
}
