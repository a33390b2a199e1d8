//! How fast nodes are over libp2p and loopback: a sync from one peer beside the same sync on the simulated network, how long a mesh takes to
//! form, how long a message takes through it, and what many nodes in one process need.
//!
//! `cargo bench --profile release -p alys-p2p-properties --bench loopback`

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program whose output is its purpose")]

use std::{
    cell::RefCell, collections::BTreeMap, fs, future::poll_fn, rc::Rc, sync::Arc, task::Poll, time::Duration,
};

use alys_actor::TokioClock;
use alys_chain::{
    engine::{Event, Signatures},
    node::Node,
    scheme::Ideal,
    transition::Transfers,
};
use alys_engines::measure::Stopwatch;
use alys_p2p::{config::Config, identity::keypair, shell::Libp2pNetwork};
use alys_p2p_properties::real::rig::{Rig, START};
use alys_sync::{
    config::Settings,
    network::{Network as _, NetworkCommand, NetworkEvent},
    node::{Consensus, SyncNode},
    shell::WallClock,
    simulated::{Journal, LinkPlan, PeerPlan, Plan, Simulation, Truth, TruthPlan},
};
use alys_wire::{
    containers::SignedBlock,
    gossip::GossipMessage,
    protocol::Protocol,
    quota::{Quota, QuotaTable},
};

use tokio::{
    sync::{
        Notify,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    task::{LocalSet, spawn_local},
};

/// How many blocks are synced.
const BLOCKS: u64 = 10_000;

/// How often what is compared is measured; the medians count.
const ROUNDS: usize = 5;

/// How many messages are sent through a mesh, and how large each is.
const MESSAGES: usize = 100;
const MESSAGE_BYTES: usize = 4_096;

type Real = SyncNode<Ideal, Transfers, Journal>;

/// Quotas that hold nobody up: what is measured is the network.
fn quotas() -> QuotaTable {
    QuotaTable::default()
        .with(Protocol::BlocksByRange, Quota::new(10_000_000, Duration::from_secs(1)).unwrap())
}

fn settings() -> Settings {
    Settings { sample: 1, quotas: quotas(), ..Settings::default() }
}

fn plan() -> Plan {
    Plan {
        truth: TruthPlan { blocks: BLOCKS, transfers: 0, ..TruthPlan::default() },
        known: BLOCKS,
        peers: vec![PeerPlan::default()],
        link: LinkPlan { latency_min_ms: 0, latency_max_ms: 0, ..LinkPlan::default() },
        sync: settings(),
        ..Plan::default()
    }
}

fn node(truth: &Truth<Ideal>, height: u64) -> Real {
    let journal = Journal::new(truth.config(), truth.genesis());
    let (scheme, authorities) = (truth.scheme().clone(), truth.authorities().clone());
    let engine = journal.engine(*truth.config(), scheme.clone(), authorities.clone()).unwrap();
    let consensus =
        Consensus { scheme, authorities, chain: *truth.config(), genesis: truth.genesis_ref().root };
    let mut node = SyncNode::new(Node::new(engine, journal), consensus, settings().check().unwrap());
    for height in 1..=height {
        let block = Arc::clone(&truth.canonical(height).unwrap().block);
        let event = Event::Import { block, signatures: Signatures::Trusted };
        drop(node.chain_event(event, truth.starts(BLOCKS).unwrap()));
    }
    node
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, work)
}

/// A sync from one peer over libp2p: how long it takes from the start of the second node on.
fn over_libp2p(truth: &Truth<Ideal>) -> f64 {
    run(async {
        let config = Config { quotas: quotas(), ..Config::default() };
        let (mut rig, mut nodes) = (Rig::new(), BTreeMap::new());
        rig.silent = vec![0, 1];
        rig.add(0, &config);
        nodes.insert(0, node(truth, BLOCKS));
        nodes.insert(1, node(truth, 0));
        let bootstrap = vec![rig.address(0).await];
        let ahead = truth.starts(BLOCKS).unwrap().wrapping_sub(START);
        let watch = Stopwatch::start();
        rig.add(1, &Config { bootstrap, ..config });
        while nodes[&1].chain().head().height < BLOCKS {
            rig.turn().await;
            let now = rig.now().wrapping_add(ahead);
            for (who, event) in rig.told.drain(..).collect::<Vec<_>>() {
                let commands = nodes.get_mut(&who).unwrap().handle(event, now);
                commands.into_iter().for_each(|command| rig.net(who).command(command));
            }
        }
        watch.elapsed().as_secs_f64()
    })
}

/// The same sync on the simulated network.
fn simulated(plan: &Plan, truth: &Arc<Truth<Ideal>>) -> f64 {
    let mut simulation = Simulation::new(plan.clone(), Arc::clone(truth)).unwrap();
    let watch = Stopwatch::start();
    assert!(simulation.run_to_tip(1_000_000_000).unwrap());
    watch.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn sync() {
    let plan = plan();
    let truth = Arc::new(Truth::<Ideal>::ideal(&plan.truth).unwrap());
    let (mut real, mut simulation) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        real.push(over_libp2p(&truth));
        simulation.push(simulated(&plan, &truth));
    }
    let (real, simulation) = (median(real), median(simulation));
    println!(
        "| blocks | libp2p, blocks/s | simulated, blocks/s | time over libp2p / simulated |\n|---|---|---|---|"
    );
    let rate = |seconds: f64| BLOCKS as f64 / seconds;
    println!("| {BLOCKS} | {:.0} | {:.0} | {:.2} |", rate(real), rate(simulation), real / simulation);
}

/// A block of so many bytes, as it is published; another one for each slot.
fn block(slot: u64) -> GossipMessage {
    let mut block = SignedBlock::default();
    block.block.header.slot = slot;
    let mut transaction = alys_wire::containers::Transaction::default();
    (0..MESSAGE_BYTES - 200).for_each(|at| transaction.push((at as u64 ^ slot) as u8).unwrap());
    block.block.body.transactions.push(transaction).unwrap();
    GossipMessage::ConsensusBlock(Box::new(block))
}

/// What nodes that have a task each tell.
struct Told {
    connected: RefCell<Vec<i64>>,
    /// The message that is waited for, since when, and how long each node has waited for it.
    wanted: RefCell<Option<(GossipMessage, Stopwatch)>>,
    waited: RefCell<Vec<Option<f64>>>,
    changed: Notify,
}

impl Told {
    fn note(&self, who: usize, event: NetworkEvent) {
        match event {
            NetworkEvent::Connected { .. } => self.connected.borrow_mut()[who] += 1,
            NetworkEvent::Disconnected { .. } => self.connected.borrow_mut()[who] -= 1,
            NetworkEvent::Gossip { message, .. } => {
                if let Some((_, watch)) =
                    self.wanted.borrow().as_ref().filter(|(wanted, _)| *wanted == message)
                {
                    self.waited.borrow_mut()[who].get_or_insert(watch.elapsed().as_secs_f64());
                }
            }
            _ => return,
        }
        self.changed.notify_one();
    }

    async fn until(&self, holds: impl Fn(&Self) -> bool) {
        while !holds(self) {
            self.changed.notified().await;
        }
    }
}

/// A clock that goes by itself: whoever is refused in the crowd tries again later.
fn wall() -> WallClock {
    WallClock { clock: Arc::new(TokioClock::new()), origin: START }
}

/// A network, until nobody gives it orders any more.
async fn lives(
    mut net: Libp2pNetwork,
    mut orders: UnboundedReceiver<NetworkCommand>,
    told: Rc<Told>,
    who: usize,
) {
    loop {
        let next = poll_fn(|cx| match orders.poll_recv(cx) {
            Poll::Ready(order) => Poll::Ready(Err(order)),
            Poll::Pending => net.poll_event(cx).map(Ok),
        });
        match next.await {
            Err(Some(order)) => net.command(order),
            Ok(Some(event)) => told.note(who, event),
            Err(None) | Ok(None) => return,
        }
    }
}

/// Nodes with a task each.
struct Mesh {
    told: Rc<Told>,
    first: UnboundedSender<NetworkCommand>,
    _others: Vec<UnboundedSender<NetworkCommand>>,
}

impl Mesh {
    /// Nodes that know the first one alone, when each is connected with so many others; and how long that took.
    async fn formed(nodes: usize, neighbours: i64) -> (Self, f64) {
        let watch = Stopwatch::start();
        let told = Rc::new(Told {
            connected: RefCell::new(vec![0; nodes]),
            wanted: RefCell::default(),
            waited: RefCell::new(vec![None; nodes]),
            changed: Notify::new(),
        });
        let config = Config { heartbeat_ms: 50, refresh_ms: 200, ..Config::default() };
        let (clock, mut bootstrap, mut orders) = (wall(), Vec::new(), Vec::new());
        for who in 0..nodes {
            let config = Config { bootstrap: bootstrap.clone(), ..config.clone() };
            let mut net = Libp2pNetwork::start(&config, keypair(who as u64).unwrap(), clock.clone()).unwrap();
            if who == 0 {
                bootstrap.push(net.listening().await.unwrap());
            }
            let (order, ordered) = unbounded_channel();
            orders.push(order);
            spawn_local(lives(net, ordered, Rc::clone(&told), who));
        }
        told.until(|told| told.connected.borrow().iter().all(|count| *count >= neighbours)).await;
        (Mesh { told, first: orders.remove(0), _others: orders }, watch.elapsed().as_secs_f64())
    }

    /// Sends a message from the first node to all others; how long each has waited for it.
    async fn heard(&self, slot: u64) -> Vec<f64> {
        let message = block(slot);
        self.told.waited.borrow_mut().fill(None);
        *self.told.wanted.borrow_mut() = Some((message.clone(), Stopwatch::start()));
        self.first.send(NetworkCommand::Publish { message }).unwrap();
        self.told.until(|told| told.waited.borrow()[1..].iter().all(Option::is_some)).await;
        self.told.waited.borrow().iter().flatten().copied().collect()
    }

    /// A first message comes through when everybody has told everybody else what it is subscribed to.
    async fn warmed(&self) {
        for slot in 1_000_000.. {
            if tokio::time::timeout(Duration::from_secs(2), self.heard(slot)).await.is_ok() {
                return;
            }
        }
    }
}

fn resident_mib() -> f64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0.0);
    pages * 4096.0 / (1 << 20) as f64
}

fn meshes() {
    println!(
        "\n| nodes | mesh, ms | a message of 4 KiB to all others: p50, ms | p99, ms | resident memory, MiB |"
    );
    println!("|---|---|---|---|---|");
    for (nodes, neighbours) in [(5, 4), (10, 5), (25, 5), (50, 5)] {
        let (mesh, mut waited, memory) = run(async {
            let (mesh, took) = Mesh::formed(nodes, neighbours).await;
            mesh.warmed().await;
            let mut waited = Vec::new();
            for slot in 0..MESSAGES as u64 {
                waited.extend(mesh.heard(slot).await);
            }
            (took, waited, resident_mib())
        });
        waited.sort_by(f64::total_cmp);
        let at = |share: f64| waited[((waited.len() - 1) as f64 * share) as usize] * 1000.0;
        println!("| {nodes} | {:.0} | {:.2} | {:.2} | {memory:.0} |", mesh * 1000.0, at(0.5), at(0.99));
    }
}

fn main() {
    sync();
    meshes();
}
