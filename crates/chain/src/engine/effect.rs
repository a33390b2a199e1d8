//! What an engine asks to be done, and what it answers.

use std::error::Error;
use std::sync::Arc;

use alys_wire::containers::{Approval, CertifiedBlock, Hash256, SignedBlock};

use crate::approvals::ApprovalRefusal;
use crate::candidate::BlockRefusal;
use crate::finality::{CheckpointDue, FinalityViolation};
use crate::pool::Evicted;
use crate::tree::BlockRef;

/// One thing to be done, or one answer. Whoever carries effects out keeps their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect<E: Error> {
    /// A proposal is refused, and has left no trace.
    BlockRefused {
        /// The block.
        root: Hash256,
        /// Why.
        refusal: BlockRefusal<E>,
    },
    /// A proposal is in the pool or the tree already.
    BlockKnown {
        /// The block.
        root: Hash256,
    },
    /// A proposal is neither valid nor refused yet.
    BlockWaits {
        /// The block.
        root: Hash256,
        /// For what.
        until: Until,
    },
    /// A proposal is valid.
    BlockIsCandidate {
        /// The block.
        root: Hash256,
    },
    /// An approval is refused, and has left no trace.
    ApprovalRefused {
        /// The block that is said to be approved.
        block_root: Hash256,
        /// Why.
        refusal: ApprovalRefusal,
    },
    /// An approval adds nothing: it is there already, or its block needs none any more.
    ApprovalKnown {
        /// The block.
        block_root: Hash256,
    },
    /// An approval is kept, whether its block is there or not.
    ApprovalKept {
        /// The block.
        block_root: Hash256,
    },
    /// The pool has pushed something out.
    Evicted(Evicted),
    /// Make durable that this slot is voted in. No vote leaves before that is done.
    PersistVote {
        /// The slot.
        slot: u64,
    },
    /// Send our approval to everybody.
    SendApproval(Approval),
    /// Make durable that this slot is proposed in. No proposal leaves before that is done.
    PersistProposal {
        /// The slot.
        slot: u64,
    },
    /// Send our proposal to everybody.
    SendBlock(SignedBlock),
    /// Make all of this durable, at once or not at all.
    Commit(Box<Commit>),
    /// Make known that the tip is another one.
    HeadChanged(HeadChange),
    /// Make known that this block and its ancestors are final.
    Finalised(BlockRef),
    /// Make known that two final blocks conflict. The node votes and proposes no more.
    Violated(Box<FinalityViolation>),
    /// A block is not imported, and has left no trace.
    ImportRefused {
        /// The block.
        root: Hash256,
        /// Why.
        refusal: ImportRefusal<E>,
    },
    /// No block is proposed.
    ProposeRefused(ProposeRefusal<E>),
    /// Nothing is rolled back.
    RollbackRefused(RollbackRefusal),
    /// Nothing is pruned.
    PruneRefused(PruneRefusal),
}

/// What a proposal waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// This block must enter the tree.
    Parent(Hash256),
    /// The clock must show this slot.
    Slot(u64),
}

/// What changes of the durable chain in one step.
///
/// Exactly one of `entered`, `removed` and `base` says what happened; the others are empty then, and the rest are its
/// consequences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// A block has entered the tree.
    pub entered: Option<Entered>,
    /// These blocks have left the tree.
    pub removed: Vec<Hash256>,
    /// The tree was pruned up to this block, which is its base from now on.
    pub base: Option<BlockRef>,
    /// The tip is another one.
    pub head: Option<HeadChange>,
    /// This block and its ancestors are final.
    pub finalised: Option<BlockRef>,
    /// The checkpoints that are due, from the lowest up (CH-6).
    pub checkpoints: Vec<CheckpointDue>,
    /// Two final blocks conflict: from now on nothing but the tree changes.
    pub violation: Option<Box<FinalityViolation>>,
}

/// A block that has entered the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Its root.
    pub root: Hash256,
    /// The block with its certificate.
    pub block: Arc<CertifiedBlock>,
}

/// A change of the tip: a reorg, if something is disconnected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadChange {
    /// The new tip.
    pub head: BlockRef,
    /// What is not canonical any more, from the old tip down.
    pub disconnected: Vec<Hash256>,
    /// What is canonical from now on, up to the new tip.
    pub connected: Vec<Hash256>,
}

/// Why a block is not imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportRefusal<E: Error> {
    /// The certificate is another block's, or another slot's.
    #[error("the certificate is of block {certified} in slot {slot}, not of this one")]
    ForeignCertificate {
        /// The block that is certified.
        certified: Hash256,
        /// The slot that is certified.
        slot: u64,
    },
    /// The certificate has too few signers.
    #[error("{signers} of {n} authorities have signed the certificate, which are no quorum")]
    NoQuorum {
        /// How many have signed.
        signers: usize,
        /// How many there are.
        n: usize,
    },
    /// The certificate does not count.
    #[error("the certificate does not count: {0}")]
    Certificate(ApprovalRefusal),
    /// The block is not valid.
    #[error("the block is not valid: {0}")]
    Block(BlockRefusal<E>),
    /// The block must wait: it is imported in the order of the chain, or as a proposal.
    #[error("the block must wait for {0:?}")]
    Waits(Until),
}

/// Why no block is proposed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProposeRefusal<E: Error> {
    /// The node is no authority.
    #[error("this node is no authority")]
    NotAnAuthority,
    /// Two final blocks conflict.
    #[error("two final blocks conflict: nothing is proposed any more")]
    Violated,
    /// The clock shows no slot in which we propose.
    #[error("the clock shows {}, in which this node does not propose", shown(*.slot))]
    NotOurSlot {
        /// What the clock shows; `None` before genesis.
        slot: Option<u64>,
    },
    /// This slot or a later one is proposed in.
    #[error("slot {slot} is not after slot {last}, the last one proposed in")]
    AlreadyProposed {
        /// What the clock shows.
        slot: u64,
        /// The last slot that was proposed in.
        last: u64,
    },
    /// The tip is of this slot or a later one.
    #[error("slot {slot} is not after slot {tip}, which is the tip's")]
    NotAfterTip {
        /// What the clock shows.
        slot: u64,
        /// The tip's.
        tip: u64,
    },
    /// The body cannot be executed on the tip.
    #[error("the body cannot be executed: {0}")]
    Transition(E),
}

fn shown(slot: Option<u64>) -> String {
    slot.map_or("a time before genesis".to_owned(), |slot| format!("slot {slot}"))
}

/// Why nothing is rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RollbackRefusal {
    /// There is no such block in the tree.
    #[error("block {to} is not in the tree")]
    Unknown {
        /// The block.
        to: Hash256,
    },
    /// The rollback would cross the finalised block (CH-5).
    #[error("block {to} does not descend from the finalised block at height {finalised}")]
    CrossesFinality {
        /// The block.
        to: Hash256,
        /// The height of the finalised block.
        finalised: u64,
    },
    /// Two final blocks conflict, and neither chain is dropped.
    #[error("two final blocks conflict: nothing is rolled back any more")]
    Violated,
}

/// Why nothing is pruned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PruneRefusal {
    /// The height is no checkpoint's.
    #[error("height {height} is no checkpoint, allowed are multiples of {interval} over 0")]
    NotACheckpoint {
        /// The height.
        height: u64,
        /// Every how many blocks there is a checkpoint.
        interval: u64,
    },
    /// The height is not final yet.
    #[error("height {height} is not final, allowed is up to {finalised}")]
    NotFinal {
        /// The height.
        height: u64,
        /// The height of the finalised block.
        finalised: u64,
    },
    /// The tree begins there, or above.
    #[error("the tree begins at height {base}, height {height} is not above")]
    AlreadyPruned {
        /// The height.
        height: u64,
        /// The height of the base.
        base: u64,
    },
    /// Two final blocks conflict, and neither chain is dropped.
    #[error("two final blocks conflict: nothing is pruned any more")]
    Violated,
}
