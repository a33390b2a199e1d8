//! Load that is spread over peers.

use std::collections::BTreeMap;

use alys_sync::simulated::{Fault, FaultStep, LinkPlan, PeerPlan, Plan, TruthPlan};

use super::super::played::{self, completed, counted, injected, judge_node, of, planned};
use super::super::results::LoadBalancingResult;
use super::short;
use crate::{
    case::{Pace, TestCase, no_gates},
    event::{TestEvent, TestEventType::Observed},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const LOAD_BALANCING: TestCase = TestCase {
    name: "test_multi_peer_load_balancing",
    phase: SyncImprovement,
    category: "parallel_sync",
    summary: "The load of 2,000 blocks is spread over eight peers of equal speed, also when each of them fails for 5 % of \
              the time.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(balancing(stage)),
    judge,
    gates: no_gates,
};

const WHOLE: &str = "whole peers";
const FAILING: &str = "failing peers";
const BLOCKS: u64 = 2000;
const PEERS: u32 = 8;

/// So many bytes a millisecond, which makes the sync take about nine seconds.
const BYTES_PER_MS: u64 = 8;

/// How long each peer is away, and how far apart two of them go: one after the other, all through the sync.
const AWAY_MS: u64 = 450;
const EVERY_MS: u64 = 900;

async fn balancing(stage: Stage) -> Driven {
    let away = |peer: u32| FaultStep {
        at_ms: 1000 + EVERY_MS * u64::from(peer),
        fault: Fault::Disconnect { peer, for_ms: AWAY_MS },
    };
    for (run, faults) in [(WHOLE, Vec::new()), (FAILING, (0..PEERS).map(away).collect())] {
        let truth = TruthPlan { seed: stage.seed(), blocks: BLOCKS, ..TruthPlan::default() };
        let plan = planned(&stage)?;
        let link = LinkPlan { bytes_per_ms: BYTES_PER_MS, ..plan.link };
        let peers = vec![PeerPlan { count: PEERS, ..PeerPlan::default() }];
        played::play(&stage, run, Plan { truth, known: BLOCKS, peers, link, faults, ..plan }, 0).await?;
    }
    Ok(())
}

impl LoadBalancingResult {
    /// Measures a run in what was seen of it.
    fn in_run(seen: Evidence<'_>, run: &str) -> Self {
        let source = of(run, "load");
        let load = |event: &TestEvent| Some((event.words("peer").to_owned(), short(event.count("blocks")?)));
        let load_distribution: BTreeMap<_, _> = seen.from(Observed, &source).filter_map(load).collect();
        let sum: u32 = load_distribution.values().sum();
        let most = load_distribution.values().max().copied();
        let used = short(load_distribution.len() as u64);
        let efficiency = most.map(|most| f64::from(sum) / (f64::from(used) * f64::from(most.max(1))));
        LoadBalancingResult {
            success: completed(seen, run, 0),
            peers_utilized: used,
            load_distribution,
            balance_efficiency: efficiency.unwrap_or_default(),
            failover_count: short(counted(seen, run, "metrics", 0, "retries")),
        }
    }

    /// Measures the run with failures in what was seen of it.
    #[must_use]
    pub fn of(seen: Evidence<'_>) -> Self {
        Self::in_run(seen, FAILING)
    }
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    for run in [WHOLE, FAILING] {
        let result = LoadBalancingResult::in_run(seen, run);
        let said = |what: &str| format!("{run}: {what}");
        judge_node(seen, judge, run, 0);
        judge.equal("gate", &said("success"), "true", result.success.to_string());
        judge.at_least("SY-8", &said("peers used"), PEERS * 3 / 4, result.peers_utilized);
        judge.at_least("SY-8", &said("mean load by the highest"), 0.7, result.balance_efficiency);
        let taken: u32 = result.load_distribution.values().sum();
        judge.at_least("gate", &said("blocks of all peers"), BLOCKS, taken);
        if run == WHOLE {
            judge.equal("SY-6", &said("batches asked for again"), 0_u64, result.failover_count);
        } else {
            judge.at_least("SY-6", &said("batches asked for again"), 1_u64, result.failover_count);
            judge.equal("gate", &said("peers that failed"), PEERS, injected(seen, run, "faults"));
        }
    }
}
