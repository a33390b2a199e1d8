//! Peers that leave one after another while a node syncs from them.

use alys_sync::simulated::{Fault, FaultStep, LinkPlan, Plan, TruthPlan};

use super::super::played::{self, injected, judge_node, planned};
use super::{ResilienceTestResult, runs};
use crate::{
    case::{Pace, TestCase, no_gates},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const CASCADING_DISCONNECTIONS: TestCase = TestCase {
    name: "test_cascading_peer_disconnections",
    phase: SyncImprovement,
    category: "resilience",
    summary: "A sync outlives peers that leave one after another, until none is left, and come back.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(cascade(stage)),
    judge,
    gates: no_gates,
};

const RUNS: u64 = 10;
const KIND: &str = "cascade";
const BLOCKS: u64 = 605;

/// How far apart two of them leave: so that the last one is gone while blocks are missing.
const EVERY_MS: u64 = 400;

async fn cascade(stage: Stage) -> Driven {
    for (number, run) in (0..).zip(runs(KIND, RUNS)) {
        let plan = planned(&stage)?;
        let count = plan.peer_count();
        let truth =
            TruthPlan { seed: stage.seed() ^ number, blocks: BLOCKS, fork_every: 50, ..TruthPlan::default() };
        // So slow that the blocks take longer than the cascade.
        let link = LinkPlan { bytes_per_ms: 8, ..plan.link.clone() };
        let away_ms = EVERY_MS * u64::from(count) + 1000 * number;
        let cascade = Fault::Cascade { first: 0, count, every_ms: EVERY_MS, for_ms: away_ms };
        let faults = vec![FaultStep { at_ms: 500, fault: cascade }];
        let plan = Plan { seed: plan.seed ^ number, truth, known: BLOCKS, link, faults, ..plan };
        played::play(&stage, &run, plan, 500 + EVERY_MS * u64::from(count)).await?;
    }
    Ok(())
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let runs = runs(KIND, RUNS);
    let result = ResilienceTestResult::of(seen, &runs);
    result.judge(judge);
    judge.at_least("gate", "failures injected", RUNS, result.failures_injected);
    for run in &runs {
        judge_node(seen, judge, run, 0);
        judge.at_least(
            "gate",
            &format!("{run}: connections lost"),
            1_u64,
            injected(seen, run, "disconnected"),
        );
    }
}
