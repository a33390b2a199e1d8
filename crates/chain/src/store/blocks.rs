//! Blocks: how they are stored, and how they are found.

use super::{
    CommitRefused, Damage, Root, StoreError, StoredBlock, What,
    schema::{BlockRows, CanonicalRows, CheckpointRows, HeightRows, Tables, Writing, block_key, of_key},
    sealed::{Fields, Kind, seal, unsealed},
    state::ChainRow,
};

/// The row of a block: what the store must know of it, then its bytes.
fn to_row(block: &StoredBlock) -> Vec<u8> {
    let mut row = Vec::with_capacity(block.bytes.len() + 96);
    row.extend(block.parent);
    row.extend(block.slot.to_le_bytes());
    row.extend(block.state_root);
    row.extend(&block.bytes);
    seal(Kind::Block, &block_key(block.height, &block.root), &mut row);
    row
}

/// The block of a row, if it is what was written.
pub(super) fn from_row(key: &[u8; 40], row: &[u8]) -> Result<StoredBlock, Damage> {
    let (height, root) = of_key(key);
    let read = || {
        let mut fields = Fields(unsealed(Kind::Block, key, row)?);
        let (parent, slot, state_root) = (fields.bytes()?, fields.number()?, fields.bytes()?);
        Some(StoredBlock { root, parent, height, slot, state_root, bytes: fields.0.to_vec() })
    };
    read().ok_or(Damage { what: What::Block, height })
}

impl<B: BlockRows, H: HeightRows, C: CanonicalRows, K: CheckpointRows> Tables<B, H, C, K> {
    /// The height at which a block is stored.
    pub(super) fn height(&self, root: &Root) -> Result<Option<u64>, StoreError> {
        Ok(self.heights.get(root)?.map(|height| height.value()))
    }

    /// The block of a height and a root; that it is stored is known.
    pub(super) fn block(&self, height: u64, root: &Root) -> Result<StoredBlock, StoreError> {
        let key = block_key(height, root);
        let row = self.blocks.get(&key)?.ok_or(Damage { what: What::Block, height })?;
        Ok(from_row(&key, row.value())?)
    }

    /// The root of the canonical block, as it stands in the index.
    pub(super) fn indexed(&self, height: u64) -> Result<Option<Root>, StoreError> {
        Ok(self.canonical.get(height)?.map(|root| *root.value()))
    }

    /// The canonical block of a height; `None` where none is stored.
    pub(super) fn canonical_block(
        &self,
        chain: &ChainRow,
        height: u64,
    ) -> Result<Option<StoredBlock>, StoreError> {
        if !chain.keeps(height) {
            return Ok(None);
        }
        let root = self.indexed(height)?.ok_or(Damage { what: What::Canonical, height })?;
        self.block(height, &root).map(Some)
    }
}

impl Writing<'_> {
    /// Stores a block, if it fits.
    pub(super) fn insert(&mut self, chain: &ChainRow, block: &StoredBlock) -> Result<(), StoreError> {
        let height = block.height;
        if let Some(stored) = self.height(&block.root)? {
            if stored == height {
                return Ok(());
            }
            return Err(CommitRefused::OtherHeight { height, stored }.into());
        }
        if height <= chain.base {
            return Err(CommitRefused::Pruned { height, base: chain.base }.into());
        }
        let Some(parent) = self.height(&block.parent)? else {
            return Err(CommitRefused::UnknownParent { height, parent: block.parent }.into());
        };
        if height - 1 != parent {
            return Err(CommitRefused::Height { height, parent }.into());
        }
        self.place(block)
    }

    /// Stores a block that fits.
    pub(super) fn place(&mut self, block: &StoredBlock) -> Result<(), StoreError> {
        let key = block_key(block.height, &block.root);
        self.blocks.insert(&key, to_row(block).as_slice())?;
        self.heights.insert(&block.root, block.height)?;
        Ok(())
    }

    /// Forgets a block.
    pub(super) fn forget(&mut self, height: u64, root: &Root) -> Result<(), StoreError> {
        self.blocks.remove(&block_key(height, root))?;
        self.heights.remove(root)?;
        Ok(())
    }
}
