//! What a real node does, in the words of the model.

use alys_models::chain::{
    ChainOutcome as O, Committed, Moved, NotImported, NotProposed, NotPruned, NotRolledBack, PoolBound,
    PoolItem, PoolOwner, Refused, Unapproved,
};

use super::alys::approvals::{ApprovalRefusal, signers};
use super::alys::candidate::BlockRefusal;
use super::alys::engine::{
    Commit, Effect, HeadChange, ImportRefusal, ProposeRefusal, PruneRefusal, RollbackRefusal, Until,
};
use super::alys::finality::FinalityViolation;
use super::alys::pool::{Bound, Evicted, EvictedItem, Owner};
use super::alys::transition::TransferError;
use crate::planned::id;

/// An effect in the words of the model.
#[must_use]
pub fn outcome(effect: &Effect<TransferError>) -> O {
    match effect {
        Effect::BlockRefused { root, refusal } => O::Refused(id(*root), refused(refusal)),
        Effect::BlockKnown { root } => O::Known(id(*root)),
        Effect::BlockWaits { root, until: Until::Parent(_) } => O::WaitsForParent(id(*root)),
        Effect::BlockWaits { root, until: Until::Slot(_) } => O::WaitsForSlot(id(*root)),
        Effect::BlockIsCandidate { root } => O::Candidate(id(*root)),
        Effect::ApprovalRefused { block_root, refusal } => {
            O::Unapproved(id(*block_root), unapproved(refusal))
        }
        Effect::ApprovalKnown { block_root } => O::ApprovalKnown(id(*block_root)),
        Effect::ApprovalKept { block_root } => O::ApprovalKept(id(*block_root)),
        Effect::Evicted(Evicted { what, bound }) => O::Evicted(item(what), pool_bound(bound)),
        Effect::PersistVote { slot } => O::PersistVote(*slot),
        Effect::SendApproval(approval) => O::SendApproval(id(approval.block_root), approval.slot),
        Effect::PersistProposal { slot } => O::PersistProposal(*slot),
        Effect::SendBlock(proposal) => O::SendBlock(id(proposal.block.root())),
        Effect::Commit(commit) => O::Commit(committed(commit)),
        Effect::HeadChanged(change) => O::HeadChanged(moved(change)),
        Effect::Finalised(block) => O::Finalised(id(block.root)),
        Effect::Violated(violation) => {
            let (one, other) = conflict(violation);
            O::Violated(one, other)
        }
        Effect::ImportRefused { root, refusal } => O::NotImported(id(*root), not_imported(refusal)),
        Effect::ProposeRefused(refusal) => O::NotProposed(not_proposed(refusal)),
        Effect::RollbackRefused(refusal) => O::NotRolledBack(match refusal {
            RollbackRefusal::Unknown { .. } => NotRolledBack::Unknown,
            RollbackRefusal::CrossesFinality { .. } => NotRolledBack::Final,
            _ => NotRolledBack::Violated,
        }),
        Effect::PruneRefused(refusal) => O::NotPruned(match refusal {
            PruneRefusal::NotACheckpoint { .. } => NotPruned::NoCheckpoint,
            PruneRefusal::NotFinal { .. } => NotPruned::NotFinal,
            PruneRefusal::AlreadyPruned { .. } => NotPruned::Already,
            _ => NotPruned::Violated,
        }),
    }
}

/// The names of the blocks that conflict.
#[must_use]
pub fn conflict(violation: &FinalityViolation) -> (alys_models::chain::BlockId, alys_models::chain::BlockId) {
    let root = |block: &alys_wire::containers::CertifiedBlock| id(block.signed_block.block.root());
    (root(&violation.finalised), root(&violation.conflicting))
}

fn committed(commit: &Commit) -> Committed {
    Committed {
        entered: commit.entered.as_ref().map(|entered| id(entered.root)),
        removed: commit.removed.iter().map(|root| id(*root)).collect(),
        base: commit.base.map(|base| id(base.root)),
        head: commit.head.as_ref().map(moved),
        finalised: commit.finalised.map(|block| id(block.root)),
        checkpoints: commit.checkpoints.iter().map(|due| (due.height, id(due.block_root))).collect(),
        violation: commit.violation.as_deref().map(conflict),
    }
}

fn moved(change: &HeadChange) -> Moved {
    let ids = |roots: &[alys_wire::containers::Hash256]| roots.iter().map(|root| id(*root)).collect();
    Moved {
        head: id(change.head.root),
        disconnected: ids(&change.disconnected),
        connected: ids(&change.connected),
    }
}

fn refused(refusal: &BlockRefusal<TransferError>) -> Refused {
    match refusal {
        BlockRefusal::SlotMismatch { computed, .. } => Refused::Slot(*computed),
        BlockRefusal::WrongProposer { scheduled, .. } => Refused::Proposer(*scheduled),
        BlockRefusal::BodyRootMismatch { .. } => Refused::Body,
        BlockRefusal::BadProposerSignature { .. } => Refused::Signature,
        BlockRefusal::WrongHeight { parent, .. } => Refused::Height(*parent),
        BlockRefusal::SlotNotAfterParent { parent, .. } => Refused::Order(*parent),
        BlockRefusal::Transition(error) => payment(error),
        _ => Refused::State,
    }
}

fn payment(error: &TransferError) -> Refused {
    match error {
        TransferError::Malformed { index, .. } => Refused::Junk(*index),
        TransferError::Insufficient { index, balance, .. } => Refused::Poor(*index, *balance),
        #[allow(unreachable_patterns, reason = "the twin of this source sees the enumeration whole")]
        _ => Refused::State,
    }
}

fn unapproved(refusal: &ApprovalRefusal) -> Unapproved {
    match refusal {
        ApprovalRefusal::UnknownSigner { index, .. } => Unapproved::Unknown(*index),
        ApprovalRefusal::WrongLength { len, .. } => Unapproved::Bits(*len as u64),
        ApprovalRefusal::NoSigner => Unapproved::Nobody,
        ApprovalRefusal::SlotMismatch { slot, .. } => Unapproved::Slot(*slot),
        _ => Unapproved::Signature,
    }
}

fn not_imported(refusal: &ImportRefusal<TransferError>) -> NotImported {
    match refusal {
        ImportRefusal::ForeignCertificate { .. } => NotImported::Foreign,
        ImportRefusal::NoQuorum { signers, .. } => NotImported::NoQuorum(*signers as u64),
        ImportRefusal::Certificate(refusal) => NotImported::Certificate(unapproved(refusal)),
        ImportRefusal::Block(refusal) => NotImported::Block(refused(refusal)),
        ImportRefusal::Waits(Until::Parent(_)) => NotImported::Parent,
        #[allow(unreachable_patterns, reason = "the twin of this source sees the enumeration whole")]
        _ => NotImported::Slot,
    }
}

fn not_proposed(refusal: &ProposeRefusal<TransferError>) -> NotProposed {
    match refusal {
        ProposeRefusal::NotAnAuthority => NotProposed::Nobody,
        ProposeRefusal::NotOurSlot { slot } => NotProposed::Slot(*slot),
        ProposeRefusal::AlreadyProposed { last, .. } => NotProposed::Already(*last),
        ProposeRefusal::NotAfterTip { tip, .. } => NotProposed::Tip(*tip),
        ProposeRefusal::Transition(error) => NotProposed::Body(payment(error)),
        _ => NotProposed::Violated,
    }
}

fn item(what: &EvictedItem) -> PoolItem {
    match what {
        EvictedItem::Block { root, .. } => PoolItem::Block(id(*root)),
        EvictedItem::Approval { block_root, slot, bits } => {
            PoolItem::Approval(id(*block_root), *slot, signers(bits).collect())
        }
    }
}

fn pool_bound(bound: &Bound) -> PoolBound {
    match bound {
        Bound::Owner(of) => PoolBound::Owner(owner(*of)),
        Bound::Total(of) => PoolBound::Total(owner(*of)),
        Bound::OfBlock => PoolBound::OfBlock,
    }
}

fn owner(owner: Owner) -> PoolOwner {
    match owner {
        Owner::Proposer(who) => PoolOwner::Proposer(who),
        Owner::Signer(who) => PoolOwner::Signer(who),
        Owner::Aggregates => PoolOwner::Aggregates,
        Owner::Certificates => PoolOwner::Certificates,
    }
}
