//! A plan: how the blocks up to one proved tip come here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alys_wire::containers::{CertifiedBlock, Hash256};

use super::peers::Tip;
use super::{RequestId, Ticket};
use crate::peer::PeerId;

/// How the blocks up to one tip come here.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The tip.
    pub(super) target: Tip,
    /// The root of the tip's parent.
    pub(super) parent: Hash256,
    pub(super) mode: Mode,
    /// Who has proved it, and is connected.
    pub(super) provers: BTreeSet<PeerId>,
    /// Up to which height blocks are in the chain, from where the plan begins.
    pub(super) done: u64,
    /// The first height that no batch covers; the tip has one of its own.
    pub(super) next: u64,
    /// By their first heights. Apart from a descent's and the tip's, they cover `done` + 1 to `next` - 1.
    pub(super) batches: BTreeMap<u64, Batch>,
    /// The batch that is entering the chain: the first one.
    pub(super) processing: Option<Ticket>,
    /// Before this time no batch enters the chain.
    pub(super) hold: u64,
}

/// What is known of the blocks below the tip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing but their heights. Whoever has proved a tip as high is asked for them.
    Forward,
    /// The roots from the tip down to `from`, which has this one, are being learned.
    Descending { from: u64, root: Hash256, anchors: BTreeMap<u64, Hash256> },
    /// Which roots there are at these heights. Only who has proved the target is
    /// asked.
    Anchored { anchors: BTreeMap<u64, Hash256> },
}

/// Blocks that are downloaded together.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    /// The last height.
    pub(super) end: u64,
    pub(super) stage: Stage,
    /// How often it was asked for in vain.
    pub(super) tries: u64,
    /// How often by whom.
    pub(super) failures: BTreeMap<PeerId, u64>,
}

/// How far a batch has come.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    /// It is to be asked for, at a time or later.
    Waiting { until: u64 },
    /// It was asked for.
    Asked { request: RequestId },
    /// It is here, and perhaps entering the chain.
    Ready { peer: PeerId, blocks: Vec<Arc<CertifiedBlock>> },
}

impl Batch {
    /// A batch that is to be asked for.
    pub(super) fn waiting(end: u64, until: u64) -> Self {
        Batch { end, stage: Stage::Waiting { until }, tries: 0, failures: BTreeMap::new() }
    }

    /// Whether it is to be asked for now.
    pub(super) fn is_due(&self, now: u64) -> bool {
        matches!(self.stage, Stage::Waiting { until } if until <= now)
    }

    /// Whether it was asked for by this request.
    pub(super) fn was_asked(&self, request: RequestId) -> bool {
        matches!(self.stage, Stage::Asked { request: asked } if asked == request)
    }

    /// What it was asked for by is of no use any more.
    pub(super) fn give_up(&mut self) {
        if matches!(self.stage, Stage::Asked { .. }) {
            self.stage = Stage::Waiting { until: 0 };
        }
    }

    /// How often a peer has failed at it.
    pub(super) fn failures_of(&self, peer: PeerId) -> u64 {
        self.failures.get(&peer).copied().unwrap_or(0)
    }

    /// A peer has failed at it. After so many tries it rests for a while.
    pub(super) fn failed(&mut self, peer: PeerId, tries: u64, rested: u64, now: u64) {
        self.tries += 1;
        *self.failures.entry(peer).or_default() += 1;
        let until = if self.tries.is_multiple_of(tries) { rested } else { now };
        self.stage = Stage::Waiting { until };
    }
}

impl Plan {
    /// How many blocks the batches have.
    pub(super) fn blocks(&self) -> u64 {
        self.batches.iter().map(|(start, batch)| batch.end - start + 1).sum()
    }

    /// How many batches were asked for and have not come.
    pub(super) fn asked(&self) -> u64 {
        self.batches.values().filter(|batch| matches!(batch.stage, Stage::Asked { .. })).count() as u64
    }

    /// The root that the block at a height must have, if that is known.
    pub(super) fn expected(&self, height: u64) -> Option<Hash256> {
        if height == self.target.block.height {
            return Some(self.target.block.root);
        }
        match &self.mode {
            Mode::Forward => None,
            Mode::Descending { from, root, .. } => (height == *from).then_some(*root),
            Mode::Anchored { anchors } => anchors.get(&height).copied(),
        }
    }

    /// Whether every batch is held to a root.
    pub(super) fn is_exact(&self) -> bool {
        self.mode != Mode::Forward
    }
}
