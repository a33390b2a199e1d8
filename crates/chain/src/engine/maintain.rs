//! Rollback and pruning: how blocks leave the tree.

use alys_wire::containers::Hash256;

use super::settle::publish;
use super::{Commit, Effect, Effects, Engine, PruneRefusal, RollbackRefusal};
use crate::scheme::SignatureScheme;
use crate::transition::StateTransition;
use crate::tree::BlockRef;

impl<S: SignatureScheme, T: StateTransition> Engine<S, T> {
    /// Forgets everything above a block that is, or descends from, the finalised one.
    pub(super) fn rollback(&mut self, to: Hash256, effects: &mut Effects<T>) {
        if let Err(refusal) = self.may_roll_back(to) {
            effects.push(Effect::RollbackRefused(refusal));
            return;
        }
        let above = self.tree.above(to);
        let removed: Vec<Hash256> = above.into_iter().filter(|root| *root != to).collect();
        if removed.is_empty() {
            return;
        }
        let head = removed.contains(&self.head.root).then(|| self.best_without(&removed));
        // The way down to the new tip leads over blocks that are about to go.
        let head = head.map(|best| self.head_to(best));
        self.tree.remove(&removed);
        self.orphan();
        publish(Commit { removed, head, ..Commit::default() }, effects);
    }

    fn may_roll_back(&self, to: Hash256) -> Result<(), RollbackRefusal> {
        let BlockRef { root: finalised, height } = self.finalised;
        if self.violation.is_some() {
            Err(RollbackRefusal::Violated)
        } else if !self.tree.contains(&to) {
            Err(RollbackRefusal::Unknown { to })
        } else if !self.tree.descends(to, finalised) {
            Err(RollbackRefusal::CrossesFinality { to, finalised: height })
        } else {
            Ok(())
        }
    }

    /// The tip of the tree without these blocks.
    fn best_without(&self, removed: &[Hash256]) -> Hash256 {
        let kept = self.tree.above(self.finalised.root).into_iter().filter(|root| !removed.contains(root));
        kept.reduce(|best, one| if self.tree.better(one, best) { one } else { best })
            .unwrap_or(self.finalised.root)
    }

    /// Forgets what does not descend from a checkpoint.
    pub(super) fn prune(&mut self, height: u64, effects: &mut Effects<T>) {
        if let Err(refusal) = self.may_prune(height) {
            effects.push(Effect::PruneRefused(refusal));
            return;
        }
        let canonical = self.tree.chain(self.finalised.root).find(|(_, node)| node.header.height == height);
        let Some((base, _)) = canonical else { return };
        let base = BlockRef { root: base, height };
        let removed = self.tree.prune(base.root);
        self.orphan();
        publish(Commit { removed, base: Some(base), ..Commit::default() }, effects);
    }

    fn may_prune(&self, height: u64) -> Result<(), PruneRefusal> {
        let interval = self.config.checkpoint_interval.get();
        let base = self.named(self.tree.base()).height;
        if self.violation.is_some() {
            Err(PruneRefusal::Violated)
        } else if height == 0 || !height.is_multiple_of(interval) {
            Err(PruneRefusal::NotACheckpoint { height, interval })
        } else if height > self.finalised.height {
            Err(PruneRefusal::NotFinal { height, finalised: self.finalised.height })
        } else if height <= base {
            Err(PruneRefusal::AlreadyPruned { height, base })
        } else {
            Ok(())
        }
    }

    /// Lets candidates wait again whose parent has left.
    fn orphan(&mut self) {
        let tree = &self.tree;
        self.pool.demote(|proposal| !tree.contains(&proposal.block.header.parent_root));
    }
}
