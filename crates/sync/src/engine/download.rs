//! Who is asked for which batch (SY-8, SY-10).

use std::cmp::Reverse;

use alys_wire::message::{BlocksByRange, Request};

use super::peers::Peer;
use super::plan::{Batch, Mode, Plan, Stage};
use super::requests::{Pending, Purpose};
use super::{RequestId, SyncEngine};
use crate::peer::PeerId;

/// A peer of a lower score is asked only when all others have failed or are busier.
const TRUSTED: u64 = 250;

impl SyncEngine {
    /// Asks for batches, as long as workers are free and somebody may be asked.
    pub(super) fn download(&mut self) {
        while self.plan.as_ref().is_some_and(|plan| plan.asked() < self.config.settings().workers) {
            let Some((start, peer)) = self.pick() else { return };
            self.ask(start, peer);
        }
    }

    /// A batch, and who is asked for it: those that wait come first, from the lowest up.
    fn pick(&mut self) -> Option<(u64, PeerId)> {
        let (plan, now) = (self.plan.as_ref()?, self.time.now());
        let waiting = plan.batches.iter().filter(|(_, batch)| batch.is_due(now));
        let mut chosen = waiting.filter_map(|(start, batch)| {
            Some((*start, self.choose(plan, batch, Some(batch.end - start + 1))?))
        });
        match chosen.next() {
            Some(found) => Some(found),
            None => self.cut(),
        }
    }

    /// Cuts the next batch, as large as the peer that is asked for it is trusted with and as there is room for.
    fn cut(&mut self) -> Option<(u64, PeerId)> {
        let (plan, settings) = (self.plan.as_ref()?, self.config.settings());
        let (start, top) = (plan.next, plan.target.block.height);
        let room = settings.blocks_in_flight.saturating_sub(plan.blocks());
        if start >= top || room == 0 {
            return None;
        }
        let (end, peer) = match &plan.mode {
            Mode::Descending { .. } => return None,
            Mode::Anchored { anchors } => {
                let end = *anchors.range(start..).next()?.0;
                (end, self.choose(plan, &Batch::waiting(end, 0), Some(end - start + 1))?)
            }
            Mode::Forward => {
                let peer = self.choose(plan, &Batch::waiting(start, 0), None)?;
                let known = self.peers.get(&peer)?;
                let size = known.batch.min(room);
                ((start + size - 1).min(known.tip()?.block.height).min(top - 1), peer)
            }
        };
        if end - start >= room {
            return None;
        }
        let (plan, now) = (self.plan.as_mut()?, self.time.now());
        plan.batches.insert(start, Batch::waiting(end, now));
        plan.next = end + 1;
        Some((start, peer))
    }

    /// Who is asked for a batch: of those who have proved to have it and may be asked, one who has failed least at it, who
    /// is trusted, who has least to answer and was asked least, whose score is highest.
    ///
    /// It is asked for so many blocks, or for as many as it is trusted with.
    fn choose(&self, plan: &Plan, batch: &Batch, blocks: Option<u64>) -> Option<PeerId> {
        let now = self.time.now();
        let eligible = self.peers.iter().filter_map(|(peer, known)| {
            let record = self.records.get(peer)?;
            let is_paced = known.pace(blocks.unwrap_or(known.batch), now) == 0;
            let may_ask = record.may_ask(now) && is_paced && has(plan, batch, *peer, known);
            may_ask.then_some((*peer, known, record.score(now)))
        });
        let best = eligible.min_by_key(|(peer, known, score)| {
            let failures = batch.failures_of(*peer);
            (failures, *score < TRUSTED, self.busy(*peer), known.load, Reverse(*score), *peer)
        });
        best.map(|(peer, ..)| peer)
    }

    /// How many batches a peer was asked for and has not answered.
    fn busy(&self, peer: PeerId) -> usize {
        let is_batch = |pending: &&Pending| matches!(pending.purpose, Purpose::Batch(_));
        self.requests.values().filter(is_batch).filter(|pending| pending.peer == peer).count()
    }

    /// The requests for batches that are not answered.
    pub(super) fn batch_requests(&self) -> Vec<(PeerId, RequestId)> {
        let batches =
            self.requests.iter().filter(|(_, pending)| matches!(pending.purpose, Purpose::Batch(_)));
        batches.map(|(request, pending)| (pending.peer, *request)).collect()
    }

    fn ask(&mut self, start: u64, peer: PeerId) {
        let Some(batch) = self.plan.as_ref().and_then(|plan| plan.batches.get(&start)) else { return };
        let (count, is_retry) = (batch.end - start + 1, batch.tries > 0);
        let message = Request::BlocksByRange(BlocksByRange { start, count, step: 1 });
        let request = self.send(peer, Purpose::Batch(start), message);
        if is_retry {
            self.metrics.retries += 1;
        }
        let now = self.time.now();
        if let Some(known) = self.peers.get_mut(&peer) {
            known.asked(count, now);
        }
        if let Some(batch) = self.plan.as_mut().and_then(|plan| plan.batches.get_mut(&start)) {
            batch.stage = Stage::Asked { request };
        }
    }

    /// A batch that was asked for does not come.
    pub(super) fn batch_failed(&mut self, start: u64, request: RequestId, peer: PeerId) {
        let (now, settings) = (self.time.now(), self.config.settings());
        let rested = now.saturating_add(settings.rest);
        if let Some(batch) = self.plan.as_mut().and_then(|plan| plan.batches.get_mut(&start))
            && batch.was_asked(request)
        {
            batch.failed(peer, settings.tries, rested, now);
        }
    }
}

/// Whether a peer has proved that it has a batch. Where roots are known, only the chain of the target will do.
fn has(plan: &Plan, batch: &Batch, peer: PeerId, known: &Peer) -> bool {
    match plan.mode {
        Mode::Forward => known.reaches(batch.end),
        Mode::Descending { .. } | Mode::Anchored { .. } => plan.provers.contains(&peer),
    }
}
