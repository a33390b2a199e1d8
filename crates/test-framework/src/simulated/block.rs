//! A block of a simulated chain, and what is counted of the chain.

use std::sync::Arc;

use alys_wire::containers::{CertifiedBlock, Hash256};

/// Which chain a block is on, once the fork is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// The one that stays.
    Canonical,
    /// A fork that is left again.
    Fork(Fork),
}

/// A fork: a branch of certified blocks that the canonical chain outgrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Its number, from 1.
    pub number: u64,
    /// The height of the last block that it has in common with the canonical chain.
    pub from: u64,
    /// How many blocks it has: 1 or 2. With 2 it is the longer one for a while, and every node reorganises twice.
    pub depth: u64,
}

/// A checkpoint that becomes due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckpointData {
    /// Its height.
    pub height: u64,
    /// The root of the canonical block there.
    pub block_root: Hash256,
    /// The root of the state behind that block.
    pub state_root: Hash256,
}

/// A block, with what follows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedBlock {
    /// The block with its certificate, as it is sent.
    pub block: Arc<CertifiedBlock>,
    /// Its root.
    pub root: Hash256,
    /// Which chain it is on.
    pub branch: Branch,
    /// The height that it makes final, with everything below.
    pub finalises: Option<u64>,
    /// The checkpoints that become due with that, from the lowest up.
    pub checkpoints: Vec<CheckpointData>,
}

impl SimulatedBlock {
    /// Its height.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.block.signed_block.block.header.height
    }

    /// Its slot.
    #[must_use]
    pub fn slot(&self) -> u64 {
        self.block.signed_block.block.header.slot
    }
}

/// What was made of a chain so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChainStats {
    /// Blocks of the canonical chain, without its genesis.
    pub blocks: u64,
    /// Blocks of forks.
    pub fork_blocks: u64,
    /// Forks.
    pub forks: u64,
    /// Slots without a block.
    pub empty_slots: u64,
    /// Transfers.
    pub transfers: u64,
    /// Signatures of proposals and approvals.
    pub signatures: u64,
    /// The height up to which the chain is final.
    pub finalised: u64,
    /// Checkpoints that became due.
    pub checkpoints: u64,
}
