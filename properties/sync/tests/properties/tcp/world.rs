//! Hosts, each with a supervised node on a medium of its own, and what is held while their time passes.

use std::{future::pending, rc::Rc, sync::Arc, time::Duration};

use alys_actor::{
    TokioClock,
    mailbox::Clock,
    supervised::{Adopted, adopt, keep_time},
    supervision::{Supervision, SupervisionConfig},
};
use alys_chain::{
    engine::{Event, Signatures},
    node::Node,
    scheme::Ideal,
};
use alys_sync::{
    config::Settings,
    gate::Gate,
    node::{Consensus, SyncNode},
    peer::PeerId,
    shell::{Outlook, SyncActor, WallClock},
    simulated::{Journal, Truth, TruthPlan},
    state::SyncState,
};
use tokio::{sync::watch, task::spawn_local};
use turmoil::{Builder, Sim};

use super::network::TcpNetwork;
use super::streams;

/// How much time passes in a step.
const TICK: Duration = Duration::from_millis(20);

/// How long a world lasts at most.
const BOUND: Duration = Duration::from_secs(600);

/// What one node is made of, whoever is at its place.
struct Place {
    number: PeerId,
    journal: Journal,
    outlook: Outlook,
    gate: watch::Receiver<Gate>,
    state: watch::Receiver<SyncState>,
}

/// What all hosts know.
struct Common {
    truth: Truth<Ideal>,
    /// What the clocks show when the world begins, in milliseconds.
    start: u64,
    numbers: Vec<PeerId>,
    settings: Settings,
}

/// What was seen of a world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// What every node has said, and when: what two worlds of one seed have in common.
    pub(super) log: Vec<String>,
    /// How long it took until all were at the tip, in milliseconds.
    pub(super) took_ms: u64,
    /// How often a node was looked at.
    pub(super) looks: u64,
}

/// Nodes on hosts, and the chain that there is.
pub(super) struct World<'a> {
    pub(super) sim: Sim<'a>,
    common: Rc<Common>,
    places: Vec<Rc<Place>>,
    heights: Vec<u64>,
    seen: Seen,
}

impl<'a> World<'a> {
    /// Nodes that have the truth up to these heights, the first of them numbered 1; messages take up to 80 ms.
    pub(super) fn new(seed: u64, blocks: u64, heights: &[u64], fail_rate: f64) -> Self {
        let truth = Truth::ideal(&TruthPlan { seed, blocks, ..TruthPlan::default() }).expect("a truth");
        let start = truth.starts(blocks).expect("its last block");
        let numbers: Vec<_> = (1..=heights.len() as u64).map(PeerId).collect();
        // The breaker would keep peers out for minutes of which each costs as much as a sync.
        let settings = Settings {
            batch_max: 8,
            request_timeout: 2_000,
            breaker_open: 5_000,
            backoff_max: 4_000,
            ..Settings::default()
        };
        let mut builder = Builder::new();
        builder.rng_seed(seed).tick_duration(TICK).simulation_duration(BOUND * 2);
        builder.min_message_latency(Duration::from_millis(5)).max_message_latency(Duration::from_millis(80));
        builder.fail_rate(fail_rate).repair_rate(0.5).tcp_capacity(1 << 16);
        let common = Common { truth, start, numbers, settings };
        let mut world = World {
            sim: builder.build(),
            common: Rc::new(common),
            places: Vec::new(),
            heights: heights.to_vec(),
            seen: Seen::default(),
        };
        for (number, height) in world.common.numbers.clone().into_iter().zip(heights) {
            world.settle(number, *height);
        }
        world
    }

    /// Puts a node in its place.
    fn settle(&mut self, number: PeerId, height: u64) {
        let (common, (outlook, gate, state)) = (Rc::clone(&self.common), Outlook::new());
        let journal = Journal::new(common.truth.config(), common.truth.genesis());
        let place = Rc::new(Place { number, journal, outlook, gate, state });
        let mut first = node(&common, &place);
        for height in 1..=height {
            let block = Arc::clone(&common.truth.canonical(height).expect("a block").block);
            first.chain_event(Event::Import { block, signatures: Signatures::Verified }, common.start);
        }
        self.places.push(Rc::clone(&place));
        self.sim.host(streams::host(number), move || stays(Rc::clone(&common), Rc::clone(&place)));
    }

    /// The address of a node, counted from 0.
    pub(super) fn host(&self, at: usize) -> String {
        streams::host(self.places[at].number)
    }

    /// Does something to the links of a node with all others.
    pub(super) fn links(&mut self, of: usize, change: impl Fn(&mut Sim<'a>, String, String)) {
        for other in (0..self.places.len()).filter(|other| *other != of) {
            let (one, two) = (self.host(of), self.host(other));
            change(&mut self.sim, one, two);
        }
    }

    /// The durable height of a node.
    pub(super) fn height(&self, at: usize) -> u64 {
        let head = self.places[at].journal.head();
        self.common.truth.block(&head).map_or(0, |block| block.height())
    }

    /// Lets a medium fail after so many more operations.
    pub(super) fn fail_after(&self, at: usize, more: u64, comes_through: bool) {
        self.places[at].journal.fail_after(more, comes_through);
    }

    fn tip(&self) -> u64 {
        self.common.truth.plan().blocks
    }

    /// Lets a step pass, and looks at every node.
    pub(super) fn step(&mut self) {
        self.sim.step().expect("hosts stay");
        let tip = self.tip();
        for at in 0..self.places.len() {
            let (height, place) = (self.height(at), &self.places[at]);
            let (state, gate) = (*place.state.borrow(), *place.gate.borrow());
            assert!(height >= self.heights[at], "SY-2: node {at} goes back from {}", self.heights[at]);
            // Nobody shows another tip than the one that there is, and it was there before the world began.
            let is_up = self.sim.is_host_running(self.host(at));
            assert!(
                !is_up || state != SyncState::Synced || height == tip,
                "SY-4: node {at} is synced at {height}"
            );
            let lag = tip - height;
            assert!(
                !is_up || gate != Gate::Open || 1000 * lag <= 5 * tip,
                "SY-5: node {at} may produce at {height}"
            );
            if height != self.heights[at] {
                self.heights[at] = height;
                self.seen
                    .log
                    .push(format!("{} node {at} is at {height}, {state:?}", self.sim.elapsed().as_millis()));
            }
            self.seen.looks += 1;
        }
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, time: Duration) {
        let until = self.sim.elapsed() + time;
        while self.sim.elapsed() < until {
            self.step();
        }
    }

    /// Lets time pass until a node has a height, if that comes.
    pub(super) fn reach(&mut self, at: usize, height: u64) {
        while self.height(at) < height {
            assert!(self.sim.elapsed() < BOUND, "SY-1: node {at} stays at {}", self.height(at));
            self.step();
        }
    }

    /// Lets time pass until every node is at the tip, says so, and may produce.
    pub(super) fn all_come_to_the_tip(mut self) -> Seen {
        let there = |place: &Rc<Place>| {
            (*place.state.borrow(), *place.gate.borrow()) == (SyncState::Synced, Gate::Open)
        };
        let tip = self.tip();
        while !(self.places.iter().all(there) && self.heights.iter().all(|height| *height == tip)) {
            let stands: Vec<_> = self.places.iter().map(|place| *place.state.borrow()).collect();
            assert!(
                self.sim.elapsed() < BOUND,
                "SY-1: the tip is {tip}, nodes are at {:?}, {stands:?}",
                self.heights
            );
            self.step();
        }
        self.seen.took_ms = self.sim.elapsed().as_millis() as u64;
        self.seen
    }
}

fn node(common: &Common, place: &Place) -> SyncNode<Ideal, alys_chain::transition::Transfers, Journal> {
    let truth = &common.truth;
    let (scheme, authorities) = (truth.scheme().clone(), truth.authorities().clone());
    let engine = place.journal.engine(*truth.config(), scheme.clone(), authorities.clone());
    let engine = engine.expect("what is durable is a chain");
    let consensus =
        Consensus { scheme, authorities, chain: *truth.config(), genesis: truth.genesis_ref().root };
    SyncNode::new(
        Node::new(engine, place.journal.clone()),
        consensus,
        common.settings.check().expect("settings"),
    )
}

/// What runs on a host: a supervised node, which stays.
async fn stays(common: Rc<Common>, place: Rc<Place>) -> turmoil::Result {
    let clock: Arc<dyn Clock> = Arc::new(TokioClock::new());
    let since = turmoil::sim_elapsed().unwrap_or_default().as_millis() as u64;
    let wall = WallClock { clock: Arc::clone(&clock), origin: common.start + since };
    let supervision = Supervision::new(&SupervisionConfig::default(), clock)?;
    spawn_local(keep_time(supervision.clone()));
    let _orders = adopt(&supervision, Adopted::new("sync", "root"), move || {
        let (common, place, clock) = (Rc::clone(&common), Rc::clone(&place), wall.clone());
        SyncActor::new(clock.clone(), place.outlook.clone(), move || {
            place.journal.repair();
            let others: Vec<_> =
                common.numbers.iter().copied().filter(|other| *other != place.number).collect();
            Ok((node(&common, &place), TcpNetwork::new(place.number, &others, &clock)))
        })
    })?;
    supervision.start("root")?;
    pending().await
}
