//! What an honest node can know of the truth at a time.

use alys_chain::{scheme::SignatureScheme, tree::BlockRef};

use super::{Seen, TrueBlock, Truth};

/// The blocks of a truth whose slots have begun.
#[derive(Clone, Copy, Debug)]
pub struct View<'a, S: SignatureScheme> {
    truth: &'a Truth<S>,
    seen: Option<Seen>,
}

impl<'a, S: SignatureScheme> View<'a, S> {
    /// The view of the first blocks, so many.
    pub(super) fn new(truth: &'a Truth<S>, there: usize) -> Self {
        let seen = there.checked_sub(1).and_then(|last| truth.seen.get(last)).copied();
        View { truth, seen }
    }

    /// The tip as a block; `None` of genesis.
    #[must_use]
    pub fn tip(&self) -> Option<&'a TrueBlock> {
        self.truth.blocks.get(self.seen?.tip)
    }

    /// The tip, by fork choice.
    #[must_use]
    pub fn head(&self) -> BlockRef {
        let of_block = |block: &TrueBlock| BlockRef { root: block.root, height: block.height() };
        self.tip().map_or(self.truth.genesis_ref(), of_block)
    }

    /// The slot of the tip; 0 of genesis.
    #[must_use]
    pub fn head_slot(&self) -> u64 {
        self.tip().map_or(0, TrueBlock::slot)
    }

    /// The last final block.
    #[must_use]
    pub fn finalised(&self) -> BlockRef {
        let height = self.seen.map_or(0, |seen| seen.finalised);
        let of_block = |block: &TrueBlock| BlockRef { root: block.root, height };
        self.truth.canonical(height).map_or(self.truth.genesis_ref(), of_block)
    }

    /// The block of a height on the chain of the tip; `None` of genesis, and above the tip.
    #[must_use]
    pub fn at(&self, height: u64) -> Option<&'a TrueBlock> {
        self.truth.below(self.tip()?, height)
    }
}
