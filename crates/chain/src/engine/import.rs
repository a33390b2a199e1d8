//! Importing blocks with their certificates, past the pool.

use std::sync::Arc;

use alys_wire::containers::{CertifiedBlock, Hash256};

use super::judge::Judge;
use super::{Effect, Effects, Engine, ImportRefusal, Signatures, Until};
use crate::candidate;
use crate::scheme::SignatureScheme;
use crate::transition::StateTransition;

/// What is said about a block without its parent.
pub(super) type Judged<T> = Result<(), ImportRefusal<<T as StateTransition>::Error>>;

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
        let judged = match self.tree.contains(&root) {
            true => Ok(()),
            false => self.judging().block(root, &block, signatures),
        };
        self.import_judged(root, block, judged, now, effects);
    }

    /// The same when it is judged already, unless it is in the tree.
    pub(super) fn import_judged(
        &mut self,
        root: Hash256,
        block: Arc<CertifiedBlock>,
        judged: Judged<T>,
        now: u64,
        effects: &mut Effects<T>,
    ) {
        if self.tree.contains(&root) {
            effects.push(Effect::BlockKnown { root });
            return;
        }
        match judged.and_then(|()| self.state_after(&block, now)) {
            Err(refusal) => effects.push(Effect::ImportRefused { root, refusal }),
            Ok(state) => {
                self.pool.remove_block(&root);
                self.pool.remove_approvals(&root, |_| true);
                self.enter(root, block, state, effects);
            }
        }
    }

    /// Who judges blocks without the tree.
    pub(super) fn judging(&self) -> Judge<'_, S> {
        Judge { config: &self.config, scheme: &self.scheme, authorities: &self.authorities }
    }

    /// The state after a block whose parent is there.
    fn state_after(&self, block: &CertifiedBlock, now: u64) -> Result<T::State, ImportRefusal<T::Error>> {
        let proposal = &block.signed_block;
        let parent_root = proposal.block.header.parent_root;
        let parent = self.tree.get(&parent_root).ok_or(ImportRefusal::Waits(Until::Parent(parent_root)))?;
        if let Some(until) = self.waits(proposal, now) {
            return Err(ImportRefusal::Waits(until));
        }
        candidate::check_on_parent(&self.transition, &parent.header, &parent.state, proposal)
            .map_err(ImportRefusal::Block)
    }
}
