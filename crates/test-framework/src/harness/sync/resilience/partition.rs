//! A partition while nodes sync and the chain grows.

use std::collections::BTreeMap;

use alys_sync::simulated::{EventLog, Fault, FaultStep, Group, Host, Plan, Simulation, TruthPlan, What};

use super::super::checkpoints::at;
use super::super::played::{self, completed, injected, judge_node, planned};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::{MessageReceived, Observed, StateTransition},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    stage::{Driven, Stage},
};

pub(in super::super) const PARTITION_TOLERANCE: TestCase = TestCase {
    name: "test_network_partition_tolerance",
    phase: SyncImprovement,
    category: "resilience",
    summary: "No message crosses a partition, a node that it cuts off from everybody says that it is not synced, and all \
              converge after it heals.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(partition(stage)),
    judge,
    gates: no_gates,
};

/// Who of the nodes is on one side, and which peers are with them.
type Side = (&'static [u32], fn(u32) -> bool);

const RUN: &str = "partition";
const NODES: u32 = 3;
const BLOCKS: u64 = 300;
const MORE: u64 = 60;
/// When it begins, and for how long it lasts.
const PARTITION_MS: (u64, u64) = (20_000, 80_000);
/// Which group a host is in: half of the nodes are with half of the peers, and one node is alone.
const GROUPS: [Side; 2] = [(&[0], |peer| peer.is_multiple_of(2)), (&[1], |_| false)];

fn groups(peers: u32) -> Vec<Group> {
    let of = |(nodes, is_in): &Side| Group {
        nodes: nodes.to_vec(),
        peers: (0..peers).filter(|peer| is_in(*peer)).collect(),
    };
    GROUPS.iter().map(of).collect()
}

async fn partition(stage: Stage) -> Driven {
    let plan = planned(&stage)?;
    let groups = groups(plan.peer_count());
    let (from, for_ms) = PARTITION_MS;
    let truth =
        TruthPlan { seed: stage.seed(), blocks: BLOCKS + MORE, fork_every: 20, ..TruthPlan::default() };
    let faults = vec![FaultStep { at_ms: from, fault: Fault::Partition { groups: groups.clone(), for_ms } }];
    let plan = Plan { truth, known: BLOCKS, nodes: NODES, relays: 4, faults, ..plan };
    let simulation = Simulation::ideal(plan).map_err(at("the plan of a simulation"))?;
    let growth_ms = MORE * 2000 + 5000;
    let simulation = played::play_on(&stage, RUN, simulation, growth_ms).await?;
    write_crossings(&stage, simulation.log(), &groups);
    Ok(())
}

/// Writes down what came over the partition while it was there, and what came within groups.
fn write_crossings(stage: &Stage, log: &EventLog, groups: &[Group]) {
    let group = |host: Host| {
        groups.iter().position(|group| match host {
            Host::Node(node) => group.nodes.contains(&node),
            Host::Peer(peer) => group.peers.contains(&peer),
        })
    };
    let (from, for_ms) = PARTITION_MS;
    let (mut crossed, mut within, mut asked) = (0_u64, 0_u64, BTreeMap::new());
    for entry in log.entries() {
        let other = match entry.what {
            What::Asked { of, exchange, .. } => {
                asked.insert(exchange, of);
                continue;
            }
            What::Got { exchange, .. } => asked.get(&exchange).copied(),
            What::Heard { from, .. } | What::Malformed { from, .. } => Some(from),
            _ => None,
        };
        let Some(other) = other.filter(|_| (from + 1..from + for_ms).contains(&entry.at)) else { continue };
        if group(other) == group(entry.host) {
            within += 1;
        } else {
            crossed += 1;
        }
    }
    stage.record(MessageReceived, "over the partition", [("messages", crossed.into())]);
    stage.record(MessageReceived, "within groups", [("messages", within.into())]);
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let sum =
        |source| seen.counts(MessageReceived, source, "messages").iter().map(|(_, count)| count).sum::<u64>();
    judge.equal("NW-2", "messages that came over the partition", 0_u64, sum("over the partition"));
    judge.at_least("gate", "messages within groups meanwhile", 20_u64, sum("within groups"));
    judge.at_least("gate", "messages that it has cut off", 10_u64, injected(seen, RUN, "partitioned"));
    let tips: Vec<_> = (0..NODES)
        .filter_map(|node| seen.from(Observed, &played::of(RUN, Host::Node(node))).last())
        .map(|event| event.words("root"))
        .collect();
    let one = tips.iter().filter(|root| Some(*root) == tips.first()).count();
    judge.equal("NW-2", "nodes that have one tip after it heals", NODES, one);
    let recovered = (0..NODES).filter(|node| completed(seen, RUN, *node)).count();
    judge.equal("SY-1", "nodes that have come to the honest tip", NODES, recovered);
    let who = played::of(RUN, Host::Node(1));
    let alone = seen.from(StateTransition, &who);
    let (from, for_ms) = PARTITION_MS;
    let lost = alone.filter(|event| {
        let meanwhile = event.count("at_ms").is_some_and(|at| (from..from + for_ms).contains(&at));
        meanwhile && !event.words("state").is_empty() && event.words("state") != "Synced"
    });
    judge.at_least("SY-4", "times that the node alone says it is not synced", 1_u64, lost.count());
    (0..NODES).for_each(|node| judge_node(seen, judge, RUN, node));
}
