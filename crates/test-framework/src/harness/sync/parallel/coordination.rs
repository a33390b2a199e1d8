//! Workers of one session: they share a download without doing it twice.

use std::collections::BTreeMap;

use alys_sync::simulated::{Behaviour, Entry, Host, LinkPlan, PeerPlan, Plan, Question, TruthPlan, What};

use super::super::played::{self, counted, judge_node, planned};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::Observed,
    evidence::Evidence,
    judge::{Judge, Quantity},
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const COORDINATION: TestCase = TestCase {
    name: "test_sync_coordination",
    phase: SyncImprovement,
    category: "parallel_sync",
    summary: "Workers never ask for a block that another one is waiting for, however many answers are wrong, and let \
              children in after parents.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(coordination(stage)),
    judge,
    gates: no_gates,
};

const RUN: &str = "workers";
const BLOCKS: u64 = 800;

async fn coordination(stage: Stage) -> Driven {
    let truth = TruthPlan { seed: stage.seed(), blocks: BLOCKS, fork_every: 15, ..TruthPlan::default() };
    // Of ten peers, one answers with another branch, and one leaves blocks out.
    let peers = [(8, Behaviour::Honest), (1, Behaviour::WrongFork), (1, Behaviour::Unlinked)];
    let peers = peers.map(|(count, behaviour)| PeerPlan { count, behaviour, ..PeerPlan::default() });
    let plan = planned(&stage)?;
    let link = LinkPlan { reorder_permille: 100, ..plan.link };
    let plan = Plan { truth, known: BLOCKS, peers: peers.to_vec(), link, ..plan };
    let workers = plan.sync.workers;
    let simulation = played::play(&stage, RUN, plan, 0).await?;
    let shared = shared(simulation.log().entries());
    let told = [
        ("twice", shared.twice.into()),
        ("requests", shared.requests.into()),
        ("most_at_once", shared.most_at_once.into()),
        ("workers", workers.into()),
    ];
    stage.record(Observed, "workers", told);
    Ok(())
}

/// How workers share a download.
#[derive(Debug, Default)]
struct Shared {
    /// How many ranges were asked for.
    requests: u64,
    /// How many of them overlapped one that was waited for.
    twice: u64,
    /// The most that were waited for at once.
    most_at_once: usize,
}

/// Looks at each moment for ranges that are waited for.
fn shared(entries: &[Entry]) -> Shared {
    let (mut shared, mut waited) = (Shared::default(), BTreeMap::new());
    for entry in entries.iter().filter(|entry| entry.host == Host::Node(0)) {
        match entry.what {
            What::Asked { exchange, question: Question::Range { start, count }, of } => {
                let range = (start, start + count);
                let overlaps = |(from, to, _): &(u64, u64, Host)| *from < range.1 && range.0 < *to;
                shared.requests += 1;
                shared.twice += u64::from(waited.values().any(overlaps));
                waited.insert(exchange, (range.0, range.1, of));
                shared.most_at_once = shared.most_at_once.max(waited.len());
            }
            What::Got { exchange, .. } | What::Cancelled { exchange } => _ = waited.remove(&exchange),
            What::Disconnected(peer) | What::Malformed { from: peer, .. } => {
                waited.retain(|_, (_, _, of)| *of != peer);
            }
            _ => {}
        }
    }
    shared
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    judge_node(seen, judge, RUN, 0);
    let observed = |key| seen.observed("workers", key).and_then(Quantity::count).unwrap_or_default();
    judge.at_least("gate", "ranges asked for", BLOCKS / 64, observed("requests"));
    judge.equal("SY-3", "of these, asked for while another worker waited", 0_u64, observed("twice"));
    judge.at_least("gate", "workers busy at once", 2_u64, observed("most_at_once"));
    judge.at_most("SY-10", "ranges waited for at once", observed("workers"), observed("most_at_once"));
    let retries = counted(seen, RUN, "metrics", 0, "retries");
    judge.at_least("SY-6", "batches asked for again after a wrong answer", 1_u64, retries);
}
