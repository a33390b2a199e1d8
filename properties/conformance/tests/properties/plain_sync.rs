//! A plain sync engine: one request for blocks at a time, forward from its tip, and from the shown tip down where that does not
//! link. It obeys the rules, and each of its faults is one line that breaks one of them.

use std::{cmp::Reverse, collections::BTreeMap};

use alys_conformance::{
    chain::Root,
    sync::{SyncAnswer, SyncAsk, SyncBlock, SyncCommand, SyncParameters, SyncStatus, SyncTip},
};

use super::{
    plain_sync_faults::{
        ASKS_ONCE, BAD_CERTIFICATE_IS_NO_LIE, BANS_FOR_GOOD, BANS_FOR_NOISE, BANS_FOR_SILENCE,
        BATCH_FROM_ITS_START, DEADLINE_ONE_LATE, DEADLINE_TWICE, EMPTY_COSTS_NOTHING, EMPTY_IS_THE_END,
        ENTERS_THE_TIP_AGAIN, ENTERS_UNCERTIFIED, FORGED_IS_NO_LIE, HOLDS_BLOCKS, IGNORES_WHO_WAS_BANNED,
        KEEPS_THE_GONE, KEEPS_THE_NOISY, NEVER_WALKS_BACK, NO_STATUS_DEADLINE, NOISE_COSTS_ALL,
        OVERSIZED_IS_NO_LIE, REUSES_NUMBERS, SCORE_STAYS, SCORES_ABOVE, TAKES_ANY_TIP, TAKES_ORPHANS,
        TARGET_FROM_A_CLAIM, UNLINKED_IS_NO_LIE, WAITS_FOR_THE_LATE, WAITS_FOR_THE_LIAR,
    },
    plain_sync_record::Record,
};

/// A peer that is connected.
#[derive(Clone, Debug, Default)]
pub(super) struct Peer {
    pub(super) claim: Option<SyncTip>,
    pub(super) shown: Option<SyncTip>,
    /// When it is asked where it is.
    pub(super) due: u64,
    /// How many blocks it was asked for.
    pub(super) load: u64,
    /// How often it has failed at what is asked for now.
    pub(super) failures: u64,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Status,
    Proof,
    Forward,
    Down,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) peer: u64,
    pub(super) deadline: u64,
    pub(super) purpose: Purpose,
    what: SyncAsk,
}

/// The engine, and its chain.
#[derive(Clone, Debug)]
pub(super) struct PlainSync<const FAULT: usize> {
    pub(super) parameters: SyncParameters,
    pub(super) now: u64,
    pub(super) blocks: BTreeMap<Root, SyncBlock>,
    pub(super) head: SyncBlock,
    pub(super) entered: Vec<Root>,
    pub(super) peers: BTreeMap<u64, Peer>,
    pub(super) records: BTreeMap<u64, Record<FAULT>>,
    pub(super) open: BTreeMap<u64, Open>,
    pub(super) requests: u64,
    /// Where it does not link: the root that is fetched next, and what was fetched from the tip down.
    pub(super) down: Option<(Root, Vec<SyncBlock>)>,
    /// From which height on it asks, with a fault.
    pub(super) again_from: Option<u64>,
    /// What has not entered yet, with a fault.
    pub(super) held: Vec<SyncBlock>,
    /// Who is waited for, with a fault.
    pub(super) waits_for: Option<u64>,
    /// An empty answer has come, with a fault.
    pub(super) ended: bool,
    pub(super) commands: Vec<SyncCommand>,
}

impl<const FAULT: usize> PlainSync<FAULT> {
    pub(super) fn is(fault: usize) -> bool {
        FAULT == fault
    }

    pub(super) fn may_be_asked_at(&self, peer: u64) -> Option<u64> {
        self.records.get(&peer)?.may_be_asked_at()
    }

    pub(super) fn may_be_asked(&self, peer: u64) -> bool {
        self.may_be_asked_at(peer).is_some_and(|at| at <= self.now)
    }

    /// The best tip that a connected peer has shown.
    pub(super) fn best(&self) -> Option<SyncTip> {
        let tip =
            |peer: &Peer| if Self::is(TARGET_FROM_A_CLAIM) { peer.claim.or(peer.shown) } else { peer.shown };
        self.peers.values().filter_map(tip).max_by_key(|tip| (tip.height, Reverse(tip.root)))
    }

    pub(super) fn ask(&mut self, peer: u64, purpose: Purpose, what: SyncAsk) {
        self.requests += u64::from(!Self::is(REUSES_NUMBERS) || !self.open.contains_key(&self.requests));
        let unbounded = Self::is(NO_STATUS_DEADLINE) && purpose == Purpose::Status;
        let times = if unbounded { 100 } else { 1 + u64::from(Self::is(DEADLINE_TWICE)) };
        let longer = u64::from(Self::is(DEADLINE_ONE_LATE));
        let deadline = self.now + times * self.parameters.request_timeout + longer;
        self.open.insert(self.requests, Open { peer, deadline, purpose, what });
        if let Some(record) = self.records.get_mut(&peer) {
            record.asked();
        }
        self.commands.push(SyncCommand::Ask { peer, request: self.requests, what });
    }

    /// Gives up what was not answered in time.
    pub(super) fn expire(&mut self) {
        let late = |open: &Open| open.deadline <= self.now;
        let late: Vec<u64> =
            self.open.iter().filter(|(_, open)| late(open)).map(|(request, _)| *request).collect();
        for request in late {
            let Some(open) = self.open.remove(&request) else { continue };
            self.commands.push(SyncCommand::Cancel { peer: open.peer, request });
            if Self::is(WAITS_FOR_THE_LATE) && open.purpose == Purpose::Forward {
                self.waits_for = Some(open.peer);
            }
            self.fails(&open, 50);
            if Self::is(BANS_FOR_SILENCE) {
                self.lies(open.peer);
            }
        }
    }

    /// A request has failed.
    fn fails(&mut self, open: &Open, cost: i64) {
        if let Some(peer) = self.peers.get_mut(&open.peer) {
            match open.purpose {
                Purpose::Status | Purpose::Proof => peer.due = self.now + self.parameters.status_interval,
                Purpose::Forward | Purpose::Down => peer.failures += 1,
            }
        }
        if let Some(record) = self.records.get_mut(&open.peer) {
            record.failed(&self.parameters, self.now, cost);
        }
    }

    /// A peer has lied, and that was counted as a failure already.
    fn lies(&mut self, peer: u64) {
        let Some(record) = self.records.get_mut(&peer) else { return };
        if let Some(until) = record.lied(&self.parameters, self.now) {
            self.leave(peer);
            self.commands.extend([SyncCommand::Disconnect { peer }, SyncCommand::Ban { peer, until }]);
        }
    }

    /// A peer has lied; with a fault, that is a failure like others.
    fn lie(&mut self, open: &Open, fault: usize) {
        if Self::is(WAITS_FOR_THE_LIAR) && open.purpose == Purpose::Forward {
            self.waits_for = Some(open.peer);
        }
        self.fails(open, 250);
        if !Self::is(fault) {
            self.lies(open.peer);
        }
    }

    pub(super) fn leave(&mut self, peer: u64) {
        if !Self::is(KEEPS_THE_GONE) {
            self.peers.remove(&peer);
        }
        self.open.retain(|_, open| open.peer != peer);
        self.waits_for = self.waits_for.filter(|other| *other != peer);
        if let Some(record) = self.records.get_mut(&peer) {
            record.left(self.now);
        }
    }

    pub(super) fn malformed(&mut self, peer: u64) {
        if let Some(record) = self.records.get_mut(&peer) {
            record.failed(&self.parameters, self.now, if Self::is(SCORE_STAYS) { 0 } else { 200 });
        }
        if Self::is(BANS_FOR_NOISE) {
            self.lies(peer);
        }
        let all: Vec<u64> = self.peers.keys().copied().collect();
        for other in all {
            let goes = other == peer && !Self::is(KEEPS_THE_NOISY) || Self::is(NOISE_COSTS_ALL);
            if goes {
                self.leave(other);
                self.commands.push(SyncCommand::Disconnect { peer: other });
            }
        }
    }

    pub(super) fn connected(&mut self, peer: u64) {
        let record = self.records.entry(peer).or_default();
        let banned = record.banned_until;
        if banned.is_some_and(|until| self.now < until || Self::is(BANS_FOR_GOOD)) {
            self.commands.push(SyncCommand::Disconnect { peer });
            return;
        }
        let never = banned.is_some() && Self::is(IGNORES_WHO_WAS_BANNED);
        let due = if never { u64::MAX } else { self.now };
        self.peers.insert(peer, Peer { due, ..Peer::default() });
    }

    pub(super) fn answered(&mut self, open: Open, answer: &SyncAnswer) {
        match (open.purpose, answer) {
            (_, SyncAnswer::Malformed) => self.malformed(open.peer),
            (Purpose::Status, SyncAnswer::Status(status)) => self.claimed(open.peer, *status),
            (_, SyncAnswer::Blocks(blocks)) if blocks.is_empty() => {
                self.ended |= Self::is(EMPTY_IS_THE_END) && open.purpose == Purpose::Forward;
                self.fails(&open, if Self::is(EMPTY_COSTS_NOTHING) { 0 } else { 100 });
            }
            (Purpose::Proof, SyncAnswer::Blocks(blocks)) => self.shown(&open, blocks),
            (Purpose::Forward, SyncAnswer::Blocks(blocks)) => self.forward(&open, blocks),
            (Purpose::Down, SyncAnswer::Blocks(blocks)) => self.further_down(&open, blocks),
            _ => self.fails(&open, 50),
        }
    }

    fn succeeded(&mut self, peer: u64) {
        if let Some(record) = self.records.get_mut(&peer) {
            record.succeeded();
        }
    }

    fn claimed(&mut self, peer: u64, status: SyncStatus) {
        self.succeeded(peer);
        let (genesis, interval) = (self.parameters.genesis, self.parameters.status_interval);
        let may = self.may_be_asked(peer);
        let Some(known) = self.peers.get_mut(&peer) else { return };
        known.claim = Some(status.head);
        known.due = if Self::is(ASKS_ONCE) { u64::MAX } else { self.now + interval };
        if status.head.root == genesis.root {
            known.shown = Some(genesis.tip());
        } else if may && known.shown.is_none_or(|tip| tip.root != status.head.root) {
            self.ask(peer, Purpose::Proof, SyncAsk::Root(status.head.root));
        }
    }

    fn shown(&mut self, open: &Open, blocks: &[SyncBlock]) {
        let known = self.peers.get_mut(&open.peer);
        match (known, blocks) {
            (Some(known), [block]) if SyncAsk::Root(block.root) == open.what && block.certified => {
                known.shown = Some(block.tip());
                self.succeeded(open.peer);
                if let Some(block) = self.blocks.get(&block.root).filter(|_| Self::is(TAKES_ANY_TIP)) {
                    self.head = *block;
                }
            }
            _ => self.lie(open, FORGED_IS_NO_LIE),
        }
    }

    /// Blocks have come for the heights above the tip.
    fn forward(&mut self, open: &Open, blocks: &[SyncBlock]) {
        let SyncAsk::Range { start, count } = open.what else { return };
        let linked = blocks.windows(2).all(|pair| pair[1].parent == pair[0].root);
        let in_order = (start..).zip(blocks).all(|(height, block)| height == block.height);
        if blocks.len() as u64 > count {
            return self.lie(open, OVERSIZED_IS_NO_LIE);
        }
        if !linked || !in_order {
            return self.lie(open, UNLINKED_IS_NO_LIE);
        }
        if Self::is(HOLDS_BLOCKS) {
            self.held.extend(blocks);
            self.again_from = blocks.last().map(|block| block.height + 1);
            if self.again_from <= self.best().map(|tip| tip.height) {
                return;
            }
        }
        let held = std::mem::take(&mut self.held);
        let blocks = if held.is_empty() { blocks } else { &held };
        self.again_from = None;
        for block in blocks {
            if !block.certified && !Self::is(ENTERS_UNCERTIFIED) {
                self.again_from = Some(start).filter(|_| Self::is(BATCH_FROM_ITS_START));
                return self.lie(open, BAD_CERTIFICATE_IS_NO_LIE);
            }
            if !self.blocks.contains_key(&block.parent) && !Self::is(TAKES_ORPHANS) {
                self.down =
                    self.best().map(|tip| (tip.root, Vec::new())).filter(|_| !Self::is(NEVER_WALKS_BACK));
                return;
            }
            self.enter(*block);
        }
        if Self::is(ENTERS_THE_TIP_AGAIN) && self.best().is_some_and(|tip| tip.root == self.head.root) {
            self.entered.push(self.head.root);
        }
        self.succeeded(open.peer);
        if let Some(record) = self.records.get_mut(&open.peer) {
            record.score =
                if Self::is(SCORES_ABOVE) { record.score + 200 } else { (record.score + 20).min(1000) };
        }
        self.peers.values_mut().for_each(|peer| peer.failures = 0);
        if let Some(peer) = self.peers.get_mut(&open.peer).filter(|_| (blocks.len() as u64) < count) {
            peer.failures = 1;
        }
    }

    /// A block on the way from the shown tip down has come.
    fn further_down(&mut self, open: &Open, blocks: &[SyncBlock]) {
        let Some((root, fetched)) = &mut self.down else { return };
        match blocks {
            [block] if block.root == *root && block.certified => {
                *root = block.parent;
                fetched.push(*block);
                if let Some(known) = self.peers.get_mut(&open.peer)
                    && known.claim == Some(block.tip())
                {
                    known.shown = known.claim;
                }
                self.succeeded(open.peer);
            }
            _ => self.lie(open, FORGED_IS_NO_LIE),
        }
    }

    pub(super) fn enter(&mut self, block: SyncBlock) {
        if self.blocks.insert(block.root, block).is_none() {
            self.entered.push(block.root);
        }
        let rank = |block: &SyncBlock| (block.height, Reverse(block.root));
        if rank(&block) > rank(&self.head) {
            self.head = block;
        }
    }
}
