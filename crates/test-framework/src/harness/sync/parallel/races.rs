//! Sessions that race: blocks come by gossip and by sync, and branches compete.

use std::time::Duration;

use alys_chain::scheme::Ideal;
use alys_sync::simulated::{Host, LinkPlan, Plan, Simulation, TruthPlan, What};

use super::super::played::{self, end, judge_node, of, planned};
use super::super::results::RaceConditionResult;
use super::{sessions_completed, short};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::{Observed, RecoveryCompleted},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const RACE_CONDITIONS: TestCase = TestCase {
    name: "test_race_condition_handling",
    phase: SyncImprovement,
    category: "parallel_sync",
    summary: "Sessions that get blocks by gossip and by sync at once, in any order and twice, while branches compete, \
              end in one chain.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(races(stage)),
    judge,
    gates: no_gates,
};

const RUN: &str = "race";
const SESSIONS: u32 = 3;
const BLOCKS: u64 = 150;
const MORE: u64 = 80;

async fn races(stage: Stage) -> Driven {
    // As many forks as there can be, each of them seen by everybody.
    let truth =
        TruthPlan { seed: stage.seed(), blocks: BLOCKS + MORE, fork_every: 6, ..TruthPlan::default() };
    let plan = planned(&stage)?;
    let link = LinkPlan {
        latency_min_ms: 0,
        latency_max_ms: 400,
        duplicate_permille: 200,
        reorder_permille: 200,
        ..plan.link
    };
    let plan = Plan { truth, known: BLOCKS, nodes: SESSIONS, relays: 3, link, ..plan };
    let growth_ms = MORE * 2000 * 3 / 2;
    let simulation = played::play(&stage, RUN, plan, growth_ms).await?;
    (0..SESSIONS).for_each(|node| write_races(&stage, &simulation, node));
    Ok(())
}

/// Writes down each time that a session was on a branch that did not stay, and for how long.
fn write_races(stage: &Stage, simulation: &Simulation<Ideal>, node: u32) {
    let truth = simulation.truth();
    let stays = |height: u64, root: u32| {
        let canonical = truth.canonical(height).and_then(|block| block.root.0.first_chunk().copied());
        canonical.map(u32::from_be_bytes) == Some(root)
    };
    let mut since = None;
    for entry in simulation.log().entries().iter().filter(|entry| entry.host == Host::Node(node)) {
        let What::Head { height, root } = entry.what else { continue };
        let who = of(RUN, Host::Node(node));
        match (stays(height, root), since) {
            (false, None) => {
                since = Some(entry.at);
                stage.record(Observed, &who, [("race", height.into()), ("at_ms", entry.at.into())]);
            }
            (true, Some(at)) => {
                since = None;
                let told = [("race", height.into()), ("took_ms", (entry.at - at).into())];
                stage.record(RecoveryCompleted, &who, told);
            }
            _ => {}
        }
    }
}

impl RaceConditionResult {
    /// Measures the races in what was seen of them.
    #[must_use]
    pub fn of(seen: Evidence<'_>) -> Self {
        let sources = || (0..SESSIONS).map(|node| of(RUN, Host::Node(node)));
        let races = |who: String| seen.counts(Observed, &who, "race").len() as u64;
        let resolved = |who: String| seen.counts(RecoveryCompleted, &who, "took_ms");
        let took: Vec<u64> = sources().flat_map(resolved).map(|(_, took)| took).collect();
        let root = |node: u32| {
            end(seen, RUN, &Host::Node(node).to_string(), node.into()).map(|event| event.words("root"))
        };
        let consistent = (0..SESSIONS).all(|node| root(node).is_some() && root(node) == root(0));
        let completed = sessions_completed(seen, RUN, SESSIONS) == SESSIONS;
        let (detected, resolved) = (short(sources().map(races).sum()), short(took.len() as u64));
        RaceConditionResult {
            success: detected == resolved && consistent && completed,
            race_conditions_detected: detected,
            conflicts_resolved: resolved,
            data_consistency_maintained: consistent && completed,
            resolution_time: Duration::from_millis(took.into_iter().max().unwrap_or_default()),
        }
    }
}

/// The longest that a branch of two blocks can stay ahead: it is over with the next two canonical blocks, and those come
/// by gossip or by the sync that follows.
const LONGEST_S: u64 = 60;

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let result = RaceConditionResult::of(seen);
    judge.at_least(
        "gate",
        "times that a session was on a losing branch",
        3_u64,
        result.race_conditions_detected,
    );
    judge.equal("SY-2", "of these, left again", result.race_conditions_detected, result.conflicts_resolved);
    let consistent = result.data_consistency_maintained;
    judge.equal("SY-8", "one chain in the end, the honest one", "true", consistent.to_string());
    judge.equal("gate", "success", "true", result.success.to_string());
    let longest = result.resolution_time.as_secs();
    judge.at_most("SY-1", "the longest time on a losing branch in seconds", LONGEST_S, longest);
    (0..SESSIONS).for_each(|node| judge_node(seen, judge, RUN, node));
}
