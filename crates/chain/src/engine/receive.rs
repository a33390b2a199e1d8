//! Proposals and approvals coming in.

use std::sync::Arc;

use alys_wire::containers::{AggregateApproval, Approval, SignedBlock};

use super::{Effect, Effects, Engine, Until};
use crate::approvals::{self, ApprovalRefusal};
use crate::candidate::{self, BlockRefusal};
use crate::scheme::SignatureScheme;
use crate::transition::StateTransition;

impl<S: SignatureScheme, T: StateTransition> Engine<S, T> {
    /// Takes in a proposal that its proposer has signed; whether it is valid is seen when it is settled.
    pub(super) fn block(&mut self, proposal: SignedBlock, now: u64, effects: &mut Effects<T>) {
        let root = proposal.block.root();
        if self.tree.contains(&root) || self.pool.block(&root).is_some() {
            effects.push(Effect::BlockKnown { root });
            return;
        }
        if let Err(refusal) = self.check_proposal(&proposal) {
            effects.push(Effect::BlockRefused { root, refusal });
            return;
        }
        if let Some(until) = self.waits(&proposal, now) {
            effects.push(Effect::BlockWaits { root, until });
        }
        let evicted = self.pool.add_block(root, Arc::new(proposal));
        effects.extend(evicted.into_iter().map(Effect::Evicted));
    }

    /// Holds a proposal to what can be said without its parent: its header, and its proposer's signature. Whoever spends something
    /// on a proposal before [`handle`](Self::handle) takes it in asks this first.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, in the order of [`BlockRefusal`].
    pub fn check_proposal(&self, proposal: &SignedBlock) -> Result<(), BlockRefusal<T::Error>> {
        candidate::check_header(&self.authorities, &self.config.clock, proposal)?;
        candidate::check_signature(&self.scheme, &self.authorities, self.config.chain_id, proposal)
    }

    /// What a proposal has to wait for.
    pub(super) fn waits(&self, proposal: &SignedBlock, now: u64) -> Option<Until> {
        let header = &proposal.block.header;
        if !self.tree.contains(&header.parent_root) {
            Some(Until::Parent(header.parent_root))
        } else if self.slot_at(now) < Some(header.slot) {
            Some(Until::Slot(header.slot))
        } else {
            None
        }
    }

    /// Takes in one authority's approval.
    pub(super) fn approval(&mut self, approval: &Approval, effects: &mut Effects<T>) {
        match approvals::alone(approval, self.authorities.len()) {
            Ok(aggregate) => self.aggregate(aggregate, effects),
            Err(refusal) => {
                effects.push(Effect::ApprovalRefused { block_root: approval.block_root, refusal });
            }
        }
    }

    /// Takes in an approval, and the block that it was the last one for into the tree.
    pub(super) fn aggregate(&mut self, approval: AggregateApproval, effects: &mut Effects<T>) {
        let block_root = approval.block_root;
        if self.adds_nothing(&approval) {
            effects.push(Effect::ApprovalKnown { block_root });
            return;
        }
        let verified = approvals::verify(&self.scheme, &self.authorities, self.config.chain_id, &approval);
        if let Err(refusal) = verified.and_then(|()| self.of_its_block(&approval)) {
            effects.push(Effect::ApprovalRefused { block_root, refusal });
            return;
        }
        effects.push(Effect::ApprovalKept { block_root });
        let is_quorum = self.is_quorum(&approval);
        let evicted = self.pool.add_approval(approval, is_quorum);
        effects.extend(evicted.into_iter().map(Effect::Evicted));
        self.notarise(block_root, effects);
    }

    /// Whether an approval is of a block of the tree, or there already; one certificate of a block is enough.
    fn adds_nothing(&self, approval: &AggregateApproval) -> bool {
        let is_quorum = self.is_quorum(approval);
        self.tree.contains(&approval.block_root)
            || self.pool.approvals(&approval.block_root).any(|other| {
                let alike = other == approval;
                alike || (is_quorum && other.slot == approval.slot && self.is_quorum(other))
            })
    }

    fn is_quorum(&self, approval: &AggregateApproval) -> bool {
        self.authorities.is_quorum(approval.bits.num_set_bits())
    }

    /// Holds an approval to the slot of its block, if that is there.
    fn of_its_block(&self, approval: &AggregateApproval) -> Result<(), ApprovalRefusal> {
        match self.pool.block(&approval.block_root).map(|proposal| proposal.block.header.slot) {
            Some(slot) if slot != approval.slot => {
                Err(ApprovalRefusal::SlotMismatch { approved: approval.slot, slot })
            }
            _ => Ok(()),
        }
    }
}
