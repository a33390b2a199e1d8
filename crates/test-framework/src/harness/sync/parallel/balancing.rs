//! Load that is spread over peers.

use std::collections::BTreeMap;
use std::sync::Arc;

use alys_sync::simulated::{LinkPlan, PeerPlan, Plan, Simulation, Truth, TruthPlan};

use super::super::checkpoints::at;
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
    summary: "The load of 2,000 blocks is spread over eight peers of equal speed, also when 5 % of all messages are lost.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(balancing(stage)),
    judge,
    gates: no_gates,
};

const WHOLE: &str = "whole links";
/// A peer that happens to lose a message is left alone for a while: over several syncs that evens out.
const LOSSY: [&str; 8] = [
    "lossy links 1",
    "lossy links 2",
    "lossy links 3",
    "lossy links 4",
    "lossy links 5",
    "lossy links 6",
    "lossy links 7",
    "lossy links 8",
];
const LOSS_PERMILLE: u16 = 50;
const BLOCKS: u64 = 2000;
const PEERS: u32 = 8;

async fn balancing(stage: Stage) -> Driven {
    let truth = TruthPlan { seed: stage.seed(), blocks: BLOCKS, ..TruthPlan::default() };
    let shared = Arc::new(Truth::ideal(&truth).map_err(at("the plan of a truth"))?);
    for (number, run) in (0..).zip([WHOLE].into_iter().chain(LOSSY)) {
        let plan = planned(&stage)?;
        let loss_permille = if run == WHOLE { 0 } else { LOSS_PERMILLE };
        let link = LinkPlan { loss_permille, ..plan.link };
        let peers = vec![PeerPlan { count: PEERS, ..PeerPlan::default() }];
        let seed = plan.seed.wrapping_add(number);
        let plan = Plan { seed, truth: truth.clone(), known: BLOCKS, peers, link, ..plan };
        let simulation =
            Simulation::new(plan, Arc::clone(&shared)).map_err(at("the plan of a simulation"))?;
        played::play_on(&stage, run, simulation, 0)?;
    }
    Ok(())
}

impl LoadBalancingResult {
    /// Measures runs together in what was seen of them.
    fn in_runs(seen: Evidence<'_>, runs: &[&str]) -> Self {
        let mut load_distribution = BTreeMap::new();
        for run in runs {
            let source = of(run, "load");
            let load =
                |event: &TestEvent| Some((event.words("peer").to_owned(), short(event.count("blocks")?)));
            for (peer, blocks) in seen.from(Observed, &source).filter_map(load) {
                *load_distribution.entry(peer).or_default() += blocks;
            }
        }
        let sum: u32 = load_distribution.values().sum();
        let most = load_distribution.values().max().copied();
        let used = short(load_distribution.len() as u64);
        let efficiency = most.map(|most| f64::from(sum) / (f64::from(used) * f64::from(most.max(1))));
        let retries = |run: &&str| counted(seen, run, "metrics", 0, "retries");
        LoadBalancingResult {
            success: runs.iter().all(|run| completed(seen, run, 0)),
            peers_utilized: used,
            load_distribution,
            balance_efficiency: efficiency.unwrap_or_default(),
            failover_count: short(runs.iter().map(retries).sum()),
        }
    }

    /// Measures the runs with failures in what was seen of them.
    #[must_use]
    pub fn of(seen: Evidence<'_>) -> Self {
        Self::in_runs(seen, &LOSSY)
    }

    fn judge(&self, judge: &mut Judge, runs: &[&str]) {
        let said = |what: &str| format!("{}: {what}", runs[0]);
        judge.equal("gate", &said("success"), "true", self.success.to_string());
        judge.at_least("SY-8", &said("peers used"), PEERS * 3 / 4, self.peers_utilized);
        judge.at_least("SY-8", &said("mean load by the highest"), 0.7, self.balance_efficiency);
        let taken: u32 = self.load_distribution.values().sum();
        judge.at_least("gate", &said("blocks of all peers"), BLOCKS * runs.len() as u64, taken);
    }
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let (whole, lossy) = (LoadBalancingResult::in_runs(seen, &[WHOLE]), LoadBalancingResult::of(seen));
    whole.judge(judge, &[WHOLE]);
    judge.equal("SY-6", "batches asked for again on whole links", 0_u64, whole.failover_count);
    lossy.judge(judge, &LOSSY);
    judge.at_least("SY-6", "batches asked for again on lossy links", 8_u64, lossy.failover_count);
    judge_node(seen, judge, WHOLE, 0);
    for run in LOSSY {
        judge_node(seen, judge, run, 0);
        judge.at_least("gate", &format!("{run}: messages lost"), 1_u64, injected(seen, run, "lost"));
        let used = counted(seen, run, "metrics", 0, "peers_used");
        judge.at_least("gate", &format!("{run}: peers used"), PEERS * 3 / 4, used);
    }
}
