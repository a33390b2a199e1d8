//! What is done to a store, and what it answers.

use super::{Broken, Field};

/// A block: which one, behind which, and at what height. Whatever else a real block has follows from its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// Names it; 0 is the genesis.
    pub id: u32,
    /// The block before it.
    pub parent: u32,
    /// Its height.
    pub height: u64,
}

/// What becomes durable together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Commit {
    /// New blocks, in their order.
    pub blocks: Vec<Block>,
    /// The new tip.
    pub head: Option<u32>,
    /// The new finalised block.
    pub finalised: Option<u32>,
    /// Values of the finalised state that change.
    pub values: Vec<(u8, Option<u8>)>,
}

/// One transition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Transition {
    /// Blocks, head, finalised block and values, in one step.
    Commit(Commit),
    /// The node votes in a slot.
    Vote {
        /// The slot.
        slot: u64,
    },
    /// A parent header anchors a range.
    Anchor {
        /// Where the range begins.
        first: u64,
        /// Where it ends.
        last: u64,
        /// The block at its end.
        block: u32,
        /// The parent header.
        parent: u8,
    },
    /// What lies below a checkpoint is forgotten.
    Prune {
        /// The height of the checkpoint.
        below: u64,
    },
    /// Damaged checkpoints are rebuilt.
    Rebuild,
    /// The store is opened again, closed before or not.
    Reopen {
        /// Whether it was closed.
        closed: bool,
    },
    /// A stored checkpoint goes missing.
    LoseCheckpoint {
        /// Its height.
        height: u64,
    },
    /// Bits of a stored checkpoint flip.
    RotCheckpoint {
        /// Its height.
        height: u64,
        /// Which bit, of as many as there are.
        bit: u32,
    },
    /// A stored checkpoint is replaced by another one that is right in itself.
    ForgeCheckpoint {
        /// Its height.
        height: u64,
        /// What it says wrong.
        field: Field,
    },
    /// Bits of a stored block flip.
    RotBlock {
        /// The block.
        block: u32,
        /// Which bit, of as many as there are.
        bit: u32,
    },
}

/// What a store answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is done, and durable.
    Done,
    /// It is refused, and nothing has changed.
    Refused(Refusal),
}

/// Why something is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The parent of a block is not stored.
    UnknownParent,
    /// A block is not one above its parent.
    Height,
    /// A block is stored at another height.
    OtherHeight,
    /// A block lies where blocks were pruned.
    Pruned,
    /// The new head or finalised block is not stored.
    UnknownBlock,
    /// The new head does not descend from the finalised block.
    CrossesFinalised,
    /// The block to be finalised is not canonical.
    NotCanonical,
    /// Finality would go back.
    FinalisedBefore,
    /// The slot is not above the last one.
    Voted,
    /// The range ends before it begins.
    EmptyRange,
    /// The range leaves a hole.
    Hole,
    /// The range overlaps.
    Overlap,
    /// The range is not final.
    Unfinalised,
    /// The range ends with another block.
    OtherBlock,
    /// The parent header has anchored before.
    ParentUsed,
    /// There is no checkpoint at this height.
    NoCheckpoint,
    /// More has been pruned already.
    PrunedBefore,
    /// A checkpoint is damaged.
    Checkpoint(Broken),
    /// A block that is needed is damaged, at this height.
    Damaged(u64),
}
