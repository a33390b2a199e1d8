//! What every action of an engine is held to, whatever the script: nothing here follows the engine's own reasons.

use std::collections::{BTreeMap, BTreeSet};

use alys_engines::violation::{check_eq, violated};
use alys_models::sync::{Ledger, ModelPeer, Owed, PeerSetting, ProvedTip, SyncTruth, TruthSetting};
use alys_wire::codes::FailureCode;
use alys_wire::containers::Hash256;
use alys_wire::message::{Request, Status};

use super::alys::config::Settings;
use super::alys::engine::{Action, Answer, Event, Local, RequestId, SyncEngine, Ticket};
use super::alys::gate::{Closed, Gate};
use super::alys::peer::PeerId;
use super::alys::state::SyncState;
use crate::chains::{Certified, header, root};

/// Holds an engine to the rules, event by event.
#[derive(Clone, Debug)]
pub struct Watch {
    /// What the engine is configured with.
    pub settings: Settings,
    pub(super) genesis: Hash256,
    /// What is true.
    pub truth: SyncTruth,
    pub(super) ledger: Ledger,
    pub(super) peers: BTreeMap<PeerId, ModelPeer>,
    pub(super) connected: BTreeSet<PeerId>,
    /// What a peer has claimed last, and what it was asked to show for it.
    pub(super) claims: BTreeMap<PeerId, Status>,
    /// What each open request asks for.
    pub(super) asked: BTreeMap<RequestId, Request>,
    /// Blocks whose certificates are being verified, and who has shown them.
    pub(super) shown: BTreeMap<Ticket, (Vec<PeerId>, Certified)>,
    /// Blocks that peers have shown when they were asked to, and nobody has verified yet.
    pub(super) unverified: Vec<(PeerId, Certified)>,
    /// Work that is given away.
    pub(super) tickets: BTreeSet<Ticket>,
    pub(super) processing: Option<(Ticket, u64)>,
    /// How many states were said.
    pub states_said: u64,
    pub(super) state: SyncState,
    pub(super) gate: Gate,
    pub(super) own: Local,
    /// What was final from the beginning.
    pub(super) base: u64,
    /// The highest that our tip ever was.
    pub highest_own: u64,
}

impl Watch {
    /// Watches an engine from its beginning.
    #[must_use]
    pub fn new(settings: Settings, genesis: Hash256, own: Local, now: u64) -> Self {
        let truth = TruthSetting {
            freshness_slots: settings.freshness_slots,
            sample_min: usize::try_from(settings.sample).unwrap_or(usize::MAX),
            max_lag_blocks: settings.max_lag_blocks,
            bootstrap: settings.bootstrap,
        };
        let mut truth = SyncTruth::new(truth, tip(&own));
        truth.slot = now / 1000 / crate::chains::SLOT_SECONDS;
        Watch {
            settings,
            genesis,
            truth,
            ledger: Ledger::default(),
            peers: BTreeMap::new(),
            connected: BTreeSet::new(),
            claims: BTreeMap::new(),
            asked: BTreeMap::new(),
            shown: BTreeMap::new(),
            unverified: Vec::new(),
            tickets: BTreeSet::new(),
            processing: None,
            states_said: 0,
            state: SyncState::Idle,
            gate: if settings.bootstrap { Gate::Open } else { Gate::Closed(Closed::Unknown) },
            own,
            base: own.finalised.height,
            highest_own: own.head.height,
        }
    }
}

/// A tip of ours, as the model has it.
fn tip(local: &Local) -> ProvedTip {
    ProvedTip { height: local.head.height, slot: local.head_slot, root: local.head.root.0 }
}

impl Watch {
    /// Looks at what an engine made of an event.
    ///
    /// # Panics
    ///
    /// Raises a violation of the rule that does not hold.
    pub fn after(&mut self, event: &Event, actions: &[Action], engine: &SyncEngine, now: u64, slot: u64) {
        self.truth.slot = slot;
        self.before(event, now);
        for action in actions {
            self.action(action, now);
        }
        self.shows(event, actions);
        self.compare(engine, actions);
        self.bounds(engine, event, now);
    }

    /// What an event means by itself.
    fn before(&mut self, event: &Event, now: u64) {
        match event {
            Event::Connected { peer } => {
                self.connected.insert(*peer);
                self.truth.joined(peer.0);
            }
            Event::Disconnected { peer } => self.leave(*peer, now),
            Event::Local(local) => {
                self.own = *local;
                self.truth.own = tip(local);
                self.highest_own = self.highest_own.max(local.head.height);
            }
            Event::Answer { peer, request, answer } => {
                if self.ledger.answered(request.0, peer.0).is_some() {
                    self.answered(*peer, *request, answer, now);
                }
            }
            Event::Verified { ticket, valid } => self.verify(*ticket, *valid),
            Event::Processed { ticket, .. } => {
                let taken = self.processing.take_if(|(open, _)| open == ticket);
                if taken.is_none() {
                    violated("SY-3", format!("the script ends {ticket:?}, which is not under way"));
                }
            }
            Event::Malformed { .. } | Event::Tick | Event::Failed => {}
        }
    }

    /// A peer is gone, whoever says so.
    fn leave(&mut self, peer: PeerId, now: u64) {
        let setting = self.peer_setting();
        if let Some(model) = self.peers.get_mut(&peer) {
            model.left(&setting, now);
        }
        self.connected.remove(&peer);
        self.truth.left(peer.0);
        self.ledger.left(peer.0);
        self.claims.remove(&peer);
        self.unverified.retain(|(from, _)| *from != peer);
        for (from, _) in self.shown.values_mut() {
            from.retain(|one| *one != peer);
        }
    }

    /// An answer to a request that is owed: claims are kept, and blocks shown for them.
    fn answered(&mut self, peer: PeerId, request: RequestId, answer: &Answer, now: u64) {
        let asked = self.asked.remove(&request);
        match (answer, asked) {
            (Answer::Status(status), Some(Request::Status(_))) => {
                self.claims.insert(peer, status.clone());
                let same = status.fork_digest.0 == self.settings.fork_digest;
                if same && status.head_root == self.genesis {
                    self.truth.proved(peer.0, ProvedTip { height: 0, slot: 0, root: self.genesis.0 });
                }
                self.peers.entry(peer).or_default().succeeded();
            }
            (Answer::Blocks(blocks), Some(Request::BlocksByRoot(_))) => {
                if !blocks.is_empty() {
                    self.peers.entry(peer).or_default().succeeded();
                }
                let claimed = self.claims.get(&peer).map(|status| status.head_root);
                if let [block] = &blocks[..]
                    && Some(root(block)) == claimed
                {
                    self.unverified.push((peer, block.clone()));
                }
            }
            (Answer::Refused { code: FailureCode::RateLimited }, _) => {
                self.peers.entry(peer).or_default().put_off(now);
            }
            (Answer::Refused { .. } | Answer::Malformed(_) | Answer::Unavailable, _) => {
                self.failed(peer, now);
            }
            (Answer::Blocks(blocks), Some(Request::BlocksByRange(_))) if blocks.is_empty() => {
                self.failed(peer, now);
            }
            // What is wrong with blocks is for the laws of batches.
            (Answer::Blocks(_), Some(Request::BlocksByRange(_))) => {
                self.peers.entry(peer).or_default().succeeded();
            }
            _ => {}
        }
    }

    fn failed(&mut self, peer: PeerId, now: u64) {
        let setting = self.peer_setting();
        let model = self.peers.entry(peer).or_default();
        model.failed(&setting, now);
    }

    /// The limits of peers.
    fn peer_setting(&self) -> PeerSetting {
        let Settings { backoff_min, backoff_max, breaker_window, breaker_open, ban_time, .. } = self.settings;
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        PeerSetting {
            backoff_ms_min: backoff_min,
            backoff_ms_max: backoff_max,
            breaker_failures: size(self.settings.breaker_failures),
            breaker_window_ms: breaker_window,
            breaker_open_ms: breaker_open,
            lies_to_ban: size(self.settings.ban_after),
            ban_ms: ban_time,
        }
    }

    /// A certificate is verified: what was shown counts now, unless the peer has claimed something else since.
    fn verify(&mut self, ticket: Ticket, valid: bool) {
        let Some((peers, block)) = self.shown.remove(&ticket) else {
            violated("SY-4", format!("the script verifies {ticket:?}, which nobody asked for"))
        };
        for peer in peers.into_iter().filter(|_| valid) {
            let own = header(&block);
            let tip = ProvedTip { height: own.height, slot: own.slot, root: root(&block).0 };
            self.truth.proved(peer.0, tip);
        }
    }

    /// Which of the blocks that peers have shown are to be verified.
    fn shows(&mut self, event: &Event, actions: &[Action]) {
        for action in actions {
            let Action::Verify { ticket, block } = action else { continue };
            let (same, others) = self.unverified.drain(..).partition(|(_, shown)| shown == block);
            let same: Vec<(PeerId, Certified)> = same;
            self.unverified = others;
            if same.is_empty() {
                violated("SY-4", format!("{event:?}: a block is verified that no peer has shown: {block:?}"));
            }
            let peers = same.into_iter().map(|(peer, _)| peer).collect();
            self.shown.insert(*ticket, (peers, block.clone()));
        }
        self.unverified.clear();
    }

    fn action(&mut self, action: &Action, now: u64) {
        match action {
            Action::Send { peer, request, message } => self.sends(*peer, *request, message, now),
            Action::Cancel { peer, request } => {
                let Some(owed) = self.ledger.answered(request.0, peer.0) else {
                    violated("SY-10", format!("{request:?} of {peer:?} is given up and was not open"))
                };
                if now >= owed.at + self.settings.request_timeout {
                    self.failed(*peer, now);
                }
                self.asked.remove(request);
            }
            Action::Verify { ticket, .. } => self.works(*ticket),
            Action::Process { ticket, blocks } => {
                self.works(*ticket);
                self.processes(*ticket, blocks);
            }
            Action::Disconnect { peer, .. } => {
                if !self.connected.contains(peer) {
                    violated("WR-5", format!("{peer:?} is disconnected and was not connected"));
                }
                self.leave(*peer, now);
            }
            Action::Ban { peer, until } => {
                check_eq("SY-7", "the end of a ban", &(now + self.settings.ban_time), until);
                if self.connected.contains(peer) {
                    violated("SY-7", format!("{peer:?} is banned and stays connected"));
                }
            }
            Action::Say(state) => {
                if !super::states::FOLLOWS.contains(&(self.state, *state)) {
                    violated("SY-1", format!("{state:?} is said after {:?}", self.state));
                }
                self.state = *state;
                self.states_said += 1;
            }
            Action::Gate(gate) => {
                if self.gate == *gate {
                    violated("SY-5", format!("{gate:?} is told twice"));
                }
                self.gate = *gate;
            }
        }
    }

    fn sends(&mut self, peer: PeerId, request: RequestId, message: &Request, now: u64) {
        if !self.connected.contains(&peer) {
            violated("SY-7", format!("{message:?} is sent to {peer:?}, which is not connected"));
        }
        let blocks = if let Request::BlocksByRange(range) = message { range.count } else { 0 };
        if !self.ledger.asked(request.0, Owed { peer: peer.0, at: now, blocks }) {
            violated("SY-10", format!("{request:?} is used again"));
        }
        let setting = self.peer_setting();
        let model = self.peers.entry(peer).or_default();
        if !model.may_be_asked(&setting, now) {
            violated(
                "SY-7",
                format!("{message:?} is sent to {peer:?} at {now}, which is to be left alone: {model:?}"),
            );
        }
        model.asked();
        if let Request::BlocksByRange(range) = message {
            let Settings { batch_max, .. } = self.settings;
            if range.step != 1 || range.count == 0 || range.count > batch_max || range.start == 0 {
                violated(
                    "SY-10",
                    format!("{range:?} is asked for, allowed are 1 to {batch_max} blocks in a row"),
                );
            }
            if range.start <= self.base {
                violated(
                    "SY-9",
                    format!("{range:?} is asked for, {} was final from the beginning", self.base),
                );
            }
        }
        self.asked.insert(request, message.clone());
    }

    fn works(&mut self, ticket: Ticket) {
        if !self.tickets.insert(ticket) {
            violated("SY-3", format!("{ticket:?} is used again"));
        }
    }

    /// SY-3: blocks enter in the order of the chain, one batch after the other.
    fn processes(&mut self, ticket: Ticket, blocks: &[Certified]) {
        let linked = blocks.windows(2).all(|pair| {
            let (parent, child) = (header(&pair[0]), header(&pair[1]));
            child.parent_root == parent.root() && child.height == parent.height + 1
        });
        if !linked || blocks.is_empty() {
            let heights: Vec<_> = blocks.iter().map(|block| header(block).height).collect();
            violated("SY-3", format!("blocks of {heights:?} are no chain"));
        }
        if let Some(other) = self.processing.replace((ticket, blocks.len() as u64)) {
            violated("SY-3", format!("{ticket:?} begins before {other:?} has ended"));
        }
    }
}
