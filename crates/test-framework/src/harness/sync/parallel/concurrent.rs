//! Sessions that sync side by side from the same peers.

use std::time::Duration;

use alys_sync::simulated::{Plan, TruthPlan};

use super::super::played::{self, counted, end, judge_node, planned};
use super::super::results::ConcurrentSyncResult;
use super::{sessions_completed, short, synced_after};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::{TestEvent, TestEventType::Observed},
    evidence::Evidence,
    judge::{Judge, Quantity},
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const CONCURRENT_SESSIONS: TestCase = TestCase {
    name: "test_concurrent_sync_sessions",
    phase: SyncImprovement,
    category: "parallel_sync",
    summary: "Sessions that sync side by side from the same peers come to the chain and the checkpoints of one alone.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(concurrent(stage)),
    judge,
    gates: no_gates,
};

const TOGETHER: &str = "together";
const ALONE: &str = "alone";
const BLOCKS: u64 = 505;

async fn concurrent(stage: Stage) -> Driven {
    let sessions = stage.config().sync.parallel_sessions.min(16);
    stage.record(Observed, "plan", [("sessions", sessions.into())]);
    for (run, nodes) in [(TOGETHER, sessions), (ALONE, 1)] {
        let truth = TruthPlan { seed: stage.seed(), blocks: BLOCKS, fork_every: 20, ..TruthPlan::default() };
        let plan = Plan { truth, known: BLOCKS, nodes, ..planned(&stage)? };
        played::play(&stage, run, plan, 0).await?;
    }
    Ok(())
}

fn sessions(seen: Evidence<'_>) -> u32 {
    seen.observed("plan", "sessions").and_then(Quantity::count).map_or(0, short)
}

impl ConcurrentSyncResult {
    /// Measures the sessions in what was seen of them.
    #[must_use]
    pub fn of(seen: Evidence<'_>) -> Self {
        let sessions = sessions(seen);
        let took: Vec<Duration> =
            (0..sessions).filter_map(|node| synced_after(seen, TOGETHER, node)).collect();
        let conflicts = |node: u32| counted(seen, TOGETHER, "metrics", node.into(), "conflicts");
        let completed = sessions_completed(seen, TOGETHER, sessions);
        ConcurrentSyncResult {
            success: completed == sessions && sessions > 0,
            sessions_completed: completed,
            concurrent_sessions: sessions,
            average_sync_time: took.iter().sum::<Duration>() / short(took.len().max(1) as u64),
            conflicts_detected: short((0..sessions).map(conflicts).sum()),
        }
    }
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let result = ConcurrentSyncResult::of(seen);
    judge.at_least("gate", "sessions", 1_u64, result.concurrent_sessions);
    judge.equal("SY-1", "sessions completed", result.concurrent_sessions, result.sessions_completed);
    judge.equal("gate", "success", "true", result.success.to_string());
    judge.equal("SY-6", "conflicts on a chain that has settled", 0_u64, result.conflicts_detected);
    let took = result.average_sync_time;
    judge.at_most("gate", "average sync in seconds of virtual time", 120_u64, took.as_secs());
    judge.at_least("gate", "average sync in seconds of virtual time", 0.001, took.as_secs_f64());
    judge_node(seen, judge, ALONE, 0);
    let alone = |what| end(seen, ALONE, what, 0);
    for node in 0..result.concurrent_sessions {
        judge_node(seen, judge, TOGETHER, node);
        let mine = end(seen, TOGETHER, "checkpoints", node.into());
        let words =
            |event: Option<&TestEvent>, key| event.map_or("not seen", |event| event.words(key)).to_owned();
        let expected = words(alone("checkpoints"), "mine");
        judge.equal("SY-8", &format!("checkpoints of session {node}"), expected, words(mine, "mine"));
        let tip = end(seen, TOGETHER, &format!("node {node}"), node.into());
        judge.equal(
            "SY-8",
            &format!("tip of session {node}"),
            words(alone("node 0"), "root"),
            words(tip, "root"),
        );
    }
}
