//! Peers that are slow, stall, or never answer.

use alys_sync::simulated::{Behaviour, PeerPlan, Plan, TruthPlan};

use super::super::played::{self, counted, judge_node, planned};
use super::{ResilienceTestResult, runs};
use crate::{
    case::{Pace, TestCase, no_gates},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const SLOW_PEERS: TestCase = TestCase {
    name: "test_slow_peer_handling",
    phase: SyncImprovement,
    category: "resilience",
    summary: "A sync goes on with one fast peer, whoever else is slow, stalls or never answers; each request has its \
              deadline.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(slow(stage)),
    judge,
    gates: no_gates,
};

const RUNS: u64 = 6;
const KIND: &str = "slow peers";
const BLOCKS: u64 = 300;
/// Long enough for the deadlines of requests to come.
const DEADLINES_MS: u64 = 30_000;

async fn slow(stage: Stage) -> Driven {
    for (number, run) in (0..).zip(runs(KIND, RUNS)) {
        let truth = TruthPlan { seed: stage.seed() ^ number, blocks: BLOCKS, ..TruthPlan::default() };
        let peers = [
            (3, Behaviour::Honest),
            (1, Behaviour::Slow { by_ms: 3000 }),
            (1, Behaviour::Slow { by_ms: 60_000 }),
            (1, Behaviour::Stalls { after: 3 }),
            (1, Behaviour::NeverAnswers),
        ];
        let peers = peers.map(|(count, behaviour)| PeerPlan { count, behaviour, ..PeerPlan::default() });
        let plan = planned(&stage)?;
        let plan = Plan { seed: plan.seed ^ number, truth, known: BLOCKS, peers: peers.to_vec(), ..plan };
        played::play(&stage, &run, plan, DEADLINES_MS).await?;
    }
    Ok(())
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let runs = runs(KIND, RUNS);
    ResilienceTestResult::of(seen, &runs).judge(judge);
    for run in &runs {
        judge_node(seen, judge, run, 0);
        let timeouts = counted(seen, run, "metrics", 0, "timeouts");
        judge.at_least("SY-10", &format!("{run}: requests that met their deadline"), 1_u64, timeouts);
        let bans = counted(seen, run, "metrics", 0, "bans");
        judge.equal("SY-7", &format!("{run}: peers banned for being slow"), 0_u64, bans);
    }
}
