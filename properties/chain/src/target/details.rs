//! What effects say beyond the words of the model: slots, heights and roots of the blocks that they are about.

use alys_engines::violation::check_eq;
use alys_wire::containers::{BlockHeader, Hash256};

use super::alys::approvals::ApprovalRefusal;
use super::alys::candidate::BlockRefusal;
use super::alys::engine::{
    Commit, Effect, ImportRefusal, ProposeRefusal, PruneRefusal, RollbackRefusal, Until,
};
use super::alys::pool::EvictedItem;
use super::alys::transition::TransferError;
use super::alys::tree::BlockRef;
use crate::planned::id;
use crate::reference::{State, Step};

/// Holds an effect to the blocks of the case and to the step that it came of.
///
/// # Panics
///
/// Raises a violation at the first difference.
pub fn check(state: &State, step: &Step, effect: &Effect<TransferError>) {
    match effect {
        Effect::BlockRefused { root, refusal } => refused(header(state, *root), refusal),
        Effect::ImportRefused { root, refusal } => imported(state, step, *root, refusal),
        Effect::BlockWaits { root, until } => {
            let BlockHeader { parent_root, slot, .. } = *header(state, *root);
            let expected = match until {
                Until::Parent(_) => Until::Parent(parent_root),
                Until::Slot(_) => Until::Slot(slot),
            };
            check_eq("CH-1", "what a block waits for", &expected, until);
        }
        Effect::Evicted(evicted) => {
            if let EvictedItem::Block { root, slot, proposer } = evicted.what {
                let header = header(state, root);
                check_eq("CH-1", "what is evicted", &(header.slot, header.proposer_index), &(slot, proposer));
            }
        }
        Effect::ApprovalRefused { block_root, refusal: ApprovalRefusal::SlotMismatch { approved, slot } } => {
            check_eq("CH-2", "the slot of the block", &header(state, *block_root).slot, slot);
            // Approvals that came before their block are refused in a step that is about another one.
            if let Step::Approve { block, after, .. } | Step::Aggregate { block, after, .. } = inner(step)
                && state.id(*block) == id(*block_root)
            {
                check_eq("CH-2", "the slot that is approved", &(slot + after), approved);
            }
        }
        Effect::Commit(commit) => commits(state, commit),
        Effect::HeadChanged(change) => height(state, &change.head),
        Effect::Finalised(block) => height(state, block),
        Effect::ProposeRefused(refusal) => proposed(state, refusal),
        Effect::RollbackRefused(refusal) => rolled_back(state, step, refusal),
        Effect::PruneRefused(refusal) => pruned(state, step, refusal),
        _ => {}
    }
}

fn header(state: &State, root: Hash256) -> &BlockHeader {
    let found = state.blocks.iter().find(|block| block.model.id == id(root));
    &found.expect("a case knows its blocks").block.header
}

fn height(state: &State, block: &BlockRef) {
    check_eq("CH-3", "the height of a block", &header(state, block.root).height, &block.height);
}

fn commits(state: &State, commit: &Commit) {
    let head = commit.head.as_ref().map(|change| &change.head);
    let named = head.into_iter().chain(&commit.finalised).chain(&commit.base);
    named.for_each(|block| height(state, block));
    for due in &commit.checkpoints {
        check_eq("CH-6", "the height of a checkpoint", &header(state, due.block_root).height, &due.height);
    }
}

fn refused(header: &BlockHeader, refusal: &BlockRefusal<TransferError>) {
    type R = BlockRefusal<TransferError>;
    let BlockHeader { height, slot, timestamp, proposer_index: proposer, state_root, body_root, .. } =
        *header;
    let expected = match refusal.clone() {
        R::SlotMismatch { computed, .. } => R::SlotMismatch { slot, timestamp, computed },
        R::WrongProposer { scheduled, .. } => R::WrongProposer { slot, proposer, scheduled },
        R::BodyRootMismatch { computed, .. } => {
            check_eq("CH-1", "whether the body is another one", &true, &(computed != body_root));
            R::BodyRootMismatch { stated: body_root, computed }
        }
        R::BadProposerSignature { .. } => R::BadProposerSignature { proposer },
        R::WrongHeight { parent, .. } => R::WrongHeight { height, parent },
        R::SlotNotAfterParent { parent, .. } => R::SlotNotAfterParent { slot, parent },
        R::StateRootMismatch { .. } => {
            // A wrong state root is the right one with one bit flipped.
            let mut computed = state_root;
            computed[31] ^= 1;
            R::StateRootMismatch { stated: state_root, computed }
        }
        other => other,
    };
    check_eq("CH-1", "what a refusal says", &expected, refusal);
}

fn imported(state: &State, step: &Step, root: Hash256, refusal: &ImportRefusal<TransferError>) {
    let Step::Import { certified, after, .. } = *inner(step) else { return };
    let (n, header) = (state.model.setting().authorities as usize, header(state, root));
    let certified = &state.blocks[certified].model;
    let expected = match refusal.clone() {
        ImportRefusal::ForeignCertificate { .. } => {
            let (root, slot) = (certified.id.0.into(), certified.slot + after);
            ImportRefusal::ForeignCertificate { certified: root, slot }
        }
        ImportRefusal::NoQuorum { signers, .. } => ImportRefusal::NoQuorum { signers, n },
        ImportRefusal::Waits(Until::Parent(_)) => ImportRefusal::Waits(Until::Parent(header.parent_root)),
        ImportRefusal::Waits(Until::Slot(_)) => ImportRefusal::Waits(Until::Slot(header.slot)),
        ImportRefusal::Block(refusal) => {
            refused(header, &refusal);
            ImportRefusal::Block(refusal)
        }
        other => other,
    };
    check_eq("CH-2", "what a refusal says", &expected, refusal);
}

fn proposed(state: &State, refusal: &ProposeRefusal<TransferError>) {
    let now = state.model.slot_at(state.time);
    if let ProposeRefusal::AlreadyProposed { slot, .. } | ProposeRefusal::NotAfterTip { slot, .. } = refusal {
        check_eq("CH-1", "the slot that the clock shows", &now, &Some(*slot));
    }
}

/// The step itself, where the node crashes after it.
#[must_use]
pub fn inner(step: &Step) -> &Step {
    if let Step::Crash { step, .. } = step { step } else { step }
}

fn rolled_back(state: &State, step: &Step, refusal: &RollbackRefusal) {
    let Step::Rollback(block) = inner(step) else { return };
    let now = state.model.now();
    let (to, finalised) = (state.id(*block).0.into(), now.tree.height(now.finalised));
    let expected = match refusal {
        RollbackRefusal::Unknown { .. } => RollbackRefusal::Unknown { to },
        RollbackRefusal::CrossesFinality { .. } => RollbackRefusal::CrossesFinality { to, finalised },
        other => *other,
    };
    check_eq("CH-5", "what a refusal says", &expected, refusal);
}

fn pruned(state: &State, step: &Step, refusal: &PruneRefusal) {
    let Step::Prune(height) = *inner(step) else { return };
    let (now, interval) = (state.model.now(), state.model.setting().interval);
    let (finalised, base) = (now.tree.height(now.finalised), now.tree.height(now.tree.base()));
    let expected = match refusal {
        PruneRefusal::NotACheckpoint { .. } => PruneRefusal::NotACheckpoint { height, interval },
        PruneRefusal::NotFinal { .. } => PruneRefusal::NotFinal { height, finalised },
        PruneRefusal::AlreadyPruned { .. } => PruneRefusal::AlreadyPruned { height, base },
        other => *other,
    };
    check_eq("CH-6", "what a refusal says", &expected, refusal);
}
