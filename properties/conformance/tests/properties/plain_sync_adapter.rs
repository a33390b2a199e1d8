//! The plain sync engine as the kit drives it.

use std::collections::BTreeMap;

use alys_conformance::{
    chain::Root,
    sync::{SyncAnswer, SyncCapabilities, SyncCommand, SyncEvent, SyncParameters, SyncTip, SyncUnderTest},
};

use super::{
    plain_sync::PlainSync,
    plain_sync_faults::{FORGETS_THE_LAST, STARTS_OVER, TAKES_LATE_ANSWERS},
};

impl<const FAULT: usize> SyncUnderTest for PlainSync<FAULT> {
    fn name() -> String {
        "plain".to_owned()
    }

    fn capabilities() -> SyncCapabilities {
        SyncCapabilities::ALL
    }

    fn cases() -> u32 {
        120
    }

    fn make(parameters: &SyncParameters) -> Result<Self, String> {
        let held = parameters.held.iter().chain([&parameters.genesis]);
        Ok(PlainSync {
            now: 0,
            blocks: held.map(|block| (block.root, *block)).collect(),
            head: *parameters.held.last().unwrap_or(&parameters.genesis),
            entered: Vec::new(),
            peers: BTreeMap::new(),
            records: BTreeMap::new(),
            open: BTreeMap::new(),
            requests: 0,
            down: None,
            again_from: None,
            held: Vec::new(),
            waits_for: None,
            ended: false,
            commands: Vec::new(),
            parameters: parameters.clone(),
        })
    }

    fn handle(&mut self, event: &SyncEvent, now: u64) -> Vec<SyncCommand> {
        self.now = now;
        self.ended = false;
        self.expire();
        match event {
            SyncEvent::Connected(peer) => self.connected(*peer),
            SyncEvent::Disconnected(peer) => self.leave(*peer),
            SyncEvent::Malformed(peer) => self.malformed(*peer),
            SyncEvent::Answer { peer, request, answer } => match (self.open.remove(request), answer) {
                (Some(open), _) => self.answered(open, answer),
                (None, SyncAnswer::Blocks(blocks))
                    if Self::is(TAKES_LATE_ANSWERS) && self.peers.contains_key(peer) =>
                {
                    blocks.iter().filter(|block| block.certified).for_each(|block| {
                        if self.blocks.contains_key(&block.parent) {
                            self.enter(*block);
                        }
                    });
                }
                (None, _) => {}
            },
            SyncEvent::Tick => {}
        }
        self.ask_where_they_are();
        self.download();
        std::mem::take(&mut self.commands)
    }

    fn next_wakeup(&self) -> Option<u64> {
        let deadlines = self.open.values().map(|open| open.deadline);
        let due =
            self.peers.iter().filter_map(|(peer, known)| Some(known.due.max(self.may_be_asked_at(*peer)?)));
        let may = self.peers.keys().filter_map(|peer| self.may_be_asked_at(*peer));
        let slot = self.parameters.slot;
        // What is fresh changes with the slot.
        let next = (self.now / slot + 1) * slot;
        deadlines.chain(due).chain(may).filter(|at| *at > self.now).chain([next]).min()
    }

    fn head(&self) -> SyncTip {
        self.head.tip()
    }

    fn entered(&mut self) -> Vec<Root> {
        std::mem::take(&mut self.entered)
    }

    fn says_synced(&self) -> bool {
        self.is_synced()
    }

    fn gate_is_open(&self) -> bool {
        self.is_open()
    }

    fn score(&self, peer: u64) -> Option<i64> {
        Some(self.records.get(&peer)?.score)
    }

    fn restart(&mut self) -> Result<(), String> {
        let mut again = Self::make(&self.parameters)?;
        (again.blocks, again.head, again.now) = (self.blocks.clone(), self.head, self.now);
        again.again_from = Some(1).filter(|_| Self::is(STARTS_OVER));
        if Self::is(FORGETS_THE_LAST)
            && let Some(parent) = again.blocks.get(&again.head.parent).copied()
        {
            again.blocks.remove(&self.head.root);
            again.head = parent;
        }
        *self = again;
        Ok(())
    }
}
