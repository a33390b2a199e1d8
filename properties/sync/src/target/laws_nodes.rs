//! A node with its chain on a real store, which syncs through crashes, losses and liars (SY-1, SY-8, SY-9, CH-6, CH-7).

use alys_chain::scheme::Ideal;
use alys_chain::store::{ChainStore as _, MemoryDisk};
use alys_chain::stored::Stored;
use alys_chain::transition::{Balances, Transfers};
use alys_engines::draw::SplitMix;
use alys_engines::violation::{caught, check_eq, violated};
use alys_wire::containers::CertifiedBlock;
use alys_wire::message::{Request, Response, ResponseBody, Status};

use super::alys::config::Settings;
use super::alys::engine::RequestId;
use super::alys::network::{NetworkCommand, NetworkEvent, Outcome};
use super::alys::node::{Consensus, SyncNode};
use super::alys::peer::PeerId;
use crate::chains::{Certified, Realm, forged, header, root};

type Node = SyncNode<Ideal, Transfers, Stored<Transfers>>;

/// How many peers there are.
const PEERS: u64 = 3;

/// So many steps are enough for every sync.
const STEPS_MAX: u64 = 5_000;

/// What the syncs met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disturbed {
    /// How many syncs completed.
    pub syncs: u64,
    /// Their blocks.
    pub blocks: u64,
    /// Points of failure.
    pub failures: u64,
    /// Crashes among them.
    pub crashes: u64,
    /// Checkpoints that were verified at the end.
    pub checkpoints: u64,
}

/// A node, its disk, and what it has asked for.
pub(super) struct Place {
    realm: Realm,
    disk: MemoryDisk,
    settings: Settings,
    pub(super) node: Node,
    now: u64,
    pub(super) open: Vec<(PeerId, RequestId, Request)>,
    /// The lowest height that was asked for since the last start.
    lowest: u64,
}

fn started(realm: &Realm, disk: &MemoryDisk, settings: Settings) -> Node {
    let stored = Stored::open(disk, "chain", realm.config, Transfers, Balances::default());
    let stored = stored.unwrap_or_else(|error| violated("CH-8", format!("the store: {error}")));
    let consensus = Consensus {
        scheme: realm.ideal.clone(),
        authorities: realm.authorities.clone(),
        chain: realm.config,
        genesis: realm.genesis.root(),
    };
    let config = settings.check().expect("settings of a law");
    Node::restore(stored, consensus, None, config)
        .unwrap_or_else(|error| violated("SY-9", format!("what is durable is no node: {error}")))
}

impl Place {
    pub(super) fn new(realm: Realm, settings: Settings, now: u64) -> Self {
        let disk = MemoryDisk::new();
        let node = started(&realm, &disk, settings);
        Place { realm, disk, settings, node, now, open: Vec::new(), lowest: u64::MAX }
    }

    /// Does what the node asks of its network.
    fn carry(&mut self, commands: Vec<NetworkCommand>) {
        for command in commands {
            match command {
                NetworkCommand::Request { peer, request, message } => {
                    if let Request::BlocksByRange(range) = &message {
                        self.lowest = self.lowest.min(range.start);
                    }
                    self.open.push((peer, request, message));
                }
                NetworkCommand::Cancel { request, .. } => self.open.retain(|(_, open, _)| *open != request),
                NetworkCommand::Disconnect { peer, .. } => self.open.retain(|(of, ..)| *of != peer),
                NetworkCommand::Ban { .. }
                | NetworkCommand::Respond { .. }
                | NetworkCommand::Publish { .. } => {}
            }
        }
    }

    pub(super) fn tell(&mut self, event: NetworkEvent) {
        let commands = self.node.handle(event, self.now);
        self.told();
        self.carry(commands);
    }

    /// Sync knows of the chain what the chain is, at once; of a node that has failed it knows no more than is durable.
    fn told(&self) {
        if self.node.failure().is_none() {
            let (chain, known) = (self.node.chain(), self.node.sync().local());
            check_eq("SY-4", "the tip that sync knows", &chain.head(), &known.head);
            check_eq("SY-4", "the final block that sync knows", &chain.finalised(), &known.finalised);
        }
    }

    pub(super) fn connect(&mut self, peer: u64) {
        self.tell(NetworkEvent::Connected { peer: PeerId(peer) });
    }

    fn disconnect(&mut self, peer: u64) {
        self.open.retain(|(of, ..)| *of != PeerId(peer));
        self.tell(NetworkEvent::Disconnected { peer: PeerId(peer) });
    }

    /// Time passes up to the next thing that the node waits for.
    pub(super) fn pass(&mut self) {
        self.now = self.node.next_wakeup().map_or(self.now + 1_000, |at| at.max(self.now + 1));
        let commands = self.node.tick(self.now);
        self.carry(commands);
    }

    /// The node stops, and another one is started of what is durable.
    pub(super) fn crash(&mut self) {
        let (height, finalised) = (self.node.chain().head().height, self.node.chain().finalised().height);
        let next = Place::new(self.realm.clone(), self.settings, self.now);
        let old = std::mem::replace(self, next);
        self.disk = old.disk.clone();
        drop(old.node);
        self.node = started(&self.realm, &self.disk, self.settings);
        check_eq("SY-9", "the durable tip", &height, &self.node.chain().head().height);
        check_eq("SY-9", "what is final", &finalised, &self.node.chain().finalised().height);
        (1..=PEERS).for_each(|peer| self.connect(peer));
    }

    /// Answers the oldest request out of a chain, which something may happen to.
    pub(super) fn answer(&mut self, chain: &[Certified], spoil: impl FnOnce(&mut Vec<CertifiedBlock>)) {
        let (peer, request, message) = self.open.remove(0);
        let block = |height: u64| chain.get(usize::try_from(height.checked_sub(1)?).ok()?);
        let mut blocks: Vec<CertifiedBlock> = match &message {
            Request::BlocksByRange(range) => {
                let heights = range.start..range.start + range.count;
                heights.filter_map(block).map(|one| CertifiedBlock::clone(one)).collect()
            }
            Request::BlocksByRoot(roots) => {
                let wanted = chain.iter().filter(|one| roots.contains(&root(one)));
                wanted.map(|one| CertifiedBlock::clone(one)).collect()
            }
            _ => {
                let tip = chain.last().expect("a chain");
                let status =
                    Status { head_root: root(tip), head_slot: header(tip).slot, ..Status::default() };
                let outcome = Outcome::Answered(vec![Response::Success(ResponseBody::Status(status))]);
                return self.tell(NetworkEvent::Response { peer, request, outcome });
            }
        };
        spoil(&mut blocks);
        let body = |block| Response::Success(ResponseBody::Block(Box::new(block)));
        let outcome = Outcome::Answered(blocks.into_iter().map(body).collect());
        self.tell(NetworkEvent::Response { peer, request, outcome });
    }

    /// Something fails.
    fn fail(&mut self, kind: u64, peer: u64, chain: &[Certified]) {
        match kind {
            0 | 1 => self.crash(),
            2 => {
                self.disconnect(peer);
                self.connect(peer);
            }
            3 => self.open.clear(),
            4 if !self.open.is_empty() => {
                let (peer, request, _) = self.open.remove(0);
                self.tell(NetworkEvent::Response { peer, request, outcome: Outcome::Unavailable });
            }
            5 if !self.open.is_empty() => self.answer(chain, |blocks| {
                if let Some(last) = blocks.last_mut() {
                    *last = CertifiedBlock::clone(&forged(last));
                }
            }),
            6 if !self.open.is_empty() => self.answer(chain, |blocks| drop(blocks.pop())),
            _ => {}
        }
    }
}

/// With an interval of 10 to 100, 100 to 1000 blocks and 0 to 10 points of failure, sync completes, every checkpoint is verified, and
/// its height is a multiple of the interval.
///
/// # Panics
///
/// Raises a violation when that is not so.
pub fn disturbed_syncs_complete(first: u64, count: u64) -> Disturbed {
    let mut met = Disturbed::default();
    for seed in first..first + count {
        let mut dice = SplitMix(seed);
        let mut between = |least: u64, most: u64| least + dice.next() % (most - least + 1);
        let (interval, blocks) = (between(10, 100), between(100, 1_000));
        let mut failures: Vec<_> =
            (0..between(0, 10)).map(|_| (between(0, blocks), between(0, 6), between(1, PEERS))).collect();
        failures.sort_unstable();
        failures.reverse();
        let threads = between(1, 3);
        let played = caught(|| disturbed(interval, blocks, failures.clone(), threads, &mut met));
        played.unwrap_or_else(|message| {
            panic!("{message}\nin sync {seed}: {blocks} blocks, interval {interval}, failures {failures:?}")
        });
    }
    met
}

fn disturbed(
    interval: u64,
    blocks: u64,
    mut failures: Vec<(u64, u64, u64)>,
    threads: u64,
    met: &mut Disturbed,
) {
    let realm = Realm::with_interval(interval);
    let chain = realm.chain(&realm.genesis, blocks, 0);
    let settings = Settings { threads, sample: 1, request_timeout: 2_000, ..Settings::default() };
    let mut place = Place::new(realm, settings, (blocks + 1) * 4_000);
    (1..=PEERS).for_each(|peer| place.connect(peer));
    for _ in 0..STEPS_MAX {
        let height = place.node.chain().head().height;
        if failures.last().is_some_and(|(at, ..)| *at <= height) {
            let (_, kind, peer) = failures.pop().unwrap_or_default();
            met.failures += 1;
            met.crashes += u64::from(kind < 2);
            place.fail(kind, peer, &chain);
            let base = place.node.chain().finalised().height;
            place.lowest = place.lowest.max(base + 1);
        }
        if height == blocks && failures.is_empty() {
            return finished(place, &chain, interval, met);
        }
        let returning: Vec<_> =
            (1..=PEERS).filter(|peer| place.node.sync().peers().all(|there| there.0 != *peer)).collect();
        returning.into_iter().for_each(|peer| place.connect(peer));
        if place.open.is_empty() { place.pass() } else { place.answer(&chain, |_| {}) }
    }
    violated(
        "SY-1",
        format!("it does not end: {:?} of {blocks}, {:?}", place.node.chain().head(), place.node.state()),
    );
}

fn finished(place: Place, chain: &[Certified], interval: u64, met: &mut Disturbed) {
    let (node, blocks) = (&place.node, chain.len() as u64);
    check_eq("SY-1", "the tip", &chain.last().map(|one| root(one)), &Some(node.chain().head().root));
    let store = node.durable().store();
    // Of blocks in consecutive slots the last but one is final.
    let finalised = node.chain().finalised().height;
    check_eq("SY-1", "what is final", &(blocks - 1), &finalised);
    let verified = store.verify().unwrap_or_else(|error| violated("CH-7", error.to_string()));
    check_eq(
        "CH-7",
        "what verify finds",
        &(finalised / interval, None),
        &(verified.checked, verified.damaged),
    );
    for height in 1..=blocks {
        let found = store.checkpoint(height).unwrap_or_else(|error| violated("CH-7", error.to_string()));
        let due = height % interval == 0 && height <= finalised;
        check_eq("CH-6", &format!("whether there is a checkpoint at {height}"), &due, &found.is_some());
    }
    met.syncs += 1;
    met.blocks += blocks;
    met.checkpoints += finalised / interval;
}

/// Any number of workers, threads and peers gives the same chain and the same checkpoints as one.
pub fn workers_change_nothing() -> u64 {
    let mut tried = 0;
    let mut first = None;
    for (workers, threads, peers, batch) in [(1, 1, 1, 64), (6, 2, 3, 64), (3, 4, 2, 8), (16, 3, 3, 5)] {
        let realm = Realm::with_interval(10);
        let chain = realm.chain(&realm.genesis, 120, 0);
        let settings = Settings {
            workers,
            threads,
            batch_min: batch.min(4),
            batch_max: batch,
            sample: 1,
            ..Settings::default()
        };
        let mut place = Place::new(realm, settings, 130 * 4_000);
        (1..=peers).for_each(|peer| place.connect(peer));
        for _ in 0..STEPS_MAX {
            if place.node.chain().head().height == 120 {
                break;
            }
            if place.open.is_empty() { place.pass() } else { place.answer(&chain, |_| {}) }
        }
        check_eq("SY-8", "the tip", &120, &place.node.chain().head().height);
        let store = place.node.durable().store();
        let point =
            |height| store.checkpoint(height).unwrap_or_else(|error| violated("CH-7", error.to_string()));
        let made: Vec<_> = (1..=11).map(|place| format!("{:?}", point(place * 10))).collect();
        let end = (place.node.chain().head().root, place.node.chain().finalised().root, made);
        check_eq("SY-8", "chain and checkpoints", first.get_or_insert_with(|| end.clone()), &end);
        tried += 1;
    }
    tried
}

/// Signatures that are wrong are found wherever they are, by any number of threads.
pub fn a_bad_signature_is_found_anywhere() -> u64 {
    let mut tried = 0;
    for threads in 1..=4 {
        for bad in 0..7_usize {
            let realm = Realm::with_interval(10);
            let chain = realm.chain(&realm.genesis, 8, 0);
            let settings = Settings { threads, sample: 1, batch_min: 7, batch_max: 7, ..Settings::default() };
            let mut place = Place::new(realm, settings, 9 * 4_000);
            place.connect(1);
            for _ in 0..2 {
                place.answer(&chain, |_| {});
            }
            place.answer(&chain, |blocks| blocks[bad] = CertifiedBlock::clone(&forged(&blocks[bad])));
            check_eq(
                "SY-6",
                &format!("what is taken by {threads}"),
                &(bad as u64),
                &place.node.chain().head().height,
            );
            let metrics = place.node.sync().metrics();
            check_eq("SY-7", "the lies, and the blocks", &(1, bad as u64), &(metrics.lies, metrics.blocks));
            tried += 1;
        }
    }
    tried
}

/// A tip is certified by a quorum, for itself, with signatures that were made.
pub fn a_tip_must_be_certified() -> u64 {
    let realm = Realm::with_interval(10);
    let chain = realm.chain(&realm.genesis, 8, 0);
    let (tip, before) = (&chain[7], &chain[6]);
    let foreign = CertifiedBlock { certificate: before.certificate.clone(), ..CertifiedBlock::clone(tip) };
    let shown = [
        (CertifiedBlock::clone(tip), Some(8)),
        (CertifiedBlock::clone(&forged(tip)), None),
        (CertifiedBlock::clone(&realm.uncertified(tip)), None),
        (foreign, None),
    ];
    let count = shown.len() as u64;
    for (block, proved) in shown {
        let settings = Settings { sample: 1, ..Settings::default() };
        let mut place = Place::new(realm.clone(), settings, 9 * 4_000);
        place.connect(1);
        place.answer(&chain, |_| {});
        place.answer(&chain, |blocks| *blocks = vec![block]);
        check_eq("SY-4", "what is proved", &proved, &place.node.sync().best().map(|tip| tip.block.height));
    }
    count
}
