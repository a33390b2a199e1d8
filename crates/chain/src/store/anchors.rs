//! Anchors: durable beside the blocks.

use redb::WriteTransaction;

use super::{
    Damage, StoreError, What,
    kept::Kept,
    schema::{self, ANCHORS, PARENTS},
    sealed::{Fields, Kind, seal, unsealed},
    state::ChainRow,
};
use crate::pow::{Anchor, AnchorRefused, AuxPow, WorkRequired};
use bitcoin::hashes::Hash as _;

fn to_row(anchor: &Anchor) -> Vec<u8> {
    let mut row = anchor.first.to_le_bytes().to_vec();
    row.extend(anchor.root);
    row.extend(anchor.proof.encode());
    seal(Kind::Anchor, &anchor.last.to_le_bytes(), &mut row);
    row
}

/// The anchor of a row, if it is what was written.
pub(super) fn from_row(last: u64, row: &[u8]) -> Result<Anchor, Damage> {
    let read = || {
        let mut fields = Fields(unsealed(Kind::Anchor, &last.to_le_bytes(), row)?);
        let (first, root) = (fields.number()?, fields.bytes()?);
        Some(Anchor { first, last, root, proof: AuxPow::decode(fields.0).ok()? })
    };
    read().ok_or(Damage { what: What::Anchor, height: last })
}

/// Judges an anchor, the cheapest rules first, and stores it.
pub(super) fn add(
    transaction: &WriteTransaction,
    chain: &mut ChainRow,
    anchor: &Anchor,
    required: WorkRequired,
) -> Result<(), StoreError> {
    let Anchor { first, last, root, .. } = *anchor;
    chain.anchored().admits(first, last).map_err(StoreError::Anchor)?;
    // Where the end of the range is pruned, nobody can say that it is the right block.
    if schema::writing(transaction)?.indexed(last)? != Some(root) {
        return Err(AnchorRefused::OtherBlock { last }.into());
    }
    let parent = anchor.parent();
    let mut parents = Kept::new(transaction.open_table(PARENTS)?);
    if parents.insert(&parent.to_byte_array(), last)?.is_some() {
        return Err(AnchorRefused::ParentUsed { parent }.into());
    }
    anchor.verify(required)?;
    Kept::new(transaction.open_table(ANCHORS)?).insert(last, to_row(anchor).as_slice())?;
    chain.anchored = last;
    Ok(())
}
