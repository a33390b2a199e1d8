//! Answers: what is right about them can be said without keys and without a chain.

use std::sync::Arc;

use alys_wire::codes::FailureCode;
use alys_wire::containers::{CertifiedBlock, Hash256};

use super::plan::{Batch, Mode, Stage};
use super::requests::Purpose;
use super::{Answer, RequestId, SyncEngine};
use crate::peer::{Offence, PeerId};

type Blocks = Vec<Arc<CertifiedBlock>>;

impl SyncEngine {
    /// A request has ended.
    pub(super) fn answered(&mut self, peer: PeerId, request: RequestId, answer: Answer) {
        let Some(pending) = self.ended(peer, request) else { return };
        let offence = match (&pending.purpose, answer) {
            (Purpose::Status, Answer::Status(claim)) => return self.claimed(peer, claim),
            (Purpose::Proof(claim), Answer::Blocks(blocks)) => return self.shown(peer, claim, &blocks),
            (Purpose::Batch(start), Answer::Blocks(blocks)) => {
                return self.received(peer, request, *start, blocks);
            }
            (_, Answer::Malformed(_)) => Offence::Malformed,
            (_, Answer::Unavailable) => Offence::Unavailable,
            (_, Answer::Refused { code: FailureCode::RateLimited }) => Offence::RateLimited,
            (_, Answer::Refused { .. } | Answer::Status(_) | Answer::Blocks(_)) => Offence::Refused,
        };
        self.gone_wrong(peer, request, &pending.purpose, offence);
    }

    /// Blocks have come for a batch.
    fn received(&mut self, peer: PeerId, request: RequestId, start: u64, blocks: Blocks) {
        let Some(plan) = &self.plan else { return };
        let Some(batch) = plan.batches.get(&start).filter(|batch| batch.was_asked(request)) else { return };
        let (end, missing) = (batch.end, (batch.end - start + 1).saturating_sub(blocks.len() as u64));
        let offence = match judge(start, end, plan.expected(end), &blocks) {
            Err(offence) => Some(offence),
            Ok(()) if missing > 0 && plan.is_exact() => Some(Offence::Short),
            Ok(()) => None,
        };
        if let Some(offence) = offence {
            return self.gone_wrong(peer, request, &Purpose::Batch(start), offence);
        }
        if missing > 0 {
            self.split(peer, start, end - missing);
        } else {
            self.succeeded(peer);
            self.larger(peer);
        }
        self.accept(peer, start, blocks);
    }

    /// Only a part of a batch has come: the rest is a batch of its own, at which this peer has failed.
    fn split(&mut self, peer: PeerId, start: u64, last: u64) {
        let (now, settings) = (self.time.now(), self.config.settings());
        let rested = now.saturating_add(settings.rest);
        if let Some(plan) = &mut self.plan
            && let Some(batch) = plan.batches.get_mut(&start)
        {
            let mut rest = Batch { end: batch.end, ..batch.clone() };
            rest.failed(peer, settings.tries, rested, now);
            batch.end = last;
            plan.batches.insert(last + 1, rest);
        }
        self.fruitless(peer, Offence::Short);
        self.offend(peer, Offence::Short);
    }

    /// A batch is here.
    fn accept(&mut self, peer: PeerId, start: u64, blocks: Blocks) {
        let Some(plan) = &mut self.plan else { return };
        let is_descent = matches!(plan.mode, Mode::Descending { from, .. } if start <= from);
        match blocks.first() {
            Some(first) if is_descent => {
                let header = first.signed_block.block.header.clone();
                self.descended(start, &header);
            }
            _ => {
                if let Some(batch) = plan.batches.get_mut(&start) {
                    batch.stage = Stage::Ready { peer, blocks };
                }
            }
        }
    }

    /// A peer has sent all that it was asked for, and is asked for more at once.
    fn larger(&mut self, peer: PeerId) {
        let most = self.config.settings().batch_max;
        if let Some(known) = self.peers.get_mut(&peer) {
            known.batch = (known.batch * 2).min(most);
            known.fruitless = 0;
        }
    }
}

/// Judges the blocks that have come for the heights from `start` to `end`, the last of which must have a root if one is
/// known. Fewer may have come.
///
/// An honest peer answers out of one chain, so its blocks have the heights that were asked for and are linked.
fn judge(start: u64, end: u64, expected: Option<Hash256>, blocks: &Blocks) -> Result<(), Offence> {
    if blocks.is_empty() {
        return Err(Offence::Empty);
    }
    if blocks.len() as u64 > end - start + 1 {
        return Err(Offence::Lie);
    }
    let mut before: Option<Hash256> = None;
    for (height, block) in (start..).zip(blocks) {
        let header = &block.signed_block.block.header;
        if header.height != height || before.is_some_and(|root| root != header.parent_root) {
            return Err(Offence::Lie);
        }
        before = Some(header.root());
    }
    let is_whole = blocks.len() as u64 == end - start + 1;
    if is_whole && expected.is_some() && before != expected {
        return Err(Offence::Astray);
    }
    Ok(())
}
