//! What parallel workers gain.

use std::collections::BTreeMap;

use alys_sync::config::Settings;
use alys_sync::simulated::{Entry, Host, LinkPlan, PeerPlan, Plan, Question, TruthPlan, What};

use super::super::played::{self, completed, counted, end, judge_node, of, planned};
use super::super::results::ParallelPerformanceResult;
use super::{short, synced_after};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::Observed,
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const PERFORMANCE: TestCase = TestCase {
    name: "test_parallel_sync_performance",
    phase: SyncImprovement,
    category: "parallel_sync",
    summary: "Six workers sync four times as fast as one at a latency of 100 ms, to the same chain.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(performance(stage)),
    judge,
    gates: no_gates,
};

const RUNS: [(&str, u64); 2] = [("one worker", 1), ("six workers", 6)];
const BLOCKS: u64 = 3000;
const LATENCY_MS: u64 = 100;

async fn performance(stage: Stage) -> Driven {
    for (run, workers) in RUNS {
        let truth = TruthPlan { seed: stage.seed(), blocks: BLOCKS, ..TruthPlan::default() };
        let link = LinkPlan { latency_min_ms: LATENCY_MS, latency_max_ms: LATENCY_MS, ..LinkPlan::default() };
        let peers = vec![PeerPlan { count: 8, ..PeerPlan::default() }];
        let sync = Settings { workers, ..Settings::default() };
        let plan = Plan { truth, known: BLOCKS, peers, link, sync, ..planned(&stage)? };
        let simulation = played::play(&stage, run, plan, 0).await?;
        let (busy_ms, from_ms, to_ms) = busy(simulation.log().entries());
        let told = [
            ("workers", workers.into()),
            ("busy_ms", busy_ms.into()),
            ("download_ms", (to_ms - from_ms).into()),
        ];
        stage.record(Observed, &of(run, "work"), told);
    }
    Ok(())
}

/// For how long workers waited for ranges, all together, and from when to when.
fn busy(entries: &[Entry]) -> (u64, u64, u64) {
    let (mut asked, mut busy, mut from, mut to) = (BTreeMap::new(), 0, None, 0);
    for entry in entries.iter().filter(|entry| entry.host == Host::Node(0)) {
        match entry.what {
            What::Asked { exchange, question: Question::Range { .. }, .. } => {
                from = from.or(Some(entry.at));
                asked.insert(exchange, entry.at);
            }
            What::Got { exchange, .. } | What::Cancelled { exchange } => {
                if let Some(at) = asked.remove(&exchange) {
                    busy += entry.at - at;
                    to = entry.at;
                }
            }
            _ => {}
        }
    }
    (busy, from.unwrap_or_default(), to)
}

impl ParallelPerformanceResult {
    /// Measures both runs in what was seen of them.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    pub fn of(seen: Evidence<'_>) -> Self {
        let [(alone, _), (together, workers)] = RUNS;
        let took = |run| synced_after(seen, run, 0).map(|took| took.as_secs_f64().max(0.001));
        let root = |run| end(seen, run, "node 0", 0).map(|event| event.words("root"));
        let work = |key| counted(seen, together, "work", 0, key) as f64;
        let blocks = counted(seen, together, "metrics", 0, "blocks");
        let gain = took(alone).zip(took(together)).map(|(alone, together)| alone / together - 1.0);
        let both = completed(seen, alone, 0) && completed(seen, together, 0);
        ParallelPerformanceResult {
            success: both && root(alone) == root(together),
            parallel_sessions: short(workers),
            total_blocks_synced: blocks,
            aggregate_throughput: took(together).map_or(0.0, |took| blocks as f64 / took),
            efficiency_gain: gain.unwrap_or_default(),
            resource_utilization: work("busy_ms") / (work("download_ms") * workers as f64).max(1.0),
        }
    }
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    RUNS.iter().for_each(|(run, _)| judge_node(seen, judge, run, 0));
    let result = ParallelPerformanceResult::of(seen);
    judge.equal("SY-8", "both come to the same tip", "true", result.success.to_string());
    judge.equal("gate", "workers", 6_u64, result.parallel_sessions);
    judge.at_least("gate", "blocks synced", BLOCKS, result.total_blocks_synced);
    judge.at_least("gate", "blocks per second of virtual time", 100.0, result.aggregate_throughput);
    judge.at_least("gate", "gain by six workers", 0.3, result.efficiency_gain);
    judge.at_least("SY-8", "gain by six workers", 3.0, result.efficiency_gain);
    judge.at_least("gate", "share of their time that workers are busy", 0.3, result.resource_utilization);
    judge.at_most("gate", "share of their time that workers are busy", 1.0, result.resource_utilization);
}
