//! Finality by Streamlet's rule (ePrint 2020/088): CH-5, and which heights are checkpoints (CH-6).

use std::num::NonZeroU64;
use std::sync::Arc;

use alys_wire::containers::{CertifiedBlock, Hash256};

use crate::tree::{Node, Tree};

/// Two blocks that are both final and of which neither descends from the other: at least a third of the authorities is
/// Byzantine, and both certificates together show who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalityViolation {
    /// The block that was final first here, or the one at the top of what was.
    pub finalised: Arc<CertifiedBlock>,
    /// The block that conflicts with it.
    pub conflicting: Arc<CertifiedBlock>,
}

/// A checkpoint that is due: a final block at a height that the interval divides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckpointDue {
    /// The height, over 0.
    pub height: u64,
    /// The block.
    pub block_root: Hash256,
    /// The root of the state after the block.
    pub state_root: Hash256,
}

/// What a notarised block does to finality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finality {
    /// Nothing is final that was not.
    Unchanged,
    /// This block is, and what lies between it and what was.
    Advanced(Hash256),
    /// This block is, and conflicts with what was.
    Conflicting(Hash256),
}

/// Judges what becomes final with a block that has just entered the tree: when it is the third of three in
/// consecutive slots, the second one.
#[must_use]
pub fn judge<St>(tree: &Tree<St>, finalised: Hash256, entered: Hash256) -> Finality {
    let Some(middle) = middle_of_three(tree, entered) else { return Finality::Unchanged };
    if tree.descends(finalised, middle) {
        Finality::Unchanged
    } else if tree.descends(middle, finalised) {
        Finality::Advanced(middle)
    } else {
        Finality::Conflicting(middle)
    }
}

fn middle_of_three<St>(tree: &Tree<St>, top: Hash256) -> Option<Hash256> {
    let mut chain = tree.chain(top);
    let ((_, third), (middle, second), (_, first)) = (chain.next()?, chain.next()?, chain.next()?);
    let slots = [first, second, third].map(|node| node.header.slot);
    (slots[0].checked_add(1) == Some(slots[1]) && slots[1].checked_add(1) == Some(slots[2])).then_some(middle)
}

/// Lists the checkpoints that are due when everything above `from` up to `to` becomes final, from the lowest up.
#[must_use]
pub fn due<St>(tree: &Tree<St>, from: Hash256, to: Hash256, interval: NonZeroU64) -> Vec<CheckpointDue> {
    let newly = tree.between(from, to).into_iter().filter_map(|root| Some((root, &tree.get(&root)?.header)));
    let at_interval = newly.filter(|(_, header)| header.height.is_multiple_of(interval.get()));
    let due = at_interval.map(|(block_root, header)| CheckpointDue {
        height: header.height,
        block_root,
        state_root: header.state_root,
    });
    due.collect()
}

/// The evidence of a violation; genesis conflicts with nothing, so both blocks have certificates.
#[must_use]
pub fn violation<St>(tree: &Tree<St>, finalised: Hash256, conflicting: Hash256) -> Option<FinalityViolation> {
    let certified = |root| tree.get(&root).and_then(|node: &Node<St>| node.block.clone());
    Some(FinalityViolation { finalised: certified(finalised)?, conflicting: certified(conflicting)? })
}
