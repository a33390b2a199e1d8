//! Load that is spread over peers.

use std::collections::BTreeMap;

use alys_sync::simulated::{LinkPlan, PeerPlan, Plan, TruthPlan};

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
    summary: "The load of 2,000 blocks is spread over eight peers of equal speed, 5 % of whose messages are lost.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(balancing(stage)),
    judge,
    gates: no_gates,
};

/// Without failures, and with so many in 1,000 messages.
const RUNS: [(&str, u16); 2] = [("whole links", 0), ("lossy links", 50)];
const BLOCKS: u64 = 2000;
const PEERS: u32 = 8;

async fn balancing(stage: Stage) -> Driven {
    for (run, loss_permille) in RUNS {
        let truth = TruthPlan { seed: stage.seed(), blocks: BLOCKS, ..TruthPlan::default() };
        let plan = planned(&stage)?;
        let link = LinkPlan { loss_permille, ..plan.link };
        let peers = vec![PeerPlan { count: PEERS, ..PeerPlan::default() }];
        played::play(&stage, run, Plan { truth, known: BLOCKS, peers, link, ..plan }, 0)?;
    }
    Ok(())
}

impl LoadBalancingResult {
    /// Measures a run in what was seen of it.
    fn in_run(seen: Evidence<'_>, run: &str) -> Self {
        let load = |event: &TestEvent| Some((event.words("peer").to_owned(), short(event.count("blocks")?)));
        let source = of(run, "load");
        let load_distribution: BTreeMap<_, _> = seen.from(Observed, &source).filter_map(load).collect();
        let (sum, most) =
            (load_distribution.values().sum::<u32>(), load_distribution.values().max().copied());
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
        Self::in_run(seen, RUNS[1].0)
    }
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    for (run, loss_permille) in RUNS {
        let result = LoadBalancingResult::in_run(seen, run);
        let said = |what: &str| format!("{run}: {what}");
        judge_node(seen, judge, run, 0);
        judge.equal("gate", &said("success"), "true", result.success.to_string());
        judge.at_least("SY-8", &said("peers used"), PEERS * 3 / 4, result.peers_utilized);
        judge.at_least("SY-8", &said("mean load by the highest"), 0.7, result.balance_efficiency);
        let taken: u32 = result.load_distribution.values().sum();
        judge.at_least("gate", &said("blocks of all peers"), BLOCKS, taken);
        if loss_permille > 0 {
            judge.at_least("gate", &said("messages lost"), 3_u64, injected(seen, run, "lost"));
            judge.at_least("SY-6", &said("batches asked for again"), 1_u64, result.failover_count);
        } else {
            judge.equal("SY-6", &said("batches asked for again"), 0_u64, result.failover_count);
        }
    }
}
