//! Learning the roots of a tip's ancestors, from the tip down.
//!
//! A root binds everything below it, so each batch is asked of those who have proved the tip, and is right exactly when it
//! ends with the root that is known and is linked. Only the roots between batches are kept. They lead down to our tip, to
//! the finalised block, or to a conflict with it.

use std::mem;

use alys_wire::containers::{BlockHeader, Hash256};

use super::SyncEngine;
use super::plan::{Batch, Mode};

/// Where a descent stands.
enum Stand {
    /// At a block of our chain.
    Linked,
    /// Below the finalised block, which was another one when the descent began.
    Overtaken,
    /// Beside the finalised block.
    Conflicting,
    /// Above it.
    Above,
}

impl SyncEngine {
    /// Goes on with a descent, if there is one. Tells whether the plan has ended over it.
    pub(super) fn descend(&mut self) -> bool {
        let Some(Mode::Descending { from, root, .. }) = self.plan.as_ref().map(|plan| &plan.mode) else {
            return false;
        };
        let (from, root) = (*from, *root);
        match self.stand(from, root) {
            Stand::Linked => self.anchored(from),
            Stand::Above => self.further_down(from),
            Stand::Overtaken => {
                self.abandon();
                return true;
            }
            Stand::Conflicting => {
                self.refuse_target();
                return true;
            }
        }
        false
    }

    fn stand(&self, height: u64, root: Hash256) -> Stand {
        let (head, finalised) = (self.local.head, self.local.finalised);
        if (height, root) == (head.height, head.root) || (height, root) == (finalised.height, finalised.root)
        {
            Stand::Linked
        } else if height < finalised.height {
            Stand::Overtaken
        } else if height == finalised.height {
            Stand::Conflicting
        } else {
            Stand::Above
        }
    }

    /// All roots are known: from this height on, which is in our chain, blocks can be downloaded.
    fn anchored(&mut self, base: u64) {
        let Some(plan) = &mut self.plan else { return };
        if let Mode::Descending { anchors, .. } = &mut plan.mode {
            plan.mode = Mode::Anchored { anchors: mem::take(anchors) };
            plan.done = base;
            plan.next = base + 1;
        }
    }

    /// Makes the next batch of a descent, unless there is one.
    fn further_down(&mut self, from: u64) {
        let (head, finalised) = (self.local.head.height, self.local.finalised.height);
        let floor = if head < from { head } else { finalised };
        let start = from.saturating_sub(self.config.settings().batch_max - 1).max(floor + 1);
        let now = self.time.now();
        if let Some(plan) = &mut self.plan
            && plan.batches.range(..=from).next().is_none()
        {
            plan.batches.insert(start, Batch::waiting(from, now));
        }
    }

    /// A batch of a descent has come, from this header on.
    pub(super) fn descended(&mut self, start: u64, first: &BlockHeader) {
        let Some(plan) = &mut self.plan else { return };
        plan.batches.remove(&start);
        if let Mode::Descending { from, root, anchors } = &mut plan.mode {
            (*from, *root) = (start - 1, first.parent_root);
            anchors.insert(*from, *root);
        }
    }
}
