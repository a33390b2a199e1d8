//! Forgetting what lies below a checkpoint.

use std::collections::BTreeSet;

use redb::ReadableTable as _;

use super::{
    PruneRefused, Root, StoreError,
    blocks::from_row,
    schema::{Writing, block_key, of_key},
    state::ChainRow,
};

/// Forgets the blocks below a checkpoint, and those above it that do not descend from it.
///
/// Canonical blocks at heights of checkpoints stay, and the genesis does: checkpoints are verified against them, and
/// built from them again.
pub(super) fn prune(tables: &mut Writing<'_>, chain: &mut ChainRow, below: u64) -> Result<(), StoreError> {
    let (interval, finalised) = (chain.interval, chain.finalised.height);
    if !interval.is_due(below) || below > finalised {
        return Err(PruneRefused::NoCheckpoint { height: below, interval: interval.get(), finalised }.into());
    }
    if below < chain.base {
        return Err(PruneRefused::Before { height: below, base: chain.base }.into());
    }
    let root = tables.served(chain, below)?.block_root;
    for height in chain.base..below {
        let stays = if height == 0 || interval.is_due(height) { tables.indexed(height)? } else { None };
        if stays.is_none() {
            tables.canonical.remove(height)?;
        }
        for other in tables.roots_at(height)? {
            if Some(other) != stays {
                tables.forget(height, &other)?;
            }
        }
    }
    forget_forks(tables, below, root)?;
    chain.base = below;
    Ok(())
}

/// Forgets the other blocks at the height of the checkpoint, and level by level what descends from them.
fn forget_forks(tables: &mut Writing<'_>, height: u64, root: Root) -> Result<(), StoreError> {
    let mut level = height;
    let mut forgotten: BTreeSet<Root> =
        tables.roots_at(height)?.into_iter().filter(|other| *other != root).collect();
    while !forgotten.is_empty() {
        for root in &forgotten {
            tables.forget(level, root)?;
        }
        level += 1;
        forgotten = tables.children_at(level, &forgotten)?;
    }
    Ok(())
}

impl Writing<'_> {
    /// The roots of all blocks at a height.
    fn roots_at(&self, height: u64) -> Result<Vec<Root>, StoreError> {
        let range = self
            .blocks
            .range::<&[u8; 40]>(&block_key(height, &[0; 32])..=&block_key(height, &[u8::MAX; 32]))?;
        range.map(|row| Ok(of_key(row?.0.value()).1)).collect()
    }

    /// The roots of the blocks at a height that descend from one of these.
    fn children_at(&self, height: u64, parents: &BTreeSet<Root>) -> Result<BTreeSet<Root>, StoreError> {
        let range = self
            .blocks
            .range::<&[u8; 40]>(&block_key(height, &[0; 32])..=&block_key(height, &[u8::MAX; 32]))?;
        let mut children = BTreeSet::new();
        for row in range {
            let (key, row) = row?;
            let block = from_row(key.value(), row.value())?;
            if parents.contains(&block.parent) {
                children.insert(block.root);
            }
        }
        Ok(children)
    }
}
