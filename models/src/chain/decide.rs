//! What a node does, step by step.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{
    BlockId, ChainModel, ChainOutcome, ChainTransition, Committed, Flaw, ModelApproval, ModelBlock,
    NotImported, NotPruned, NotRolledBack, Payment, Refused, Unapproved, executed,
};

type Out = Vec<ChainOutcome>;

impl ChainModel {
    /// Everything that a node does about a transition, in order.
    pub(super) fn decide(&mut self, transition: &ChainTransition, time: u64) -> Out {
        let mut out = Vec::new();
        match transition {
            ChainTransition::Block(block) => self.block(block, time, &mut out),
            ChainTransition::Approval(approval) => self.approval(approval, &mut out),
            ChainTransition::Import(block, approval, verified) => {
                self.import(block, approval, *verified, time, &mut out);
            }
            ChainTransition::Propose(payments) => self.propose(payments, time, &mut out),
            ChainTransition::Rollback(to) => self.rollback(*to, &mut out),
            ChainTransition::Prune(height) => self.prune(*height, &mut out),
            ChainTransition::Tick => {}
        }
        // The first block in order that need not wait is judged, until all must wait.
        while let Some(block) = self.ready(time) {
            self.judge(&block, time, &mut out);
        }
        out
    }

    fn ready(&self, time: u64) -> Option<Rc<ModelBlock>> {
        let waiting = self.pool.waiting().into_iter().filter_map(|id| self.blocks.get(&id));
        waiting.into_iter().find(|block| self.waits(block, time).is_none()).cloned()
    }

    fn block(&mut self, block: &ModelBlock, time: u64, out: &mut Out) {
        if self.now.tree.has(block.id) || self.pool.has(block.id) {
            return out.push(ChainOutcome::Known(block.id));
        }
        if let Some(refused) = self.wrong_alone(block) {
            return out.push(ChainOutcome::Refused(block.id, refused));
        }
        out.extend(self.waits(block, time));
        self.blocks.insert(block.id, Rc::new(block.clone()));
        out.extend(self.pool.add_block(block));
    }

    fn wrong_alone(&self, block: &ModelBlock) -> Option<Refused> {
        let (slot, scheduled) = (self.slot_at(block.timestamp), block.slot % self.setting.authorities);
        if slot != Some(block.slot) {
            Some(Refused::Slot(slot))
        } else if block.proposer != scheduled {
            Some(Refused::Proposer(scheduled))
        } else if block.flaw == Some(Flaw::Body) {
            Some(Refused::Body)
        } else if block.flaw == Some(Flaw::Signature) {
            Some(Refused::Signature)
        } else {
            None
        }
    }

    fn waits(&self, block: &ModelBlock, time: u64) -> Option<ChainOutcome> {
        if !self.now.tree.has(block.parent) {
            Some(ChainOutcome::WaitsForParent(block.id))
        } else if self.slot_at(time).is_none_or(|slot| slot < block.slot) {
            Some(ChainOutcome::WaitsForSlot(block.id))
        } else {
            None
        }
    }

    fn judge(&mut self, block: &ModelBlock, time: u64, out: &mut Out) {
        let id = block.id;
        if let Some(refused) = self.wrong_on_parent(block) {
            self.pool.drop_block(id);
            return out.push(ChainOutcome::Refused(id, refused));
        }
        self.pool.mark(|other| other == id, true);
        out.push(ChainOutcome::Candidate(id));
        for (slot, _) in self.pool.approvals(id) {
            if slot != block.slot {
                out.push(ChainOutcome::Unapproved(id, Unapproved::Slot(block.slot)));
            }
        }
        self.pool.drop_approvals(id, |slot| slot != block.slot);
        self.vote(block, time, out);
        self.notarise(id, out);
    }

    fn wrong_on_parent(&self, block: &ModelBlock) -> Option<Refused> {
        let (tree, parent) = (&self.now.tree, block.parent);
        if block.height != tree.height(parent) + 1 {
            Some(Refused::Height(tree.height(parent)))
        } else if block.slot <= tree.slot(parent) {
            Some(Refused::Order(tree.slot(parent)))
        } else if let Err(refused) = executed(tree.ledger(parent), &block.payments) {
            Some(refused)
        } else {
            (block.flaw == Some(Flaw::State)).then_some(Refused::State)
        }
    }

    fn vote(&mut self, block: &ModelBlock, time: u64, out: &mut Out) {
        let Some(me) = self.setting.me else { return };
        let now = &self.now;
        let longest = now.tree.height(block.parent) == now.tree.longest();
        let votes = longest && self.slot_at(time) == Some(block.slot) && block.slot > now.voted;
        if votes && now.violation.is_none() {
            self.now.voted = block.slot;
            out.push(ChainOutcome::PersistVote(block.slot));
            out.push(ChainOutcome::SendApproval(block.id, block.slot));
            let (signers, bits) = (BTreeSet::from([me]), self.setting.authorities);
            let (single, signed) = (true, true);
            let mine = ModelApproval { block: block.id, slot: block.slot, signers, bits, single, signed };
            self.approval(&mine, out);
        }
    }

    fn approval(&mut self, approval: &ModelApproval, out: &mut Out) {
        let (id, slot, n) = (approval.block, approval.slot, self.setting.authorities);
        let outsider = approval.signers.iter().find(|signer| approval.single && **signer >= n);
        if let Some(signer) = outsider {
            return out.push(ChainOutcome::Unapproved(id, Unapproved::Unknown(*signer)));
        }
        if self.adds_nothing(approval) {
            return out.push(ChainOutcome::ApprovalKnown(id));
        }
        let known = self.blocks.get(&id).filter(|_| self.pool.has(id));
        let refused = if approval.bits != n {
            Some(Unapproved::Bits(approval.bits))
        } else if approval.signers.is_empty() {
            Some(Unapproved::Nobody)
        } else if !approval.signed {
            Some(Unapproved::Signature)
        } else {
            known.filter(|block| block.slot != slot).map(|block| Unapproved::Slot(block.slot))
        };
        match refused {
            Some(refused) => out.push(ChainOutcome::Unapproved(id, refused)),
            None => self.approved(id, slot, &approval.signers, out),
        }
    }

    /// Whether its block is notarised, or the same is there, or another certificate where this is one.
    fn adds_nothing(&self, approval: &ModelApproval) -> bool {
        let alike = |(slot, signers): (u64, &BTreeSet<u64>)| {
            let same =
                approval.signed && approval.bits == self.setting.authorities && *signers == approval.signers;
            let both = self.is_quorum(signers) && self.is_quorum(&approval.signers);
            slot == approval.slot && (same || both)
        };
        self.now.tree.has(approval.block) || self.pool.approvals(approval.block).into_iter().any(alike)
    }

    fn approved(&mut self, id: BlockId, slot: u64, signers: &BTreeSet<u64>, out: &mut Out) {
        out.push(ChainOutcome::ApprovalKept(id));
        let is_quorum = self.is_quorum(signers);
        out.extend(self.pool.add_approval(id, slot, signers, is_quorum));
        self.notarise(id, out);
    }

    fn notarise(&mut self, id: BlockId, out: &mut Out) {
        let certain = super::enough(self.pool.support(id), self.setting.authorities);
        if !certain || !self.pool.candidates().contains(&id) {
            return;
        }
        self.enter(id, out);
    }

    /// A block enters the tree, and leaves the pool with its approvals.
    fn enter(&mut self, id: BlockId, out: &mut Out) {
        self.pool.drop_block(id);
        self.pool.drop_approvals(id, |_| true);
        Rc::make_mut(&mut self.now.tree).enter(&self.blocks[&id]);
        let mut commit = Committed { entered: Some(id), ..Committed::default() };
        self.follow(&mut commit);
        self.publish(commit, out);
    }

    fn import(
        &mut self,
        block: &ModelBlock,
        approval: &ModelApproval,
        verified: bool,
        time: u64,
        out: &mut Out,
    ) {
        if self.now.tree.has(block.id) {
            return out.push(ChainOutcome::Known(block.id));
        }
        if let Some(not) = self.not_imported(block, approval, verified, time) {
            return out.push(ChainOutcome::NotImported(block.id, not));
        }
        self.blocks.insert(block.id, Rc::new(block.clone()));
        self.enter(block.id, out);
    }

    fn not_imported(
        &self,
        block: &ModelBlock,
        approval: &ModelApproval,
        verified: bool,
        time: u64,
    ) -> Option<NotImported> {
        if (approval.block, approval.slot) != (block.id, block.slot) {
            return Some(NotImported::Foreign);
        }
        if approval.bits != self.setting.authorities {
            return Some(NotImported::Certificate(Unapproved::Bits(approval.bits)));
        }
        if !self.is_quorum(&approval.signers) {
            return Some(NotImported::NoQuorum(approval.signers.len() as u64));
        }
        let alone = self.wrong_alone(block);
        // A wrong signature is seen only by who looks, and last.
        if let Some(refused) = alone.filter(|refused| verified || *refused != Refused::Signature) {
            return Some(NotImported::Block(refused));
        }
        if verified && !approval.signed {
            return Some(NotImported::Certificate(Unapproved::Signature));
        }
        match self.waits(block, time) {
            Some(ChainOutcome::WaitsForParent(_)) => Some(NotImported::Parent),
            Some(_) => Some(NotImported::Slot),
            None => self.wrong_on_parent(block).map(NotImported::Block),
        }
    }

    /// What follows from the set of notarised blocks.
    fn follow(&mut self, commit: &mut Committed) {
        let now = &mut self.now;
        if now.violation.is_some() {
            return;
        }
        for middle in now.tree.middles() {
            if now.tree.on_chain(now.finalised, middle) && middle != now.finalised {
                let chain = now.tree.chain(middle).into_iter().rev();
                let newly = chain.filter(|id| now.tree.height(*id) > now.tree.height(now.finalised));
                let due = newly.map(|id| (now.tree.height(id), id));
                commit.checkpoints = due.filter(|(height, _)| height % self.setting.interval == 0).collect();
                commit.finalised = Some(middle);
            } else if !now.tree.on_chain(middle, now.finalised) {
                commit.violation = Some((now.finalised, middle));
            }
        }
        now.violation = commit.violation;
        now.finalised = commit.finalised.unwrap_or(now.finalised);
        now.checkpoints.extend(commit.checkpoints.iter().copied());
        if now.violation.is_none() {
            let tip = now.tree.tip(now.finalised);
            commit.head = (tip != now.head).then(|| now.tree.moved(now.head, tip));
            now.head = tip;
        }
    }

    fn publish(&mut self, commit: Committed, out: &mut Out) {
        let (head, finalised, violation) = (commit.head.clone(), commit.finalised, commit.violation);
        out.push(ChainOutcome::Commit(commit));
        out.extend(finalised.map(ChainOutcome::Finalised));
        out.extend(head.map(ChainOutcome::HeadChanged));
        out.extend(violation.map(|(one, other)| ChainOutcome::Violated(one, other)));
    }

    fn propose(&mut self, payments: &[Payment], time: u64, out: &mut Out) {
        match self.proposal(payments, time) {
            Err(not) => out.push(ChainOutcome::NotProposed(not)),
            Ok(nameless) => {
                // Whoever makes the transition has said how the block is called.
                let alike = |block: &&Rc<ModelBlock>| {
                    ModelBlock { id: nameless.id, ..ModelBlock::clone(block) } == nameless
                };
                let Some(block) = self.blocks.values().find(alike).cloned() else { return };
                self.now.proposed = block.slot;
                out.push(ChainOutcome::PersistProposal(block.slot));
                out.push(ChainOutcome::SendBlock(block.id));
                self.block(&block, time, out);
            }
        }
    }

    fn rollback(&mut self, to: BlockId, out: &mut Out) {
        let now = &self.now;
        let refused = if now.violation.is_some() {
            Some(NotRolledBack::Violated)
        } else if !now.tree.has(to) {
            Some(NotRolledBack::Unknown)
        } else if !now.tree.on_chain(now.finalised, to) {
            Some(NotRolledBack::Final)
        } else {
            None
        };
        if let Some(refused) = refused {
            return out.push(ChainOutcome::NotRolledBack(refused));
        }
        let removed: Vec<BlockId> = now.tree.above(to).into_iter().filter(|id| *id != to).collect();
        if removed.is_empty() {
            return;
        }
        let before = Rc::clone(&now.tree);
        Rc::make_mut(&mut self.now.tree).leave(&removed);
        let tip = self.now.tree.tip(self.now.finalised);
        let head = (tip != self.now.head).then(|| before.moved(self.now.head, tip));
        self.now.head = tip;
        self.leave(Committed { removed, head, ..Committed::default() }, out);
    }

    fn prune(&mut self, height: u64, out: &mut Out) {
        let now = &self.now;
        let refused = if now.violation.is_some() {
            Some(NotPruned::Violated)
        } else if height == 0 || !height.is_multiple_of(self.setting.interval) {
            Some(NotPruned::NoCheckpoint)
        } else if height > now.tree.height(now.finalised) {
            Some(NotPruned::NotFinal)
        } else if height <= now.tree.height(now.tree.base()) {
            Some(NotPruned::Already)
        } else {
            None
        };
        if let Some(refused) = refused {
            return out.push(ChainOutcome::NotPruned(refused));
        }
        let base = now.tree.chain(now.finalised).into_iter().find(|id| now.tree.height(*id) == height);
        let kept = base.map(|base| now.tree.above(base)).unwrap_or_default();
        let removed: Vec<BlockId> = now.tree.ids().into_iter().filter(|id| !kept.contains(id)).collect();
        let tree = Rc::make_mut(&mut self.now.tree);
        tree.leave(&removed);
        tree.begin(base);
        self.leave(Committed { removed, base, ..Committed::default() }, out);
    }

    /// Blocks whose parents have left wait again.
    fn leave(&mut self, commit: Committed, out: &mut Out) {
        let (blocks, tree) = (&self.blocks, &self.now.tree);
        self.pool.mark(|id| blocks.get(&id).is_some_and(|block| !tree.has(block.parent)), false);
        self.publish(commit, out);
    }
}
