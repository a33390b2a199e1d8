//! What events mean: which answers are proofs, failures and lies.

use super::{Cause, Known, Meaning, Open, Watch, proved};
use crate::sync::words::{SyncAnswer, SyncAsk, SyncBlock, SyncEvent, SyncStatus};

impl Watch {
    /// What an event means by itself.
    pub(super) fn meaning(&mut self, event: &SyncEvent) -> Meaning {
        let mut meaning = Meaning::default();
        match event {
            SyncEvent::Connected(peer) => {
                let known = self.peers.entry(*peer).or_default();
                (known.connected, known.touched) = (Some(self.now), self.now);
                self.truth.joined(*peer);
                meaning.connected = Some(*peer);
            }
            SyncEvent::Disconnected(peer) => self.leave(*peer),
            SyncEvent::Malformed(peer) => self.malformed(*peer, &mut meaning),
            SyncEvent::Answer { peer, request, answer } => {
                if let SyncAnswer::Blocks(blocks) = answer {
                    self.receives(blocks, &mut meaning);
                }
                match self.open.get(request).copied() {
                    Some(open) if open.peer == *peer => {
                        self.open.remove(request);
                        self.answered(open, answer, &mut meaning);
                    }
                    _ => meaning.late = true,
                }
            }
            SyncEvent::Tick => {}
        }
        meaning
    }

    /// Notes which blocks there are to be had.
    fn receives(&mut self, blocks: &[SyncBlock], meaning: &mut Meaning) {
        for block in blocks {
            let good = self.sent.get(&block.root).is_some_and(|sent| sent.certified);
            meaning.uncertified |= !block.certified;
            self.sent.insert(block.root, SyncBlock { certified: good || block.certified, ..*block });
        }
    }

    fn malformed(&mut self, peer: u64, meaning: &mut Meaning) {
        self.fails(peer, meaning);
        self.known(peer).faults += 1;
        meaning.malformed = Some(peer);
    }

    fn known(&mut self, peer: u64) -> &mut Known {
        self.peers.entry(peer).or_default()
    }

    fn answered(&mut self, open: Open, answer: &SyncAnswer, meaning: &mut Meaning) {
        let (peer, now) = (open.peer, self.now);
        self.known(peer).touched = now;
        match (open.what, answer) {
            (_, SyncAnswer::Malformed) => {
                self.ask_again(open.what, peer, Cause::Bad);
                self.malformed(peer, meaning);
            }
            (SyncAsk::Status, SyncAnswer::Status(claim)) => self.claims(peer, *claim, meaning),
            (SyncAsk::Root(root), SyncAnswer::Blocks(blocks)) => match &blocks[..] {
                [] => self.empty(open, meaning),
                [block] if block.root == root => self.shown(peer, block, meaning),
                _ => self.known(peer).lies_at_most += 1,
            },
            (SyncAsk::Range { .. }, SyncAnswer::Blocks(blocks)) if blocks.is_empty() => {
                self.empty(open, meaning);
            }
            (SyncAsk::Range { start, count }, SyncAnswer::Blocks(blocks)) => {
                self.batch(peer, start, count, blocks, meaning);
            }
            _ => {
                self.ask_again(open.what, peer, Cause::Bad);
                self.fails(peer, meaning);
                self.known(peer).faults += 1;
            }
        }
    }

    fn claims(&mut self, peer: u64, claim: SyncStatus, meaning: &mut Meaning) {
        let known = self.known(peer);
        known.model.succeeded();
        known.claim = Some(claim);
        if claim.head.root == self.parameters.genesis.root {
            self.truth.proved(peer, proved(self.parameters.genesis.tip()));
        } else {
            meaning.claim = self.truth.tip_of(peer).is_none_or(|tip| tip.root != claim.head.root);
        }
    }

    /// A peer has shown a block: the one that it claims, or another one.
    fn shown(&mut self, peer: u64, block: &SyncBlock, meaning: &mut Meaning) {
        let known = self.known(peer);
        let claims = known.claim.is_some_and(|claim| claim.head.root == block.root);
        // Whether it is a failure as well is for the engine to say; the milder way is counted.
        known.model.succeeded();
        match (block.certified, claims) {
            (true, true) => {
                self.truth.proved(peer, proved(block.tip()));
                self.shown_most = self.shown_most.max(block.height);
            }
            (true, false) => {}
            (false, true) => self.lies(peer, meaning),
            (false, false) => known.lies_at_most += 1,
        }
    }

    fn empty(&mut self, open: Open, meaning: &mut Meaning) {
        meaning.empty = true;
        self.ask_again(open.what, open.peer, Cause::Bad);
        self.fails(open.peer, meaning);
        self.known(open.peer).faults += 1;
    }

    /// Blocks have come for a range.
    fn batch(&mut self, peer: u64, start: u64, count: u64, blocks: &[SyncBlock], meaning: &mut Meaning) {
        let linked = blocks.windows(2).all(|pair| pair[1].parent == pair[0].root);
        let in_order = (start..).zip(blocks).all(|(height, block)| height == block.height);
        if blocks.len() as u64 > count || !linked || !in_order {
            self.again.insert(start, (peer, Cause::Bad));
            self.fails(peer, meaning);
            return self.lies(peer, meaning);
        }
        self.known(peer).model.succeeded();
        let bad = blocks.iter().find(|block| !block.certified);
        if let Some(bad) = bad {
            self.again.insert(bad.height, (peer, Cause::Bad));
            // Behind the tip it is looked at now; elsewhere it may never be.
            match self.single && start == self.head.height + 1 {
                true => self.lies(peer, meaning),
                false => self.known(peer).lies_at_most += 1,
            }
        } else if self.single {
            self.waiting.extend(blocks.iter().map(|block| block.height));
        }
    }

    /// A lie that anybody can see who has the answer.
    fn lies(&mut self, peer: u64, meaning: &mut Meaning) {
        let ban_after = self.parameters.ban_after;
        let known = self.known(peer);
        known.lies += 1;
        known.lies_at_most += 1;
        if known.lies >= ban_after {
            meaning.to_ban = Some(peer);
        }
    }

    /// What was asked for has to be asked for again.
    pub(super) fn ask_again(&mut self, what: SyncAsk, peer: u64, cause: Cause) {
        if let SyncAsk::Range { start, .. } = what {
            self.again.insert(start, (peer, cause));
        }
    }
}
