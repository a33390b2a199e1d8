//! Streams over what is stored: one row in memory, whatever the length.

use std::fmt;

use redb::{Key, Range};

use super::{
    StoreError, StoredBlock, anchors, blocks,
    open::guarded,
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
            let block = guarded(|| self.tables.canonical_block(&self.chain, height));
            if let Some(block) = block.transpose() {
                return Some(block);
            }
        }
        None
    }
}

/// The rows of a table, until the database fails.
struct Rows<K: Key + 'static>(Option<Range<'static, K, &'static [u8]>>);

impl<K: Key + 'static> Rows<K> {
    /// The next row, as it is read. A database that has failed is not asked again: it may be in the middle of something.
    fn next<T>(
        &mut self,
        read: impl FnOnce(K::SelfType<'_>, &[u8]) -> Result<T, StoreError>,
    ) -> Option<Result<T, StoreError>> {
        let range = self.0.as_mut()?;
        let mut intact = false;
        let read = guarded(|| {
            let Some(row) = range.next() else { return Ok(None) };
            let (key, row) = row?;
            let (key, row) = (key.value(), row.value());
            intact = true;
            read(key, row).map(Some)
        });
        if !intact {
            self.0 = None;
        }
        read.transpose()
    }
}

/// The blocks of all forks from a height on, by height and root.
pub struct Tree(Rows<&'static BlockKey>);

/// The anchors of heights from one on, in their order.
pub struct Anchors(Rows<u64>);

impl Tree {
    pub(super) fn of(range: Range<'static, &'static BlockKey, &'static [u8]>) -> Self {
        Tree(Rows(Some(range)))
    }
}

impl Anchors {
    pub(super) fn of(range: Range<'static, u64, &'static [u8]>) -> Self {
        Anchors(Rows(Some(range)))
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree").finish_non_exhaustive()
    }
}

impl fmt::Debug for Anchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Anchors").finish_non_exhaustive()
    }
}

impl Iterator for Tree {
    type Item = Result<StoredBlock, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next(|key, row| Ok(blocks::from_row(key, row)?))
    }
}

impl Iterator for Anchors {
    type Item = Result<Anchor, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next(|last, row| Ok(anchors::from_row(last, row)?))
    }
}
