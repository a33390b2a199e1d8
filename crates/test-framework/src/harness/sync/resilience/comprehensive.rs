//! Everything that can go wrong, at once.

use alys_sync::simulated::{
    Behaviour, Fault, FaultStep, Group, LinkPlan, LongRange, PeerPlan, Plan, TruthPlan,
};

use super::super::played::{self, counted, injected, judge_node, planned};
use super::{ResilienceTestResult, runs};
use crate::{
    case::{Pace, TestCase, no_gates},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const COMPREHENSIVE_FAILURES: TestCase = TestCase {
    name: "test_sync_with_comprehensive_failures",
    phase: SyncImprovement,
    category: "resilience",
    summary: "A sync reaches the tip through loss, corruption, partitions, crashes, clock jumps and liars of every kind \
              at once.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(comprehensive(stage)),
    judge,
    gates: no_gates,
};

const RUNS: u64 = 10;
const KIND: &str = "everything";
const BLOCKS: u64 = 300;
const MORE: u64 = 30;
/// From when on nothing fails any more.
const QUIET_MS: u64 = 60_000;

/// Every kind of liar.
const LIARS: [Behaviour; 12] = [
    Behaviour::Empty,
    Behaviour::Short { blocks: 2 },
    Behaviour::Stale { by: 20 },
    Behaviour::WrongFork,
    Behaviour::InvalidCertificate { every: 7 },
    Behaviour::Unlinked,
    Behaviour::Oversized,
    Behaviour::ClaimsTooHigh { by: 1000 },
    Behaviour::ForgedTip,
    Behaviour::NothingAtStake,
    Behaviour::LongRangeFork,
    Behaviour::Garbage,
];

/// In each run there are other liars beside the honest.
fn peers(number: u64) -> Vec<PeerPlan> {
    let honest = PeerPlan { count: 5, ..PeerPlan::default() };
    let liars = LIARS.iter().cycle().skip(3 * usize::try_from(number).unwrap_or_default()).take(3);
    let liars = liars.map(|behaviour| PeerPlan { behaviour: *behaviour, ..PeerPlan::default() });
    std::iter::once(honest).chain(liars).collect()
}

fn faults(number: u64) -> Vec<FaultStep> {
    let alone = Group { nodes: vec![0], peers: vec![0] };
    let medium =
        Fault::Medium { node: 0, after: 20 + number, comes_through: number.is_multiple_of(2), for_ms: 700 };
    let faults = [
        (300, Fault::Disconnect { peer: 0, for_ms: 4000 }),
        (600, medium),
        (2500, Fault::Partition { groups: vec![alone], for_ms: 9000 }),
        (9000, Fault::Clock { node: 0, by_ms: 30_000 }),
        (12_000, Fault::Crash { node: 0, for_ms: 1500 }),
        (16_000, Fault::Stall { peer: 1, for_ms: 20_000 }),
        (20_000, Fault::Cascade { first: 0, count: 4, every_ms: 300, for_ms: 5000 }),
        (30_000, Fault::Clock { node: 0, by_ms: -30_000 }),
        (40_000, Fault::Turn { peer: 4, behaviour: Behaviour::Empty }),
    ];
    faults.into_iter().map(|(at_ms, fault)| FaultStep { at_ms, fault }).collect()
}

async fn comprehensive(stage: Stage) -> Driven {
    for (number, run) in (0..).zip(runs(KIND, RUNS)) {
        let plan = planned(&stage)?;
        let long_range = Some(LongRange { from: 5, blocks: 150 });
        let truth = TruthPlan {
            seed: stage.seed() ^ number,
            blocks: BLOCKS + MORE,
            fork_every: 20,
            long_range,
            ..TruthPlan::default()
        };
        let link = LinkPlan {
            latency_max_ms: plan.link.latency_max_ms * 4,
            loss_permille: 100,
            duplicate_permille: 50,
            reorder_permille: 50,
            corrupt_permille: 50,
            ..plan.link
        };
        let plan = Plan {
            seed: plan.seed ^ number,
            truth,
            known: BLOCKS,
            relays: 2,
            quiet_from_ms: Some(QUIET_MS),
            link,
            peers: peers(number),
            faults: faults(number),
            ..plan
        };
        played::play(&stage, &run, plan, QUIET_MS + 1000).await?;
    }
    Ok(())
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let runs = runs(KIND, RUNS);
    let result = ResilienceTestResult::of(seen, &runs);
    result.judge(judge);
    judge.at_least("gate", "failures injected", RUNS * 15, result.failures_injected);
    // A single run may be down or idle just when something would have hit it.
    for kind in ["lost", "corrupted", "partitioned", "disconnected"] {
        let found: u64 = runs.iter().map(|run| injected(seen, run, kind)).sum();
        judge.at_least("gate", &format!("messages or connections {kind}"), RUNS, found);
    }
    for run in &runs {
        judge_node(seen, judge, run, 0);
        let height = counted(seen, run, "node 0", 0, "height");
        judge.at_least("gate", &format!("{run}: height"), BLOCKS, height);
    }
}
