//! The proof that a parent header commits to something of ours.

use bitcoin::{
    BlockHash, Transaction,
    block::Header,
    hashes::{Hash as _, sha256d},
};
use thiserror::Error;

use super::{BRANCH_LEN_MAX, Bits, MergedMining, MergedMiningError, slot_expected};

/// A Merkle branch: the hashes beside the way from a leaf to the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    /// The hashes, the one beside the leaf first.
    pub hashes: Vec<[u8; 32]>,
    /// The place of the leaf: bit by bit, whether the way comes from the right.
    pub index: u32,
}

impl Branch {
    /// The root that this branch leads to from a leaf.
    #[must_use]
    pub fn root(&self, leaf: [u8; 32]) -> [u8; 32] {
        let step = |(below, bit): ([u8; 32], u32), beside: &[u8; 32]| {
            let pair = if bit & 1 == 1 { [*beside, below] } else { [below, *beside] };
            (sha256d::Hash::hash(pair.as_flattened()).to_byte_array(), bit >> 1)
        };
        self.hashes.iter().fold((leaf, self.index), step).0
    }
}

/// Which of the two branches of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchKind {
    /// From the coinbase to the Merkle root of the parent header.
    Coinbase,
    /// From our commitment to the root in the coinbase.
    Chain,
}

impl std::fmt::Display for BranchKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            BranchKind::Coinbase => "coinbase",
            BranchKind::Chain => "chain",
        })
    }
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AuxPowRefused {
    /// The transaction that commits to us is not the first of the parent block.
    #[error("the coinbase has index {index} in the parent block: 0 is allowed")]
    CoinbaseIndex {
        /// Its index.
        index: u32,
    },
    /// The parent header is one of our own chain, which would vouch for itself.
    #[error("the parent header has our own chain id {chain_id}")]
    OwnChainId {
        /// The chain id.
        chain_id: u16,
    },
    /// A branch is longer than any tree of merged mining.
    #[error("the {kind} branch has {len} hashes: {BRANCH_LEN_MAX} are allowed")]
    BranchTooLong {
        /// Which branch.
        kind: BranchKind,
        /// How many hashes it has.
        len: usize,
    },
    /// A branch does not lead to its root.
    #[error("the {kind} branch is broken: it does not lead to the root that is committed to")]
    BrokenBranch {
        /// Which branch.
        kind: BranchKind,
    },
    /// The coinbase commits to nothing.
    #[error(transparent)]
    Coinbase(#[from] MergedMiningError),
    /// The coinbase names another size of the tree than the branch has.
    #[error("the coinbase commits to a tree of {size} places: the branch has {places}")]
    TreeSize {
        /// The size that the coinbase names.
        size: u32,
        /// The places of a tree with this branch.
        places: u32,
    },
    /// Our commitment is not at the place of our chain.
    #[error("the commitment is at place {index} of the tree: nonce and chain id give {expected}")]
    SlotIndex {
        /// Where it is.
        index: u32,
        /// Where it belongs.
        expected: u32,
    },
    /// The parent header has too little work for us.
    #[error("the hash {hash} of the parent header does not meet our bits {bits:#010x}")]
    MissesTarget {
        /// The hash.
        hash: BlockHash,
        /// What we ask for.
        bits: u32,
    },
}

/// What our chain asks of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkRequired {
    /// The id of our chain among those that are mined together.
    pub chain_id: u16,
    /// The target that the parent header must meet, whatever its own is.
    pub bits: Bits,
}

/// A proof of work by merged mining: parent header, coinbase, commitment.
///
/// The layout and the rules are those of Namecoin's merged mining. [`AuxPow::verify`] says which of them are kept, and
/// [`AuxPow::decode`](AuxPow::decode) reads what miners send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuxPow {
    /// The header of the parent chain, whose hash has the work.
    pub parent: Header,
    /// The first transaction of the parent block, with the commitment in its script.
    pub coinbase: Transaction,
    /// From the coinbase to the Merkle root of the parent header.
    pub coinbase_branch: Branch,
    /// From our commitment to the root in the coinbase.
    pub chain_branch: Branch,
}

impl AuxPow {
    /// Holds the proof to the rules, and returns the hash of the parent header.
    ///
    /// # Errors
    ///
    /// [`AuxPowRefused`] with the first rule that is broken: what costs no hash is looked at first.
    pub fn verify(&self, commitment: [u8; 32], required: WorkRequired) -> Result<BlockHash, AuxPowRefused> {
        self.shaped(required.chain_id)?;
        let merged = self.committed(commitment)?;
        self.placed(&merged, required.chain_id)?;
        let hash = self.parent.block_hash();
        if !required.bits.is_met_by(hash) {
            return Err(AuxPowRefused::MissesTarget { hash, bits: required.bits.compact() });
        }
        Ok(hash)
    }

    /// What is seen without hashing.
    fn shaped(&self, chain_id: u16) -> Result<(), AuxPowRefused> {
        if self.coinbase_branch.index != 0 {
            return Err(AuxPowRefused::CoinbaseIndex { index: self.coinbase_branch.index });
        }
        // Merged mining keeps the chain id in the upper half of the version.
        if self.parent.version.to_consensus().cast_unsigned() >> 16 == u32::from(chain_id) {
            return Err(AuxPowRefused::OwnChainId { chain_id });
        }
        for (kind, branch) in
            [(BranchKind::Coinbase, &self.coinbase_branch), (BranchKind::Chain, &self.chain_branch)]
        {
            let len = branch.hashes.len();
            if len > BRANCH_LEN_MAX {
                return Err(AuxPowRefused::BranchTooLong { kind, len });
            }
        }
        Ok(())
    }

    /// From the commitment to the coinbase, and from there to the header.
    fn committed(&self, commitment: [u8; 32]) -> Result<MergedMining, AuxPowRefused> {
        let coinbase = self.coinbase.compute_txid().to_byte_array();
        if self.coinbase_branch.root(coinbase) != self.parent.merkle_root.to_byte_array() {
            return Err(AuxPowRefused::BrokenBranch { kind: BranchKind::Coinbase });
        }
        let merged = MergedMining::of(&self.coinbase)?;
        if self.chain_branch.root(commitment) != merged.root {
            return Err(AuxPowRefused::BrokenBranch { kind: BranchKind::Chain });
        }
        Ok(merged)
    }

    /// Whether the commitment is where that of our chain belongs, and nowhere else.
    fn placed(&self, merged: &MergedMining, chain_id: u16) -> Result<(), AuxPowRefused> {
        let height = self.chain_branch.hashes.len() as u32;
        let places = 1 << height;
        if merged.size != places {
            return Err(AuxPowRefused::TreeSize { size: merged.size, places });
        }
        let (index, expected) = (self.chain_branch.index, slot_expected(merged.nonce, chain_id, height));
        if index != expected {
            return Err(AuxPowRefused::SlotIndex { index, expected });
        }
        Ok(())
    }
}
