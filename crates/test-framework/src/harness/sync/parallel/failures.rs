//! Sessions side by side while things fail.

use alys_sync::simulated::{Fault, FaultStep, Host, LinkPlan, Plan, TruthPlan};

use super::super::played::{self, completed, counted, injected, judge_node, planned};
use super::super::results::ParallelFailureResult;
use super::{sessions_completed, short};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::StateTransition,
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const WITH_FAILURES: TestCase = TestCase {
    name: "test_parallel_sync_with_failures",
    phase: SyncImprovement,
    category: "parallel_sync",
    summary: "Six sessions of which each crashes come to the tip while 15 % of all messages are lost.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(failures(stage)),
    judge,
    gates: no_gates,
};

const RUN: &str = "failures";
const SESSIONS: u32 = 6;
const BLOCKS: u64 = 400;
const LOSS_PERMILLE: u16 = 150;

async fn failures(stage: Stage) -> Driven {
    let truth = TruthPlan { seed: stage.seed(), blocks: BLOCKS, fork_every: 30, ..TruthPlan::default() };
    let plan = planned(&stage)?;
    // So slow that each session crashes while blocks are missing.
    let link = LinkPlan { loss_permille: LOSS_PERMILLE, bytes_per_ms: 20, ..plan.link };
    let crash = |node: u32| FaultStep {
        at_ms: 1000 + 500 * u64::from(node),
        fault: Fault::Crash { node, for_ms: 1000 + 300 * u64::from(node) },
    };
    let faults = (0..SESSIONS).map(crash).collect();
    let plan = Plan { truth, known: BLOCKS, nodes: SESSIONS, link, faults, ..plan };
    played::play(&stage, RUN, plan, 1000 + 500 * u64::from(SESSIONS)).await?;
    Ok(())
}

/// The most blocks of forks that a session meets.
const FORKED: u64 = 4;

/// The height that was durable when a session crashed last.
fn before_crash(seen: Evidence<'_>, node: u32) -> u64 {
    let who = played::of(RUN, Host::Node(node));
    let down = seen.from(StateTransition, &who).filter(|event| event.words("node") == "down");
    down.last().and_then(|event| event.count("height")).unwrap_or_default()
}

/// Whether a session was hit: it was down.
fn was_hit(seen: Evidence<'_>, node: u32) -> bool {
    let who = played::of(RUN, Host::Node(node));
    seen.words(StateTransition, &who, "node").iter().any(|(_, words)| *words == "down")
}

impl ParallelFailureResult {
    /// Measures the sessions in what was seen of them.
    #[must_use]
    pub fn of(seen: Evidence<'_>) -> Self {
        let all = sessions_completed(seen, RUN, SESSIONS);
        let recovered = (0..SESSIONS).filter(|node| was_hit(seen, *node) && completed(seen, RUN, *node));
        let kinds = ["lost", "partitioned", "corrupted", "faults"];
        ParallelFailureResult {
            success: all == SESSIONS,
            parallel_sessions: SESSIONS,
            injected_failures: short(kinds.iter().map(|kind| injected(seen, RUN, kind)).sum()),
            sessions_recovered: short(recovered.count() as u64),
            sync_completion_rate: f64::from(all) / f64::from(SESSIONS),
        }
    }
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let result = ParallelFailureResult::of(seen);
    judge.at_least("gate", "share of the sessions that complete", 0.6, result.sync_completion_rate);
    judge.equal("SY-1", "success", "true", result.success.to_string());
    judge.equal("SY-1", "sessions that recover from a crash", SESSIONS, result.sessions_recovered);
    judge.at_least("gate", "failures injected", 100_u64, result.injected_failures);
    let (lost, sent) = (injected(seen, RUN, "lost"), injected(seen, RUN, "messages"));
    judge.at_least("gate", "messages lost in a thousand", 100_u64, 1000 * lost / sent.max(1));
    for node in 0..SESSIONS {
        judge_node(seen, judge, RUN, node);
        let downloaded = counted(seen, RUN, "metrics", node.into(), "blocks");
        let durable = before_crash(seen, node);
        judge.at_most(
            "SY-9",
            &format!("blocks that session {node} downloads after its crash"),
            BLOCKS - durable.min(BLOCKS) + FORKED,
            downloaded,
        );
    }
}
