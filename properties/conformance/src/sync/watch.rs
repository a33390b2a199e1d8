//! What everything that an engine does is held to: the truth of the case, and what was sent and received.

mod answers;
mod commands;
mod enters;
mod says;

use std::collections::{BTreeMap, BTreeSet};

use alys_models::sync::{ModelPeer, PeerSetting, ProvedTip, SyncTruth, TruthSetting};

use super::{
    capabilities::SyncCapabilities,
    steps::Behaviour,
    subject::SyncParameters,
    words::{SyncAsk, SyncBlock, SyncCommand, SyncEvent, SyncStatus, SyncTip},
    world::World,
};
use crate::{chain::Root, court::Differences};

/// What an engine has done with an event, and how it is then.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) commands: Vec<SyncCommand>,
    pub(super) entered: Vec<Root>,
    pub(super) head: SyncTip,
    pub(super) says: bool,
    pub(super) gate: bool,
    /// The scores of all peers that it knows.
    pub(super) scores: BTreeMap<u64, i64>,
}

/// A request that was sent and has not ended.
#[derive(Clone, Copy, Debug)]
struct Open {
    peer: u64,
    at: u64,
    what: SyncAsk,
}

/// Why a height has to be asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// What came for it was bad or nothing.
    Bad,
    /// Nothing came for it.
    Unanswered,
}

/// What is known of a peer.
#[derive(Clone, Debug, Default)]
struct Known {
    /// Since when it is connected.
    connected: Option<u64>,
    /// Whether it was ever anything but honest.
    doubtful: bool,
    /// Whether a request to it has ever failed.
    failed: bool,
    claim: Option<SyncStatus>,
    model: ModelPeer,
    /// How often it has lied since its last ban, as anybody can see who has its answer.
    lies: u64,
    /// The same, with what is a lie only if it is looked at.
    lies_at_most: u64,
    /// How often it has failed otherwise.
    faults: u64,
    /// Until when it is banned, until it was asked after that.
    banned: Option<u64>,
    /// When it was connected, asked or heard last.
    touched: u64,
    /// How many blocks it was asked for.
    load: u64,
}

/// What an event means, whoever the engine is.
#[derive(Clone, Debug, Default)]
struct Meaning {
    /// An empty answer has come.
    empty: bool,
    /// A peer says something of its tip that it has not shown.
    claim: bool,
    /// Who has sent what cannot be decoded.
    malformed: Option<u64>,
    /// It is the answer to a request that is over.
    late: bool,
    /// Who has told one provable lie too many.
    to_ban: Option<u64>,
    /// Who has failed.
    failed: BTreeSet<u64>,
    /// A block with a bad certificate has come.
    uncertified: bool,
    /// Who was connected.
    connected: Option<u64>,
}

/// Holds an engine to the rules, event by event.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    able: SyncCapabilities,
    parameters: SyncParameters,
    setting: PeerSetting,
    truth: SyncTruth,
    now: u64,
    peers: BTreeMap<u64, Known>,
    open: BTreeMap<u64, Open>,
    last_request: Option<u64>,
    /// The blocks of its chain.
    chain: BTreeMap<Root, u64>,
    /// The blocks that peers have sent, and whether with a good certificate.
    sent: BTreeMap<Root, SyncBlock>,
    head: SyncTip,
    /// The height of the tip when what is done with an event is done.
    reached: u64,
    says: bool,
    gate: bool,
    scores: BTreeMap<u64, i64>,
    /// The highest tip that was ever shown.
    shown_most: u64,
    /// The height of the tip at the last restart.
    restarted_at: Option<u64>,
    /// Which heights have to be asked for again, of whom they were asked, and why that came to nothing.
    again: BTreeMap<u64, (u64, Cause)>,
    /// The heights of good blocks that have come and must be waiting to enter.
    waiting: BTreeSet<u64>,
    /// Whether there is one chain alone: no peer has sent blocks of another.
    single: bool,
    /// How many peers had shown the tip or were connected when blocks were asked for first; nothing when that does not count.
    equals: Option<usize>,
}

/// A number as an index.
fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn proved(tip: SyncTip) -> ProvedTip {
    ProvedTip { height: tip.height, slot: tip.slot, root: tip.root }
}

impl Watch {
    /// Watches an engine from its beginning.
    pub(super) fn new(able: SyncCapabilities, parameters: &SyncParameters, head: SyncTip) -> Self {
        let setting = PeerSetting {
            backoff_ms_min: parameters.backoff_min,
            backoff_ms_max: parameters.backoff_max,
            breaker_failures: size(parameters.breaker_failures),
            breaker_window_ms: parameters.breaker_window,
            breaker_open_ms: parameters.breaker_open,
            lies_to_ban: size(parameters.ban_after),
            ban_ms: parameters.ban_time,
        };
        let truth = TruthSetting {
            freshness_slots: parameters.freshness_slots,
            sample_min: size(parameters.sample),
            max_lag_blocks: parameters.max_lag_blocks,
            bootstrap: parameters.bootstrap,
        };
        let held = parameters.held.iter().chain([&parameters.genesis]);
        Watch {
            able,
            parameters: parameters.clone(),
            setting,
            truth: SyncTruth::new(truth, proved(head)),
            now: 0,
            peers: BTreeMap::new(),
            open: BTreeMap::new(),
            last_request: None,
            chain: held.map(|block| (block.root, block.height)).collect(),
            sent: BTreeMap::new(),
            head,
            reached: head.height,
            says: false,
            gate: false,
            scores: BTreeMap::new(),
            shown_most: head.height,
            restarted_at: None,
            again: BTreeMap::new(),
            waiting: BTreeSet::new(),
            single: true,
            equals: None,
        }
    }

    /// The tip as it was seen last.
    pub(super) fn head(&self) -> SyncTip {
        self.head
    }

    /// Whether it said that it is synced when it was asked last.
    pub(super) fn says(&self) -> bool {
        self.says
    }

    /// Whether a peer that was never anything but honest is connected.
    pub(super) fn has_honest_peer(&self) -> bool {
        self.peers.values().any(|known| known.connected.is_some() && !known.doubtful)
    }

    /// How a peer behaves from now on.
    pub(super) fn told(&mut self, peer: u64, behaviour: Behaviour) {
        let known = self.peers.entry(peer).or_default();
        known.doubtful |= behaviour != Behaviour::Honest;
        self.single &= !behaviour.forks();
        self.forget();
    }

    /// Honest peers have another chain.
    pub(super) fn reorganised(&mut self) {
        self.single = false;
        self.forget();
    }

    /// What was asked for and what waits may be given up without anybody's fault.
    fn forget(&mut self) {
        self.again.clear();
        self.waiting.clear();
        self.equals = None;
    }

    /// The engine was made again: it knows nobody, and its tip must be what it was.
    pub(super) fn restarted(&mut self, head: SyncTip, says: bool, gate: bool) -> Differences {
        use super::clauses::RESTARTED;
        for known in self.peers.values_mut() {
            *known = Known { doubtful: known.doubtful, banned: None, ..Known::default() };
        }
        let peers: Vec<u64> = self.peers.keys().copied().collect();
        peers.into_iter().for_each(|peer| self.truth.left(peer));
        self.open.clear();
        self.last_request = None;
        self.scores.clear();
        self.forget();
        self.restarted_at = Some(head.height);
        (self.says, self.gate) = (says, gate);
        match head == self.head {
            true => Vec::new(),
            false => {
                let (was, is) = (self.head.height, head.height);
                vec![(&RESTARTED, format!("after a restart the tip is at height {is}, and was at {was}"))]
            }
        }
    }

    /// Looks at what an engine has made of an event.
    pub(super) fn after(&mut self, event: &SyncEvent, seen: &Seen, now: u64, world: &World) -> Differences {
        (self.now, self.truth.slot) = (now, now / self.parameters.slot);
        let mut differences = Vec::new();
        let mut meaning = self.meaning(event);
        self.reached = seen.head.height;
        if meaning.late {
            self.changes_nothing(seen, &mut differences);
        }
        for command in &seen.commands {
            self.command(command, &mut meaning, &mut differences);
        }
        self.owes(&meaning, seen, &mut differences);
        self.enters(&meaning, seen, &mut differences);
        self.says_what_holds(&meaning, seen, world, &mut differences);
        self.scored(&meaning, seen, &mut differences);
        self.bounded(&mut differences);
        differences
    }

    /// A peer is gone, whoever says so.
    fn leave(&mut self, peer: u64) {
        let (setting, now) = (self.setting, self.now);
        let known = self.peers.entry(peer).or_default();
        known.model.left(&setting, now);
        known.connected = None;
        known.claim = None;
        self.truth.left(peer);
        self.open.retain(|_, open| open.peer != peer);
        self.forget();
    }

    /// A request to a peer has failed.
    fn fails(&mut self, peer: u64, meaning: &mut Meaning) {
        let (setting, now) = (self.setting, self.now);
        let known = self.peers.entry(peer).or_default();
        known.model.failed(&setting, now);
        known.failed = true;
        meaning.failed.insert(peer);
    }

    /// Whether the load of so many equal peers is shared: of those that were there when blocks were asked for first.
    pub(super) fn shares(&self, batches: u64) -> Option<(usize, u64, u64)> {
        let equals = self.equals?;
        let loads: Vec<u64> = self.peers.values().map(|known| known.load).collect();
        let (sum, most) = (loads.iter().sum::<u64>(), loads.iter().copied().max().unwrap_or(0));
        let used = loads.iter().filter(|load| **load > 0).count();
        let enough = equals == loads.len() && sum >= batches * self.parameters.batch_max * equals as u64;
        enough.then_some((used, sum, most))
    }
}
