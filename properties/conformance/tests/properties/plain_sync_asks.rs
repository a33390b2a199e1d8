//! What the plain sync engine asks of whom.

use std::cmp::Reverse;

use alys_conformance::{
    chain::Root,
    sync::{SyncAsk, SyncTip},
};

use super::{
    plain_sync::{Open, Peer, PlainSync, Purpose},
    plain_sync_faults::{
        ASKS_ALL_AT_ONCE, ASKS_THE_FIRST, LEANS_ON_ONE, ONE_TOO_MANY, STOPS_ONE_BEFORE, TARGET_FROM_A_CLAIM,
        TOP_FIRST, USES_FIVE,
    },
};

impl<const FAULT: usize> PlainSync<FAULT> {
    pub(super) fn ask_where_they_are(&mut self) {
        let asked = |peer: u64, open: &Open| {
            open.peer == peer && matches!(open.purpose, Purpose::Status | Purpose::Proof)
        };
        let due = self.peers.iter().filter(|(peer, known)| {
            let busy = self.open.values().any(|open| asked(**peer, open));
            known.due <= self.now && !busy && self.may_be_asked(**peer)
        });
        let due: Vec<u64> = due.map(|(peer, _)| *peer).collect();
        due.into_iter().for_each(|peer| self.ask(peer, Purpose::Status, SyncAsk::Status));
    }

    /// Asks for what comes next, if nothing is asked for.
    pub(super) fn download(&mut self) {
        let busy = self.open.values().any(|open| matches!(open.purpose, Purpose::Forward | Purpose::Down));
        let Some(target) = self.best() else { return };
        let rank = |tip: &SyncTip| (tip.height, Reverse(tip.root));
        if busy && !Self::is(ASKS_ALL_AT_ONCE) || rank(&target) <= rank(&self.head.tip()) {
            return;
        }
        if target.height <= self.head.height && self.down.is_none() {
            self.down = Some((target.root, Vec::new()));
        }
        if let Some((root, _)) = self.down {
            return self.download_down(root);
        }
        let start = self.again_from.unwrap_or(self.head.height + 1);
        while let Some(peer) = self.choose(start) {
            let known = self.peers.entry(peer).or_default();
            let tip = known.shown.map_or(0, |tip| tip.height);
            let tip = if Self::is(TARGET_FROM_A_CLAIM) { target.height } else { tip };
            let top = tip - u64::from(Self::is(STOPS_ONE_BEFORE));
            let most = self.parameters.batch_max + u64::from(Self::is(ONE_TOO_MANY));
            let count = (top + 1).saturating_sub(start).min(most);
            if count == 0 {
                return;
            }
            known.load += count;
            self.ask(peer, Purpose::Forward, SyncAsk::Range { start, count });
            if !Self::is(ASKS_ALL_AT_ONCE) {
                return;
            }
        }
    }

    fn download_down(&mut self, root: Root) {
        if !self.blocks.contains_key(&root) {
            if let Some(peer) = self.choose(0) {
                self.ask(peer, Purpose::Down, SyncAsk::Root(root));
            }
            return;
        }
        let (_, mut fetched) = self.down.take().unwrap_or_default();
        if !Self::is(TOP_FIRST) {
            fetched.reverse();
        }
        fetched.into_iter().for_each(|block| self.enter(block));
        self.download();
    }

    /// Who is asked for a height: of those who have shown one as high and may be asked, who has failed least at it and was
    /// asked least.
    fn choose(&self, height: u64) -> Option<u64> {
        let has = |known: &Peer| known.shown.or(known.claim).is_some_and(|tip| tip.height >= height);
        let free =
            |peer: u64| !self.open.values().any(|open| open.peer == peer && open.purpose == Purpose::Forward);
        let used = |peer: u64| !Self::is(USES_FIVE) || peer < 5;
        let able = self.peers.iter().filter(|(peer, known)| {
            let waited = self.waits_for.is_none_or(|other| other == **peer);
            self.may_be_asked(**peer) && has(known) && free(**peer) && waited && used(**peer)
        });
        let load = |peer: u64, load: u64| match FAULT {
            ASKS_THE_FIRST => 0,
            LEANS_ON_ONE if peer == 0 => load / 2,
            _ => load,
        };
        let chosen = able.min_by_key(|(peer, known)| (known.failures, load(**peer, known.load), **peer));
        chosen.map(|(peer, _)| *peer)
    }
}
