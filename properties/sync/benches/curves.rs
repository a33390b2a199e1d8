//! How fast a node syncs on the simulated network, beside importing the same blocks without one; and how that grows with the length
//! of the chain, the number of peers and the share of messages that are lost.
//!
//! `cargo bench --profile release -p alys-sync-properties --bench curves`; with `CURVES_BLOCKS=1000000` the longest chain has so many.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program whose output is its purpose")]

use std::{env, num::NonZeroUsize, sync::Arc, time::Duration};

use alys_chain::{
    engine::{Importing, Signatures},
    node::Node,
    scheme::{Bls, Ideal, SignatureScheme},
};
use alys_engines::measure::Stopwatch;
use alys_sync::{
    config::Settings,
    simulated::{Journal, LinkPlan, PeerPlan, Plan, Simulation, Truth, TruthPlan},
    state::SyncState,
};
use alys_sync_properties::real::{drawn, plans};

/// How often what is compared is measured; the medians count.
const ROUNDS: usize = 5;

/// How many blocks a batch of sync has at most, and so each import beside it.
const BATCH: usize = 64;

/// How many plans of the suite are played.
const HISTORIES: u64 = 1_000;

/// The longest time of a sync, in virtual milliseconds.
const BOUND_MS: u64 = 10_000_000_000;

fn plan(blocks: u64, peers: u32, loss_permille: u16) -> Plan {
    Plan {
        truth: TruthPlan { blocks, ..TruthPlan::default() },
        known: blocks,
        peers: vec![PeerPlan { count: peers, ..PeerPlan::default() }],
        link: LinkPlan { loss_permille, ..LinkPlan::default() },
        // Fewer peers than the sample are never a majority.
        sync: Settings { sample: u64::from(peers.min(3)), ..Settings::default() },
        ..Plan::default()
    }
}

/// A sync to the tip: how long it took, and how long by its own clock.
fn synced<S>(plan: &Plan, truth: &Arc<Truth<S>>) -> (Duration, u64)
where
    S: SignatureScheme + Clone + Sync,
    S::PublicKey: Sync,
{
    let mut simulation = Simulation::new(plan.clone(), Arc::clone(truth)).unwrap();
    let watch = Stopwatch::start();
    let arrived = simulation.run_until(BOUND_MS, |simulation| {
        simulation.is_at_tip(0) && simulation.node(0).is_some_and(|node| node.state() == SyncState::Synced)
    });
    let took = watch.elapsed();
    assert!(arrived.unwrap(), "the sync has not come to its end");
    (took, simulation.elapsed())
}

/// The same blocks, imported in batches of the same length by a node of the same kind.
fn imported<S>(truth: &Truth<S>) -> Duration
where
    S: SignatureScheme + Clone + Sync,
    S::PublicKey: Sync,
{
    let journal = Journal::new(truth.config(), truth.genesis());
    let engine =
        journal.engine(*truth.config(), truth.scheme().clone(), truth.authorities().clone()).unwrap();
    let mut node = Node::new(engine, journal);
    let blocks: Vec<_> = truth.blocks().iter().map(|block| Arc::clone(&block.block)).collect();
    let importing = Importing { signatures: Signatures::Verified, threads: NonZeroUsize::MIN };
    let watch = Stopwatch::start();
    for batch in blocks.chunks(BATCH) {
        node.import(batch, importing, u64::MAX, drop).unwrap();
    }
    let took = watch.elapsed();
    assert_eq!(node.engine().head().height, truth.plan().blocks);
    took
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn rate(blocks: u64, seconds: f64) -> f64 {
    blocks as f64 / seconds
}

/// Network and engine beside the import alone.
fn beside<S>(kind: &str, rounds: usize, plan: &Plan, truth: &Arc<Truth<S>>)
where
    S: SignatureScheme + Clone + Sync,
    S::PublicKey: Sync,
{
    let (mut syncs, mut imports) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        syncs.push(synced(plan, truth).0);
        imports.push(imported(truth));
    }
    let (sync, import, blocks) = (median(syncs), median(imports), plan.truth.blocks);
    println!(
        "| {kind} | {blocks} | {:.0} | {:.0} | {:.2} |",
        rate(blocks, sync),
        rate(blocks, import),
        sync / import
    );
}

/// One sync of each plan.
fn curve(title: &str, plans: Vec<(String, Plan)>) {
    println!("\n| {title} | blocks/s | seconds of virtual time | blocks/s of virtual time |");
    println!("|---|---|---|---|");
    for (name, plan) in plans {
        let truth = Arc::new(Truth::<Ideal>::ideal(&plan.truth).unwrap());
        let (took, elapsed) = synced(&plan, &truth);
        let (blocks, virtual_seconds) = (plan.truth.blocks, elapsed as f64 / 1000.0);
        println!(
            "| {name} | {:.0} | {virtual_seconds:.1} | {:.0} |",
            rate(blocks, took.as_secs_f64()),
            rate(blocks, virtual_seconds)
        );
    }
}

/// Histories: plans as the suite draws them, from start to quiet and on to the tip, one after another.
fn histories() {
    let watch = Stopwatch::start();
    for seed in 0..HISTORIES {
        let mut simulation = Simulation::ideal(drawn::plan(seed)).unwrap();
        let arrived = simulation.run_until(drawn::QUIET_MS + plans::BOUND_MS, |simulation| {
            simulation.is_quiet() && (0..simulation.plan().nodes).all(|node| simulation.is_at_tip(node))
        });
        assert!(arrived.unwrap(), "the plan of seed {seed} has not come to its end");
    }
    let alone = watch.elapsed().as_secs_f64();
    let watch = Stopwatch::start();
    let met = plans::plays(0, HISTORIES);
    let judged = watch.elapsed().as_secs_f64();
    assert_eq!(met.plans, HISTORIES);
    println!(
        "\n| plans | simulations/s | with a judge who reads every frame, simulations/s |\n|---|---|---|"
    );
    println!("| {HISTORIES} | {:.0} | {:.0} |", rate(HISTORIES, alone), rate(HISTORIES, judged));
}

fn main() {
    histories();
    println!("| signatures | blocks | sync, blocks/s | import alone, blocks/s | time of sync / import |");
    println!("|---|---|---|---|---|");
    let long = plan(10_000, 8, 0);
    beside("ideal", ROUNDS, &long, &Arc::new(Truth::<Ideal>::ideal(&long.truth).unwrap()));
    let signed = plan(2_000, 8, 0);
    beside("BLS", 3, &signed, &Arc::new(Truth::<Bls>::bls(&signed.truth).unwrap()));

    let longest = env::var("CURVES_BLOCKS").ok().and_then(|blocks| blocks.parse().ok()).unwrap_or(100_000);
    let lengths = [1_000, 10_000, 100_000, 1_000_000].into_iter().filter(|blocks| *blocks <= longest);
    curve("chain length", lengths.map(|blocks| (blocks.to_string(), plan(blocks, 8, 0))).collect());
    let peers = [1, 2, 4, 8, 16, 32, 64];
    curve("peers", peers.map(|peers| (peers.to_string(), plan(5_000, peers, 0))).into());
    let losses = [0, 10, 50, 100, 150, 200];
    curve("messages lost", losses.map(|loss| (format!("{} %", loss / 10), plan(2_000, 8, loss))).into());
}
