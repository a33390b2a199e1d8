//! Batches enter the chain, in order (SY-3, SY-6).

use super::plan::{Batch, Mode, Stage};
use super::{Action, Stop, SyncEngine, Ticket};
use crate::peer::{Offence, PeerId};

impl SyncEngine {
    /// Lets the next batch enter the chain, if it is here.
    pub(super) fn process(&mut self) {
        let (now, ticket) = (self.time.now(), Ticket(self.next_number + 1));
        let Some(plan) = &mut self.plan else { return };
        let is_held = plan.processing.is_some() || now < plan.hold;
        if is_held || matches!(plan.mode, Mode::Descending { .. }) {
            return;
        }
        let Some(batch) = plan.batches.get(&(plan.done + 1)) else { return };
        if let Stage::Ready { blocks, .. } = &batch.stage {
            self.actions.push(Action::Process { ticket, blocks: blocks.clone() });
            plan.processing = Some(ticket);
            self.number();
        }
    }

    /// So many blocks of a batch are in the chain.
    pub(super) fn processed(&mut self, ticket: Ticket, taken: usize, stopped: Option<Stop>) {
        let Some(plan) = self.plan.as_mut().filter(|plan| plan.processing == Some(ticket)) else { return };
        plan.processing = None;
        let start = plan.done + 1;
        let Some(Batch { stage: Stage::Ready { peer, blocks }, .. }) = plan.batches.get_mut(&start) else {
            return;
        };
        let (peer, taken) = (*peer, taken.min(blocks.len()));
        blocks.drain(..taken);
        let is_all = blocks.is_empty();
        self.entered(start, taken as u64, is_all);
        self.credit(peer, taken as u64);
        match stopped {
            Some(Stop::Failed) => self.failed = true,
            _ if is_all => {}
            Some(Stop::BadCertificate | Stop::Invalid) => self.refused(peer),
            Some(Stop::Unlinked) => self.conflict(),
            Some(Stop::AheadOfClock) | None => self.pause(),
        }
    }

    /// The first blocks of the first batch are in the chain, or all of them.
    fn entered(&mut self, start: u64, taken: u64, is_all: bool) {
        let Some(plan) = &mut self.plan else { return };
        plan.done += taken;
        if let Some(batch) = plan.batches.remove(&start)
            && !is_all
        {
            plan.batches.insert(start + taken, batch);
        }
    }

    /// The next block is not one of the chain: it is asked for again, and what comes after it, of somebody else if there
    /// is anybody.
    fn refused(&mut self, peer: PeerId) {
        let (now, settings) = (self.time.now(), self.config.settings());
        let rested = now.saturating_add(settings.rest);
        if let Some(plan) = &mut self.plan
            && let Some(batch) = plan.batches.get_mut(&(plan.done + 1))
        {
            batch.failed(peer, settings.tries, rested, now);
        }
        self.offend(peer, Offence::Lie);
    }

    /// The next block is of a later slot than the clock shows.
    fn pause(&mut self) {
        let until = self.time.now().saturating_add(self.config.settings().rest);
        if let Some(plan) = &mut self.plan {
            plan.hold = until;
        }
    }

    /// Blocks of a peer are in the chain.
    fn credit(&mut self, peer: PeerId, blocks: u64) {
        if blocks == 0 {
            return;
        }
        if let Some(record) = self.records.get_mut(&peer) {
            record.rewarded(self.time.now());
        }
        let wall = self.time.wall();
        self.metrics.blocks += blocks;
        *self.metrics.blocks_by_peer.entry(peer).or_default() += blocks;
        self.metrics.first_block_at.get_or_insert(wall);
        self.metrics.last_block_at = Some(wall);
    }
}
