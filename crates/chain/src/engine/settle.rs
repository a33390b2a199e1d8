//! What follows from what is known: waiting proposals become candidates, candidates enter the tree.

use std::mem;
use std::sync::Arc;

use alys_wire::containers::{AggregateApproval, Approval, CertifiedBlock, Hash256, SignedBlock};

use super::{Commit, Effect, Effects, Engine, Entered, HeadChange};
use crate::approvals::{self, ApprovalRefusal};
use crate::candidate;
use crate::finality::{self, Finality};
use crate::scheme::{Domain, Message, SignatureScheme};
use crate::transition::StateTransition;
use crate::tree::{BlockRef, Node};

impl<S: SignatureScheme, T: StateTransition> Engine<S, T> {
    /// Judges every waiting proposal that need not wait any more, in order of arrival, until there is none.
    ///
    /// Each is judged once: then it is a candidate, or refused. So there are at most as many turns as items in the pool.
    pub(super) fn settle(&mut self, now: u64, effects: &mut Effects<T>) {
        for _ in 0..self.pool.len() {
            let ready = self.pool.first_waiting(|proposal| self.waits(proposal, now).is_none());
            let Some((root, proposal)) = ready else { return };
            self.judge(root, &proposal, now, effects);
        }
    }

    fn judge(&mut self, root: Hash256, proposal: &SignedBlock, now: u64, effects: &mut Effects<T>) {
        let header = &proposal.block.header;
        let Some(parent) = self.tree.get(&header.parent_root) else { return };
        let height = parent.header.height;
        match candidate::check_on_parent(&self.transition, &parent.header, &parent.state, proposal) {
            Err(refusal) => {
                self.pool.remove_block(&root);
                effects.push(Effect::BlockRefused { root, refusal });
            }
            Ok(state) => {
                self.pool.promote(&root, state);
                effects.push(Effect::BlockIsCandidate { root });
                self.drop_foreign_approvals(root, header.slot, effects);
                self.vote(root, header.slot, height, now, effects);
                self.notarise(root, effects);
            }
        }
    }

    /// Refuses the approvals that came before their block and name another slot.
    fn drop_foreign_approvals(&mut self, block_root: Hash256, slot: u64, effects: &mut Effects<T>) {
        let foreign = self.pool.approvals(&block_root).filter(|approval| approval.slot != slot);
        effects.extend(foreign.map(|AggregateApproval { slot: approved, .. }| Effect::ApprovalRefused {
            block_root,
            refusal: ApprovalRefusal::SlotMismatch { approved: *approved, slot },
        }));
        self.pool.remove_approvals(&block_root, |approval| approval.slot != slot);
    }

    /// Votes for a block that has just become a candidate, if that is what an honest authority does (CH-5).
    fn vote(&mut self, root: Hash256, slot: u64, parent: u64, now: u64, effects: &mut Effects<T>) {
        let (Some(me), Some(current), None) = (&self.identity, self.slot_at(now), &self.violation) else {
            return;
        };
        if !self.voter.votes(slot, current, parent, self.tree.longest()) {
            return;
        }
        let message = Message::new(Domain::Approval, self.config.chain_id, slot, root);
        let signature = self.scheme.sign(&me.secret, &message);
        let approval = Approval { block_root: root, slot, validator_index: me.index, signature };
        self.voter.voted(slot);
        effects.push(Effect::PersistVote { slot });
        effects.push(Effect::SendApproval(approval.clone()));
        self.approval(&approval, effects);
    }

    /// Lets a candidate enter the tree if its approvals are a quorum.
    pub(super) fn notarise(&mut self, root: Hash256, effects: &mut Effects<T>) {
        let Some((proposal, state)) = self.pool.candidate(&root) else { return };
        let approvals: Vec<&AggregateApproval> = self.pool.approvals(&root).collect();
        let Some(certificate) = approvals::certificate(&self.scheme, &self.authorities, &approvals) else {
            return;
        };
        let block = Arc::new(CertifiedBlock { signed_block: SignedBlock::clone(proposal), certificate });
        let state = state.clone();
        self.pool.remove_block(&root);
        self.pool.remove_approvals(&root, |_| true);
        self.enter(root, block, state, effects);
    }

    /// Adds a block to the tree, and says what that changes.
    pub(super) fn enter(
        &mut self,
        root: Hash256,
        block: Arc<CertifiedBlock>,
        state: T::State,
        effects: &mut Effects<T>,
    ) {
        let header = block.signed_block.block.header.clone();
        self.tree.insert(root, Node { header, block: Some(Arc::clone(&block)), state });
        let entered = Some(Entered { root, block });
        let mut commit = Commit { entered, ..Commit::default() };
        if self.violation.is_none() {
            self.finalise(root, &mut commit);
        }
        if self.violation.is_none() {
            commit.head = self.advance(root);
        }
        publish(commit, effects);
    }

    /// Judges what a new block makes final.
    fn finalise(&mut self, entered: Hash256, commit: &mut Commit) {
        match finality::judge(&self.tree, self.finalised.root, entered) {
            Finality::Unchanged => {}
            Finality::Advanced(root) => {
                let interval = self.config.checkpoint_interval;
                commit.checkpoints = finality::due(&self.tree, self.finalised.root, root, interval);
                self.finalised = self.named(root);
                commit.finalised = Some(self.finalised);
            }
            Finality::Conflicting(root) => {
                self.violation = finality::violation(&self.tree, self.finalised.root, root);
                commit.violation = self.violation.clone().map(Box::new);
            }
        }
    }

    /// Chooses the tip after a block has entered.
    fn advance(&mut self, entered: Hash256) -> Option<HeadChange> {
        let finalised = self.finalised.root;
        let best = if !self.tree.descends(self.head.root, finalised) {
            self.tree.best_above(finalised)
        } else if self.tree.descends(entered, finalised) && self.tree.better(entered, self.head.root) {
            entered
        } else {
            return None;
        };
        Some(self.head_to(best))
    }

    /// Makes another block the tip.
    pub(super) fn head_to(&mut self, root: Hash256) -> HeadChange {
        let head = self.named(root);
        let before = mem::replace(&mut self.head, head);
        let (disconnected, connected) = self.tree.path(before.root, root);
        HeadChange { head, disconnected, connected }
    }

    /// A node by root and height.
    pub(super) fn named(&self, root: Hash256) -> BlockRef {
        BlockRef { root, height: self.tree.get(&root).map_or(0, |node| node.header.height) }
    }
}

/// Asks for a commit, and then for what it makes known.
pub(super) fn publish<E: std::error::Error>(commit: Commit, effects: &mut Vec<Effect<E>>) {
    let (head, finalised, violation) = (commit.head.clone(), commit.finalised, commit.violation.clone());
    effects.push(Effect::Commit(Box::new(commit)));
    effects.extend(finalised.map(Effect::Finalised));
    effects.extend(head.map(Effect::HeadChanged));
    effects.extend(violation.map(Effect::Violated));
}
