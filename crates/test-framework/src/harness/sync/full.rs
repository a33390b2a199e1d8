//! A node syncs from genesis to the tip: a chain that grows and forks meanwhile, and a long one.

use std::sync::Arc;

use alys_properties::measure::Stopwatch;
use alys_sync::simulated::{Plan, Simulation, Truth, TruthPlan};

use super::checkpoints::at;
use super::played::{self, counted, injected, judge_node, planned};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::Observed,
    evidence::Evidence,
    judge::{Judge, Limit, Quantity},
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(super) const GENESIS_TO_TIP: TestCase = TestCase {
    name: "test_genesis_to_tip_sync",
    phase: SyncImprovement,
    category: "full_sync",
    summary: "A node syncs from genesis to the tip of a chain that grows and forks meanwhile.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(genesis_to_tip(stage)),
    judge: judge_genesis_to_tip,
    gates: no_gates,
};

pub(super) const LARGE_CHAIN: TestCase = TestCase {
    name: "test_full_sync_large_chain",
    phase: SyncImprovement,
    category: "full_sync",
    summary: "A node syncs a chain of as many blocks as the configuration says, 10,000 where it says nothing, at 100 \
              blocks a second or more.",
    pace: Pace::Real,
    suite: None,
    drive: |stage| Box::pin(large_chain(stage)),
    judge: judge_large_chain,
    gates: |measured, _, judge| {
        let speed = measured.values.get(SPEED).map_or_else(|| "not measured".into(), |value| (*value).into());
        judge.check("blocks_per_second_min", SPEED, Limit::AtLeast(100.0.into()), speed, None);
    },
};

const GENESIS: &str = "from genesis";
const LARGE: &str = "large chain";
const SPEED: &str = "synced blocks per second";

/// How many blocks the shorter chain has, and how many more are made while the node syncs and after.
const BLOCKS: (u64, u64) = (1000, 20);

async fn genesis_to_tip(stage: Stage) -> Driven {
    let (known, more) = BLOCKS;
    let interval = stage.config().sync.checkpoint_intervals.first().copied().unwrap_or(10);
    let truth = TruthPlan {
        seed: stage.seed(),
        blocks: known + more,
        block_permille: 950,
        checkpoint_interval: interval,
        fork_every: 25,
        ..TruthPlan::default()
    };
    let plan = Plan { truth, known, relays: 3, ..planned(&stage)? };
    let growth_ms = 2 * more * 2000;
    played::play(&stage, GENESIS, plan, growth_ms).await?;
    Ok(())
}

fn judge_genesis_to_tip(seen: Evidence<'_>, judge: &mut Judge) {
    judge_node(seen, judge, GENESIS, 0);
    let (known, more) = BLOCKS;
    judge.equal("gate", "height of the tip", known + more, counted(seen, GENESIS, "node 0", 0, "height"));
    let downloaded = counted(seen, GENESIS, "metrics", 0, "blocks");
    judge.at_least("gate", "blocks that were downloaded", known, downloaded);
    judge.equal("gate", "messages that were lost", 0_u64, injected(seen, GENESIS, "lost"));
    judge.equal("SY-7", "lies found in honest peers", 0_u64, counted(seen, GENESIS, "metrics", 0, "lies"));
}

async fn large_chain(stage: Stage) -> Driven {
    let blocks = stage.config().sync.blocks;
    let truth = TruthPlan {
        seed: stage.seed(),
        blocks,
        checkpoint_interval: 100,
        fork_every: 999,
        ..TruthPlan::default()
    };
    let plan = Plan { truth, known: blocks, ..planned(&stage)? };
    stage.record(Observed, "plan", [("blocks", blocks.into())]);
    let truth = Arc::new(Truth::ideal(&plan.truth).map_err(at("the plan of a truth"))?);
    let simulation =
        || Simulation::new(plan.clone(), Arc::clone(&truth)).map_err(at("the plan of a simulation"));
    let mut speed: f64 = 0.0;
    for round in 0..rounds(blocks) {
        let watch = Stopwatch::start();
        let simulation = match round {
            0 => played::play_on(&stage, LARGE, simulation()?, 0).await?,
            _ => played::ended(simulation()?, 0).await?,
        };
        let synced = simulation.node(0).map_or(0, |node| node.chain().head().height);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let of_round = synced as f64 / watch.elapsed().as_secs_f64().max(f64::EPSILON);
        speed = speed.max(of_round);
    }
    stage.measured(SPEED, speed);
    Ok(())
}

/// How often a chain is synced, if that does not take too long: the fastest counts, for the others were disturbed.
fn rounds(blocks: u64) -> u64 {
    if blocks <= 20_000 { 5 } else { 1 }
}

fn judge_large_chain(seen: Evidence<'_>, judge: &mut Judge) {
    judge_node(seen, judge, LARGE, 0);
    let planned = seen.observed("plan", "blocks").and_then(Quantity::count).unwrap_or_default();
    judge.at_least("gate", "blocks of the plan", 1_u64, planned);
    judge.equal("gate", "height of the tip", planned, counted(seen, LARGE, "node 0", 0, "height"));
    let downloaded = counted(seen, LARGE, "metrics", 0, "blocks");
    judge.at_least("gate", "blocks that were downloaded and taken", planned, downloaded);
}
