//! Which tip is planned for, and when a plan is over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alys_wire::codes::GoodbyeReason;
use alys_wire::containers::Hash256;

use super::SyncEngine;
use super::peers::rank;
use super::plan::{Batch, Mode, Plan, Stage};
use crate::peer::{Offence, PeerId};

/// How many refused tips are remembered.
const REFUSED: usize = 64;

impl SyncEngine {
    /// Ends the plan if it is over, and makes one if there is something to plan for.
    pub(super) fn aim(&mut self) {
        if self.plan.as_ref().is_some_and(|plan| plan.processing.is_some()) {
            return;
        }
        // A turn that is not the last ends a plan that was overtaken, or one whose provers leave: of the first there is one, of
        // the others no more than peers.
        let turns = self.peers.len() + 2;
        let is_aimed = (0..turns).any(|_| self.aimed());
        debug_assert!(is_aimed, "after {turns} plans there is still another one");
    }

    /// Ends the plan if it is over, and makes another one. Tells whether that is the one to follow.
    fn aimed(&mut self) -> bool {
        self.retire();
        if self.plan.is_none() {
            self.plan = self.planned();
        }
        !self.descend()
    }

    /// Ends the plan when the tip is in the chain, when ours is as good, or when nobody is left to ask.
    fn retire(&mut self) {
        let Some(plan) = &self.plan else { return };
        let (tip, provers) = (plan.target, &plan.provers);
        let is_in = plan.done == tip.block.height;
        let is_reached = rank(&self.local.head) >= tip.rank();
        let is_served = match plan.mode {
            Mode::Forward => self.peers.values().any(|known| known.reaches(tip.block.height)),
            Mode::Descending { .. } | Mode::Anchored { .. } => !provers.is_empty(),
        };
        if is_in && !is_reached {
            // Fork choice has not taken it, so it conflicts with what is final.
            self.refuse_target();
        } else if is_reached || !is_served {
            self.abandon();
        }
    }

    /// A plan for the best proved tip that is better than ours.
    fn planned(&self) -> Option<Plan> {
        let local = &self.local;
        let tips = self.peers.iter().filter_map(|(peer, known)| Some((*peer, known.proved.as_ref()?)));
        let wanted = tips.filter(|(_, proved)| {
            let block = &proved.tip.block;
            block.height > local.finalised.height
                && rank(block) > rank(&local.head)
                && !self.refused.contains(&block.root)
        });
        let (peer, proved) = wanted.max_by_key(|(_, proved)| proved.tip.rank())?;
        let (target, block) = (proved.tip, Arc::clone(proved.block.as_ref()?));
        let parent = block.signed_block.block.header.parent_root;
        let provers = self.peers.iter().filter(|(_, known)| known.has_proved(target.block.root));
        let provers: BTreeSet<_> = provers.map(|(peer, _)| *peer).collect();
        let end = target.block.height;
        let (mode, done) = match local.head.height {
            height if height < end => (Mode::Forward, height),
            _ => (from_above(end, parent), end - 1),
        };
        let held = Batch { stage: Stage::Ready { peer, blocks: vec![block] }, ..Batch::waiting(end, 0) };
        let batches = BTreeMap::from([(end, held)]);
        Some(Plan { target, parent, mode, provers, done, next: done + 1, batches, processing: None, hold: 0 })
    }

    /// What was downloaded does not link to our chain: which root each batch must end with is learned first. What was
    /// learned already and does not link is of no use, so then everything begins again.
    pub(super) fn conflict(&mut self) {
        self.metrics.conflicts += 1;
        self.cancel_batches();
        match &mut self.plan {
            Some(plan) if !plan.is_exact() => {
                let end = plan.target.block.height;
                plan.batches.retain(|start, _| *start == end);
                plan.batches.values_mut().for_each(Batch::give_up);
                plan.mode = from_above(end, plan.parent);
            }
            _ => self.plan = None,
        }
    }

    /// Ends the plan. What was asked for it is of no use any more.
    pub(super) fn abandon(&mut self) {
        self.cancel_batches();
        self.plan = None;
    }

    fn cancel_batches(&mut self) {
        for (peer, request) in self.batch_requests() {
            self.cancel(peer, request);
        }
    }

    /// The tip conflicts with what is final. Nobody who is right has it, and it is not planned for again.
    pub(super) fn refuse_target(&mut self) {
        let Some(plan) = &self.plan else { return };
        let (root, provers) = (plan.target.block.root, plan.provers.clone());
        self.abandon();
        self.refused.push_back(root);
        if self.refused.len() > REFUSED {
            self.refused.pop_front();
        }
        for peer in provers {
            self.beside_finality(peer);
        }
    }

    /// A peer has proved a tip that conflicts with what is final.
    pub(super) fn beside_finality(&mut self, peer: PeerId) {
        self.offend(peer, Offence::Lie);
        self.dismiss(peer, GoodbyeReason::Fault);
    }
}

/// Learns roots from the parent of a tip on down.
fn from_above(end: u64, parent: Hash256) -> Mode {
    let from = end - 1;
    Mode::Descending { from, root: parent, anchors: BTreeMap::from([(from, parent)]) }
}
