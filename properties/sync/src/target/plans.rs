//! Simulations of drawn plans: what a node says is looked at after every event, and when nothing fails any more it comes to the
//! honest tip (SY-1 to SY-5, SY-9, SY-10, NW-2, NW-5).

use std::collections::BTreeSet;
use std::sync::Arc;

use alys_chain::node::Durable;
use alys_chain::scheme::{Bls, Ideal};
use alys_chain::transition::Transfers;
use alys_engines::sequential::quietly;
use alys_engines::trace::{self, Compared};
use alys_engines::violation::{check_eq, violated};
use alys_models::sync::{ModelGate, ProvedTip};

use super::alys::gate::Gate;
use super::alys::node::SyncNode;
use super::alys::simulated::{Entry, Plan, Simulation, Truth};
use super::alys::state::SyncState;
use super::drawn::{self, QUIET_MS};
use super::judge::{Judge, Side, Signing};

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

impl Met {
    /// Adds what others have met.
    pub fn add(&mut self, more: &Met) {
        self.plans += more.plans;
        self.moments += more.moments;
        self.synced += more.synced;
        self.open += more.open;
        self.restarts += more.restarts;
        self.reorgs += more.reorgs;
        self.spoiled += more.spoiled;
        self.bans += more.bans;
        self.lies += more.lies;
        self.slowest_ms = self.slowest_ms.max(more.slowest_ms);
    }
}

/// How a plan went that was played to be told of.
#[derive(Clone, Debug)]
pub struct Told {
    /// How it failed, if it did.
    pub failure: Option<String>,
    /// What has happened in it.
    pub entries: Vec<Entry>,
    /// What was compared.
    pub compared: Vec<Compared>,
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
/// Raises a violation of whichever rule breaks.
pub fn plays(first: u64, count: u64) -> Met {
    let mut met = Met::default();
    for seed in first..first + count {
        met.add(&play(drawn::plan(seed)));
    }
    met
}

/// Plays one plan to the honest tip.
///
/// # Panics
///
/// Raises a violation of whichever rule breaks.
pub fn play(plan: Plan) -> Met {
    drive(&mut begun(plan))
}

/// Plays the plans of so many seeds with the signatures that nodes use: a block costs a pairing, and a certificate is as long as on
/// the wire.
///
/// # Panics
///
/// As [`play`].
pub fn plays_signed(first: u64, count: u64) -> Met {
    let mut met = Met::default();
    for seed in first..first + count {
        let plan = drawn::plan(seed);
        let truth = Truth::<Bls>::bls(&plan.truth);
        let truth = truth.unwrap_or_else(|error| violated("NW-5", format!("no truth: {error}")));
        let simulation = Simulation::new(plan, Arc::new(truth));
        let mut simulation = simulation.unwrap_or_else(|error| violated("NW-5", format!("no plan: {error}")));
        met.add(&drive(&mut simulation));
    }
    met
}

/// How a plan fails, if it does.
#[must_use]
pub fn fails(plan: &Plan) -> Option<String> {
    quietly(|| play(plan.clone())).err()
}

/// Plays one plan, and tells all of it.
#[must_use]
pub fn told(plan: &Plan) -> Told {
    let (told, compared) = trace::compared(|| {
        let begun = quietly(|| begun(plan.clone()));
        let driven = begun.map(|mut simulation| {
            let failure = quietly(|| drive(&mut simulation)).err();
            (failure, simulation.log().entries().to_vec())
        });
        driven.unwrap_or_else(|message| (Some(message), Vec::new()))
    });
    Told { failure: told.0, entries: told.1, compared }
}

fn begun(plan: Plan) -> Simulation<Ideal> {
    let simulation = Simulation::ideal(plan);
    simulation.unwrap_or_else(|error| violated("NW-5", format!("no plan: {error}")))
}

/// Drives a simulation to the honest tip.
fn drive<S: Signing>(simulation: &mut Simulation<S>) -> Met {
    let (nodes, mut met) = (simulation.plan().nodes, Met::default());
    let quiet_ms = simulation.plan().quiet_from_ms.unwrap_or(QUIET_MS);
    simulation.listen();
    let (mut judge, mut seen) = (Judge::new(simulation), vec![Seen::default(); nodes as usize]);
    let all_there = |simulation: &Simulation<S>| (0..nodes).all(|node| simulation.is_at_tip(node));
    while !(simulation.is_quiet() && all_there(simulation)) {
        if simulation.elapsed() > quiet_ms + BOUND_MS {
            let at: Vec<_> = (0..nodes).map(|node| stands(simulation, node)).collect();
            let honest = simulation.truth().view(simulation.now()).head().height;
            violated(
                "SY-1",
                format!("{BOUND_MS} ms after the last fault the honest tip is {honest}, the nodes {at:?}"),
            );
        }
        let step = simulation.step().unwrap_or_else(|error| violated("SY-9", format!("{error}")));
        let Some(moment) = step else { violated("SY-1", "nothing happens any more") };
        let passed = simulation.overheard();
        let mut touched = judge.hear(simulation, passed);
        judge.read(simulation);
        touched.extend(moment.node);
        for node in touched {
            look(simulation, &mut judge, node, &mut seen[node as usize], &mut met);
        }
    }
    met.plans += 1;
    met.slowest_ms = simulation.elapsed().saturating_sub(quiet_ms);
    let stats = simulation.stats();
    met.spoiled += stats.lost + stats.corrupted;
    for node in 0..nodes {
        met.restarts += simulation.incarnation(node).saturating_sub(1);
        let metrics = simulation.node(node).map(|node| node.sync().metrics().clone()).unwrap_or_default();
        met.bans += metrics.bans;
        met.lies += metrics.lies;
    }
    met
}

fn stands<S: Signing>(simulation: &Simulation<S>, node: u32) -> (u64, Option<(u64, SyncState)>) {
    let up = simulation.node(node).map(|up| (up.chain().head().height, up.state()));
    (simulation.incarnation(node), up)
}

/// Looks at a node that something has just happened to.
fn look<S: Signing>(
    simulation: &Simulation<S>,
    judge: &mut Judge,
    number: u32,
    seen: &mut Seen,
    met: &mut Met,
) {
    let Some(node) = simulation.node(number) else { return };
    met.moments += 1;
    let (head, finalised) = (node.chain().head(), node.chain().finalised());
    if head.height < seen.height || finalised.height < seen.finalised {
        let (height, at) = ((seen.height, seen.finalised), simulation.elapsed());
        violated(
            "SY-2",
            format!(
                "at {at} node {number} goes back from {height:?} to {:?}",
                (head.height, finalised.height)
            ),
        );
    }
    if head.root.0 != seen.root && head.height == seen.height && seen.height > 0 {
        met.reorgs += 1;
    }
    *seen = Seen { height: head.height, finalised: finalised.height, root: head.root.0 };
    let (truth, honest) = (simulation.truth(), simulation.truth().view(simulation.now()).head().height);
    let is_true = |root| head.height == 0 || truth.block(&root).is_some();
    if !is_true(head.root) || head.height > honest {
        violated(
            "SY-3",
            format!("node {number} has the tip {head:?}, nobody has certified one above {honest}"),
        );
    }
    let canonical = truth.canonical(finalised.height).map_or(truth.genesis_ref().root, |block| block.root);
    check_eq("SY-2", "the final block of that height", &canonical, &finalised.root);
    let (sync, limit) = (node.sync(), simulation.plan().sync.blocks_in_flight);
    if sync.blocks_in_flight() > limit {
        violated("SY-10", format!("{} blocks are in flight, allowed are {limit}", sync.blocks_in_flight()));
    }
    says(simulation, judge, number, met);
}

/// What a node says against what is true of what its peers have shown.
fn says<S: Signing>(simulation: &Simulation<S>, judge: &mut Judge, number: u32, met: &mut Met) {
    let (Some(node), truth) = (simulation.node(number), simulation.truth()) else { return };
    let Some(slot) = truth.config().clock.slot_at(simulation.clock(number) / 1000) else { return };
    let side = judge.side(number, slot, own(node));
    let (synced, open) = hold(node, side, &format!("node {number}"));
    met.synced += u64::from(synced);
    met.open += u64::from(open);
}

/// The tip of a node. Of the chain, not of what sync was told of it: a tip that it was not told of shows here.
pub fn own<S: Signing, D: Durable>(node: &SyncNode<S, Transfers, D>) -> ProvedTip {
    let (chain, head) = (node.chain(), node.chain().head());
    let slot = chain.tree().get(&head.root).map_or(0, |block| block.header.slot);
    ProvedTip { height: head.height, slot, root: head.root.0 }
}

/// Holds what a node says of itself and of its peers to what is true; tells whether it is synced, and whether its gate is open.
///
/// # Panics
///
/// Raises a violation of the rule that does not hold.
pub fn hold<S: Signing, D: Durable>(
    node: &SyncNode<S, Transfers, D>,
    side: &Side,
    name: &str,
) -> (bool, bool) {
    let failed = node.state() == SyncState::Failed;
    if !failed {
        let sample: BTreeSet<u64> = node.sync().peers().map(|peer| peer.0).collect();
        check_eq("SY-4", &format!("the sample of {name}"), &side.connected, &sample);
        for peer in node.sync().peers() {
            let proved = node.sync().proved(peer);
            let proved = proved.map(|tip| ProvedTip {
                height: tip.block.height,
                slot: tip.slot,
                root: tip.block.root.0,
            });
            let what = format!("what peer {} has proved to {name}", peer.0);
            check_eq("SY-4", &what, &side.truth.tip_of(peer.0), &proved);
        }
    }
    let open = !failed && side.truth.gate() == ModelGate::Open;
    check_eq("SY-5", &format!("whether {name} may produce"), &open, &(node.gate() == Gate::Open));
    let synced = !failed && side.truth.is_synced();
    let says = node.state() == SyncState::Synced;
    check_eq("SY-4", &format!("whether {name} is synced"), &synced, &says);
    (synced, open)
}

/// The same plan makes the same log, byte for byte, and another seed another one.
///
/// # Panics
///
/// Raises a violation when it does not.
pub fn the_same_plan_makes_the_same_log() -> u64 {
    let log = |plan: Plan| {
        let mut simulation = begun(plan);
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
        let read = Plan::from_toml(&super::plan_story::toml(&plan));
        check_eq("NW-5", "the plan that was written in short and read", &Some(&plan), &read.as_ref().ok());
        let other = Plan { seed: plan.seed + 1, ..plan };
        if !other.link.eq(&other.link.quiet()) && one == log(other) {
            violated("NW-5", format!("another seed changes nothing in the plan of seed {seed}"));
        }
    }
    6
}
