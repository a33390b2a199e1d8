//! What a parent header anchors: one contiguous range of finalised blocks.

use bitcoin::{
    BlockHash,
    hashes::{Hash as _, HashEngine as _, sha256d},
};
use thiserror::Error;

use super::{AuxPow, AuxPowRefused, WorkRequired};

/// What sets our commitments apart from those of others.
const DOMAIN: &[u8] = b"alys-anchor-v1";

/// A range of blocks with its proof of work. It is handed to a node beside the blocks, never inside one.
///
/// Blocks name their parents, so the root of the last block binds all of the range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The first height of the range.
    pub first: u64,
    /// The last height of the range.
    pub last: u64,
    /// The root of the block at the last height.
    pub root: [u8; 32],
    /// The proof.
    pub proof: AuxPow,
}

/// Why a range is not anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AnchorRefused {
    /// The range ends before it begins.
    #[error("the range {first}..={last} is empty")]
    Empty {
        /// Its first height.
        first: u64,
        /// Its last height.
        last: u64,
    },
    /// Blocks between the last anchored one and the range would never be anchored.
    #[error("the range begins at {first} and leaves a hole: it must begin at {expected}")]
    Hole {
        /// Where it begins.
        first: u64,
        /// Where it must begin.
        expected: u64,
    },
    /// Some of the blocks are anchored already.
    #[error("the range begins at {first} and overlaps what is anchored: it must begin at {expected}")]
    Overlap {
        /// Where it begins.
        first: u64,
        /// Where it must begin.
        expected: u64,
    },
    /// Some of the blocks are not final yet.
    #[error("the range ends at {last}, and {finalised} is the last final height")]
    Unfinalised {
        /// Where it ends.
        last: u64,
        /// The height of the last finalised block.
        finalised: u64,
    },
    /// The block at its end is another one.
    #[error("the block at height {last} is not the one that the range ends with")]
    OtherBlock {
        /// Where it ends.
        last: u64,
    },
    /// The parent header has anchored a range before.
    #[error("the parent header {parent} anchors a range already")]
    ParentUsed {
        /// The hash of the parent header.
        parent: BlockHash,
    },
    /// The proof proves nothing.
    #[error(transparent)]
    Proof(#[from] AuxPowRefused),
}

impl Anchor {
    /// What a miner commits to: chain id, range and last root, under a domain of our own.
    #[must_use]
    pub fn commitment(chain_id: u16, first: u64, last: u64, root: [u8; 32]) -> [u8; 32] {
        let mut engine = sha256d::Hash::engine();
        engine.input(DOMAIN);
        engine.input(&chain_id.to_le_bytes());
        engine.input(&first.to_le_bytes());
        engine.input(&last.to_le_bytes());
        engine.input(&root);
        sha256d::Hash::from_engine(engine).to_byte_array()
    }

    /// The hash of the parent header: it anchors one range and no other.
    #[must_use]
    pub fn parent(&self) -> BlockHash {
        self.proof.parent.block_hash()
    }

    /// Holds the proof to the rules of merged mining.
    ///
    /// # Errors
    ///
    /// [`AnchorRefused::Proof`].
    pub fn verify(&self, required: WorkRequired) -> Result<BlockHash, AnchorRefused> {
        let commitment = Anchor::commitment(required.chain_id, self.first, self.last, self.root);
        Ok(self.proof.verify(commitment, required)?)
    }
}

/// How far blocks are anchored and final: which range may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// The height of the last anchored block; 0 is the genesis, which needs no anchor.
    pub anchored: u64,
    /// The height of the last finalised block.
    pub finalised: u64,
}

impl Anchored {
    /// Judges the range of an anchor; that its parent is new and its root the right one, the store knows.
    ///
    /// # Errors
    ///
    /// [`AnchorRefused::Empty`], [`Overlap`](AnchorRefused::Overlap), [`Hole`](AnchorRefused::Hole) or
    /// [`Unfinalised`](AnchorRefused::Unfinalised).
    pub fn admits(&self, first: u64, last: u64) -> Result<(), AnchorRefused> {
        if last < first {
            return Err(AnchorRefused::Empty { first, last });
        }
        let expected = self.anchored + 1;
        if first < expected {
            return Err(AnchorRefused::Overlap { first, expected });
        }
        if first > expected {
            return Err(AnchorRefused::Hole { first, expected });
        }
        if last > self.finalised {
            return Err(AnchorRefused::Unfinalised { last, finalised: self.finalised });
        }
        Ok(())
    }
}
