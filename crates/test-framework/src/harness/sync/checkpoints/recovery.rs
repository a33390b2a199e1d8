//! Crashes between commits and within them, and lost checkpoints: what was acknowledged is there, and what is lost is
//! rebuilt.

use alys_chain::{
    scheme::Ideal,
    store::{ChainStore as _, StoreConfig},
};
use alys_chain_store_properties::oracle::{self, Harm};
use alys_properties::crash::{Disk, Fuse, Survivors};
use fastrand::Rng;

use super::{at, defined, due, harm, hex, ideal, import, judge_node, planned, rows, started};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::{
        TestEvent,
        TestEventType::{FailureInjected, MessageRefused, RecoveryCompleted},
    },
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    simulated::{ChainPlan, SimulatedBlock, SimulatedBlockchain, SimulatedNode},
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const RECOVERY_SCENARIOS: TestCase = TestCase {
    name: "test_checkpoint_recovery_scenarios",
    phase: SyncImprovement,
    category: "checkpoints",
    summary: "A node recovers from crashes between and within commits, and from lost checkpoints, to what it had \
              acknowledged.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(recovery(stage)),
    judge,
    gates: no_gates,
};

const BLOCKS: usize = 120;
const INTERVAL: u64 = 10;
const NODE: &str = "node";
/// How many blocks lie between one scenario and the next.
const EVERY: usize = 4;

async fn recovery(stage: Stage) -> Driven {
    let plan = ChainPlan { checkpoint_interval: INTERVAL, fork_every: 13, ..ChainPlan::default() };
    let mut chain = ideal(&stage, plan)?;
    planned(&stage, &chain)?;
    let blocks: Vec<_> = chain.by_ref().take(BLOCKS).collect();
    blocks.iter().for_each(|block| due(&stage, block));
    let config = chain.store_config().map_err(at("the plan of a chain"))?;
    let mut rng = stage.rng();
    let mut disk = Disk::new();
    let mut node = started(&disk, &chain)?;
    for (number, block) in blocks.iter().enumerate() {
        if number % EVERY == EVERY - 1 {
            disk = match number / EVERY % 3 {
                0 => between(&stage, &disk, &node, &mut rng),
                1 => within(&stage, &disk, &chain, block, &mut rng)?,
                _ => {
                    drop(node);
                    lost(&stage, &disk, &config, &mut rng)?;
                    node = started(&disk, &chain)?;
                    import(&stage, NODE, &mut node, block)?;
                    continue;
                }
            };
            node = recovered(&stage, &disk, &chain)?;
        }
        import(&stage, NODE, &mut node, block)?;
    }
    rows(&stage, NODE, node.store())
}

/// What of the unwritten survives.
fn survivors(rng: &mut Rng) -> Survivors {
    match rng.u8(..4) {
        0 => Survivors::Nothing,
        1 => Survivors::Everything,
        2 => Survivors::Some(rng.u64(..)),
        _ => Survivors::Torn(rng.u64(..)),
    }
}

/// Head and finalised block, as words.
fn state(node: &SimulatedNode<Ideal>) -> String {
    let (head, finalised) = (node.store().head(), node.store().finalised());
    format!("{} {} {}", hex(&head.root), finalised.height, hex(&finalised.root))
}

/// A crash while nothing is being committed.
fn between(stage: &Stage, disk: &Disk, node: &SimulatedNode<Ideal>, rng: &mut Rng) -> Disk {
    let crashed = disk.image(survivors(rng));
    let before = state(node);
    stage.record(
        FailureInjected,
        "crash between commits",
        [("before", before.clone().into()), ("after", before.into())],
    );
    crashed
}

/// A crash at one of the operations of a commit: on a copy, after another copy has shown how many there are.
fn within(
    stage: &Stage,
    disk: &Disk,
    chain: &SimulatedBlockchain<Ideal>,
    block: &SimulatedBlock,
    rng: &mut Rng,
) -> Result<Disk, DriveError> {
    let whole = disk.copy(Fuse::Whole);
    let mut node = started(&whole, chain)?;
    let (before, opened) = (state(&node), whole.operations());
    node.import(block).map_err(at("importing a block on a whole disk"))?;
    let (after, committed) = (state(&node), whole.operations());
    let blown = rng.u64(opened..committed.max(opened + 1));
    let doomed = disk.copy(Fuse::BlowsAt(blown));
    let mut node = started(&doomed, chain)?;
    let acknowledged = node.import(block).is_ok();
    let told = [
        ("before", if acknowledged { after.clone() } else { before }.into()),
        ("after", after.into()),
        ("operation", (blown - opened).into()),
        ("operations", (committed - opened).into()),
        ("acknowledged", u64::from(acknowledged).into()),
    ];
    stage.record(FailureInjected, "crash within a commit", told);
    Ok(doomed.image(survivors(rng)))
}

fn recovered(
    stage: &Stage,
    disk: &Disk,
    chain: &SimulatedBlockchain<Ideal>,
) -> Result<SimulatedNode<Ideal>, DriveError> {
    let node = started(disk, chain)?;
    let found = state(&node);
    let damaged = node.store().verify().map_err(at("verifying checkpoints"))?.damaged;
    let damaged = damaged.map_or(0, |damage| damage.height);
    stage.record(RecoveryCompleted, "crash", [("found", found.into()), ("damaged", damaged.into())]);
    Ok(node)
}

/// Loses a checkpoint, and lets the store find out.
fn lost(stage: &Stage, disk: &Disk, config: &StoreConfig, rng: &mut Rng) -> Driven {
    let store = harm::opened(disk, config)?;
    let count = store.finalised().height / INTERVAL;
    drop(store);
    if count == 0 {
        return Ok(());
    }
    let height = INTERVAL * rng.u64(1..=count);
    harm::behind(disk, |database| oracle::harm_checkpoint(database, height, Harm::Lost))?;
    stage.record(FailureInjected, "lost checkpoint", [("height", height.into())]);
    let mut store = harm::opened(disk, config)?;
    harm::mended(stage, &store);
    if store.opening().rebuilt.is_empty() {
        harm::read(stage, &store, height)?;
        harm::rebuild(stage, &mut store)?;
    }
    store.close().map_err(at("closing a store"))
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    judge_node(seen, judge, NODE);
    judge_crashes(seen, judge);
    let rows = defined(seen);
    let lost = seen.counts(FailureInjected, "lost checkpoint", "height");
    judge.at_least("gate", "lost checkpoints", 6_u64, lost.len());
    let row =
        |height: &u64| rows.iter().find(|(due, _)| due == height).map_or("none", |(_, row)| row.as_str());
    let expected: Vec<_> = lost.iter().map(|(_, height)| row(height)).collect();
    let found = seen.words(RecoveryCompleted, "store", "row");
    judge.same("CH-7", "lost checkpoints that were rebuilt", &expected, &found);
    let by: Vec<_> = seen.words(RecoveryCompleted, "store", "by");
    let asked = by.iter().filter(|(_, by)| *by == "rebuild").count();
    let told = seen.words(MessageRefused, "reader", "fault");
    judge.same("CH-7", "what readers are told of lost ones", &vec!["Missing"; asked], &told);
    judge.equal(
        "CH-7",
        "readers that were told of a lost one",
        asked,
        seen.count_from(MessageRefused, "reader"),
    );
    judge.equal("gate", "kinds of rebuilding", true.to_string(), (0 < asked && asked < by.len()).to_string());
}

/// After each crash there is what was acknowledged, or that and the commit on its way.
fn judge_crashes(seen: Evidence<'_>, judge: &mut Judge) {
    let crash = |event: &&TestEvent| event.get("before").is_some();
    let crashes: Vec<_> = seen.of(FailureInjected).filter(crash).collect();
    let found: Vec<_> = seen.from(RecoveryCompleted, "crash").collect();
    judge.equal("CH-8", "crashes that a node recovered from", crashes.len(), found.len());
    for (number, (crash, found)) in crashes.iter().zip(&found).enumerate() {
        let of = format!("what crash {number} ({}) leaves", crash.source.0);
        let (before, after, found) = (crash.words("before"), crash.words("after"), found.words("found"));
        judge.equal("CH-8", &of, if found == after { after } else { before }, found);
    }
    let damaged: Vec<_> = seen.counts(RecoveryCompleted, "crash", "damaged");
    judge.same("CH-8", "checkpoints that crashes have damaged", &vec![0; crashes.len()], &damaged);
    for kind in ["crash between commits", "crash within a commit"] {
        judge.at_least("gate", kind, 8_u64, seen.count_from(FailureInjected, kind));
    }
    let lost =
        crashes.iter().zip(&found).filter(|(crash, found)| found.words("found") != crash.words("after"));
    judge.at_least("gate", "crashes that have cost a commit that was not acknowledged", 1_u64, lost.count());
}
