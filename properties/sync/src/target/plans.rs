//! Simulations of drawn plans: what a node says is looked at after every event, and when nothing fails any more it comes to the
//! honest tip (SY-1 to SY-5, SY-9, SY-10, NW-2, NW-5).

use alys_chain::scheme::Ideal;
use alys_engines::violation::{caught, check_eq, violated};
use alys_models::sync::{ModelGate, ProvedTip, SyncTruth, TruthSetting};

use super::alys::gate::Gate;
use super::alys::simulated::{Plan, Simulation};
use super::alys::state::SyncState;
use super::drawn::{self, QUIET_MS};

/// How long it takes at most from when nothing fails any more to the honest tip, in milliseconds of the simulation.
pub const BOUND_MS: u64 = 300_000;

/// What the plans met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// How many plans ended at the tip.
    pub plans: u64,
    /// How many moments nodes were looked at.
    pub moments: u64,
    /// How often a node was synced when it was looked at.
    pub synced: u64,
    /// How often its gate was open.
    pub open: u64,
    /// How often nodes were started again.
    pub restarts: u64,
    /// How often a tip was left for that of another fork.
    pub reorgs: u64,
    /// How many messages were lost or corrupted.
    pub spoiled: u64,
    /// How many bans there were.
    pub bans: u64,
    /// How many lies were proved.
    pub lies: u64,
    /// The longest that a plan took from quiet to the tip, in milliseconds.
    pub slowest_ms: u64,
}

/// What a node was last seen with.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    height: u64,
    finalised: u64,
    root: [u8; 32],
}

/// The plan of each of so many seeds, from a first one on.
///
/// # Panics
///
/// Raises a violation with the seed and its plan as a file.
pub fn plays(first: u64, count: u64) -> Met {
    let mut met = Met::default();
    for seed in first..first + count {
        let plan = drawn::plan(seed);
        let written = plan.to_toml().unwrap_or_default();
        let played = caught(|| play(plan, &mut met));
        played.unwrap_or_else(|message| panic!("{message}\nin the plan of seed {seed}:\n{written}"));
    }
    met
}

/// Plays one plan to the honest tip.
///
/// # Panics
///
/// Raises a violation of whichever rule breaks.
pub fn play(plan: Plan, met: &mut Met) {
    let nodes = plan.nodes;
    let simulation = Simulation::ideal(plan);
    let mut simulation = simulation.unwrap_or_else(|error| violated("NW-5", format!("no plan: {error}")));
    let mut seen = vec![Seen::default(); nodes as usize];
    let all_there = |simulation: &Simulation<Ideal>| (0..nodes).all(|node| simulation.is_at_tip(node));
    while !(simulation.is_quiet() && all_there(&simulation)) {
        if simulation.elapsed() > QUIET_MS + BOUND_MS {
            let at: Vec<_> = (0..nodes).map(|node| told(&simulation, node)).collect();
            let honest = simulation.truth().view(simulation.now()).head().height;
            violated(
                "SY-1",
                format!("{BOUND_MS} ms after the last fault the honest tip is {honest}, the nodes {at:?}"),
            );
        }
        let step = simulation.step().unwrap_or_else(|error| violated("SY-9", format!("{error}")));
        let Some(moment) = step else { violated("SY-1", "nothing happens any more") };
        if let Some(node) = moment.node {
            look(&simulation, node, &mut seen[node as usize], met);
        }
    }
    met.plans += 1;
    met.slowest_ms = met.slowest_ms.max(simulation.elapsed().saturating_sub(QUIET_MS));
    let stats = simulation.stats();
    met.spoiled += stats.lost + stats.corrupted;
    for node in 0..nodes {
        met.restarts += simulation.incarnation(node).saturating_sub(1);
        let metrics = simulation.node(node).map(|node| node.sync().metrics().clone()).unwrap_or_default();
        met.bans += metrics.bans;
        met.lies += metrics.lies;
    }
}

fn told(simulation: &Simulation<Ideal>, node: u32) -> (u64, Option<(u64, SyncState)>) {
    let up = simulation.node(node).map(|up| (up.chain().head().height, up.state()));
    (simulation.incarnation(node), up)
}

/// Looks at a node that something has just happened to.
fn look(simulation: &Simulation<Ideal>, number: u32, seen: &mut Seen, met: &mut Met) {
    let Some(node) = simulation.node(number) else { return };
    met.moments += 1;
    let (head, finalised) = (node.chain().head(), node.chain().finalised().height);
    if head.height < seen.height || finalised < seen.finalised {
        let (height, at) = ((seen.height, seen.finalised), simulation.elapsed());
        violated(
            "SY-2",
            format!("at {at} node {number} goes back from {height:?} to {:?}", (head.height, finalised)),
        );
    }
    if head.root.0 != seen.root && head.height == seen.height && seen.height > 0 {
        met.reorgs += 1;
    }
    *seen = Seen { height: head.height, finalised, root: head.root.0 };
    let truth = simulation.truth();
    let is_true = |root| head.height == 0 || truth.block(&root).is_some();
    if !is_true(head.root) {
        violated("SY-3", format!("node {number} has the tip {head:?}, which nobody has certified"));
    }
    let (sync, limit) = (node.sync(), simulation.plan().sync.blocks_in_flight);
    if sync.blocks_in_flight() > limit {
        violated("SY-10", format!("{} blocks are in flight, allowed are {limit}", sync.blocks_in_flight()));
    }
    says(simulation, number, met);
}

/// What a node says against what is true of what its peers have proved.
fn says(simulation: &Simulation<Ideal>, number: u32, met: &mut Met) {
    let (Some(node), truth) = (simulation.node(number), simulation.truth()) else { return };
    let settings = &simulation.plan().sync;
    let Some(slot) = truth.config().clock.slot_at(simulation.clock(number) / 1000) else { return };
    // Of the chain, not of what sync was told of it: a tip that it was not told of shows here.
    let (chain, head) = (node.chain(), node.chain().head());
    let slot_of_head = chain.tree().get(&head.root).map_or(0, |block| block.header.slot);
    let own = ProvedTip { height: head.height, slot: slot_of_head, root: head.root.0 };
    let setting = TruthSetting {
        freshness_slots: settings.freshness_slots,
        sample_min: settings.sample as usize,
        max_lag_blocks: settings.max_lag_blocks,
        bootstrap: settings.bootstrap,
    };
    let mut model = SyncTruth::new(setting, own);
    model.slot = slot;
    for peer in node.sync().peers() {
        model.joined(peer.0);
        let Some(tip) = node.sync().proved(peer) else { continue };
        let (root, height) = (tip.block.root, tip.block.height);
        let true_one = truth.block(&root).map(|block| (block.height(), block.slot()));
        let genesis = (root == truth.genesis_ref().root).then_some((0, 0));
        check_eq("SY-4", "a proved tip", &true_one.or(genesis), &Some((height, tip.slot)));
        model.proved(peer.0, ProvedTip { height, slot: tip.slot, root: root.0 });
    }
    let failed = node.state() == SyncState::Failed;
    let open = !failed && model.gate() == ModelGate::Open;
    let what = format!("whether node {number} may produce, at {}", simulation.elapsed());
    check_eq("SY-5", &what, &open, &(node.gate() == Gate::Open));
    let synced = !failed && model.is_synced();
    check_eq(
        "SY-4",
        &format!("whether node {number} is synced"),
        &synced,
        &(node.state() == SyncState::Synced),
    );
    met.synced += u64::from(synced);
    met.open += u64::from(open);
}

/// The same plan makes the same log, byte for byte, and another seed another one.
///
/// # Panics
///
/// Raises a violation when it does not.
pub fn the_same_plan_makes_the_same_log() -> u64 {
    let log = |plan: Plan| {
        let mut simulation =
            Simulation::ideal(plan).unwrap_or_else(|error| violated("NW-5", format!("no plan: {error}")));
        drop(simulation.run_until(QUIET_MS, |_| false));
        simulation.log().to_text()
    };
    for seed in 0..6 {
        let (plan, again) = (drawn::plan(seed), drawn::plan(seed));
        let one = log(plan.clone());
        if one != log(again) {
            violated("NW-5", format!("two runs of the plan of seed {seed} differ"));
        }
        let read = Plan::from_toml(&plan.to_toml().unwrap_or_default());
        check_eq("NW-5", "the plan that was written and read", &Some(&plan), &read.as_ref().ok());
        let other = Plan { seed: plan.seed + 1, ..plan };
        if !other.link.eq(&other.link.quiet()) && one == log(other) {
            violated("NW-5", format!("another seed changes nothing in the plan of seed {seed}"));
        }
    }
    6
}
