//! Importing blocks with their certificates, past the pool.

use std::sync::Arc;

use alys_wire::containers::{AggregateApproval, CertifiedBlock, Hash256};

use super::{Effect, Effects, Engine, ImportRefusal, Signatures, Until};
use crate::approvals::{self, ApprovalRefusal};
use crate::candidate;
use crate::scheme::SignatureScheme;
use crate::transition::StateTransition;

impl<S: SignatureScheme, T: StateTransition> Engine<S, T> {
    /// Lets a certified block enter the tree whose parent is there. What the pool has of it goes.
    pub(super) fn import(
        &mut self,
        block: Arc<CertifiedBlock>,
        signatures: Signatures,
        now: u64,
        effects: &mut Effects<T>,
    ) {
        let root = block.signed_block.block.root();
        if self.tree.contains(&root) {
            effects.push(Effect::BlockKnown { root });
            return;
        }
        match self.importable(root, &block, signatures, now) {
            Err(refusal) => effects.push(Effect::ImportRefused { root, refusal }),
            Ok(state) => {
                self.pool.remove_block(&root);
                self.pool.remove_approvals(&root, |_| true);
                self.enter(root, block, state, effects);
            }
        }
    }

    /// The state after a block, if it can be imported. What costs least is looked at first.
    fn importable(
        &self,
        root: Hash256,
        block: &CertifiedBlock,
        signatures: Signatures,
        now: u64,
    ) -> Result<T::State, ImportRefusal<T::Error>> {
        let CertifiedBlock { signed_block: proposal, certificate } = block;
        let AggregateApproval { block_root: certified, slot, bits, .. } = certificate;
        let (certified, slot, n) = (*certified, *slot, self.authorities.len());
        if (certified, slot) != (root, proposal.block.header.slot) {
            return Err(ImportRefusal::ForeignCertificate { certified, slot });
        }
        if bits.len() != n {
            return Err(ImportRefusal::Certificate(ApprovalRefusal::WrongLength { len: bits.len(), n }));
        }
        let signers = bits.num_set_bits();
        if !self.authorities.is_quorum(signers) {
            return Err(ImportRefusal::NoQuorum { signers, n });
        }
        let (chain_id, clock) = (self.config.chain_id, &self.config.clock);
        candidate::check_header(&self.authorities, clock, proposal).map_err(ImportRefusal::Block)?;
        if signatures == Signatures::Verified {
            candidate::check_signature(&self.scheme, &self.authorities, chain_id, proposal)
                .map_err(ImportRefusal::Block)?;
            approvals::verify(&self.scheme, &self.authorities, chain_id, certificate)
                .map_err(ImportRefusal::Certificate)?;
        }
        let parent_root = proposal.block.header.parent_root;
        let parent = self.tree.get(&parent_root).ok_or(ImportRefusal::Waits(Until::Parent(parent_root)))?;
        if let Some(until) = self.waits(proposal, now) {
            return Err(ImportRefusal::Waits(until));
        }
        candidate::check_on_parent(&self.transition, &parent.header, &parent.state, proposal)
            .map_err(ImportRefusal::Block)
    }
}
