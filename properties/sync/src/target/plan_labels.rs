//! What plans are counted by: who takes part and what goes wrong, on which links, and how soon all were at the tip.

use alys_engines::coverage::{self, Labels, Situation};

use super::alys::simulated::{Behaviour, Fault, Plan};
use super::plans::Met;

/// The labels of plans.
#[derive(Clone, Copy, Debug)]
pub struct PlanLabels;

/// How soon after the last fault all nodes were at the tip, in milliseconds.
const SOON: [u64; 2] = [1_000, 60_000];

const fn met(name: &'static str, minimum: u64) -> Situation {
    Situation { name, minimum }
}

impl Labels for PlanLabels {
    const KINDS: &'static [&'static str] = &[
        "honest",
        "slow",
        "stalls",
        "never answers",
        "refuses",
        "empty",
        "short",
        "stale",
        "sybil",
        "wrong fork",
        "invalid certificate",
        "unlinked",
        "oversized",
        "claims too high",
        "forged tip",
        "nothing at stake",
        "long-range fork",
        "garbage",
        "flaps",
        "pesters",
        "disconnect",
        "leave",
        "cascade",
        "partition",
        "weather",
        "stall",
        "turn",
        "crash",
        "medium",
        "clock",
        "another",
    ];
    const CLASSES: &'static [&'static str] =
        &["one node", "one node, links fail", "two nodes", "two, links fail"];
    const OUTCOMES: &'static [&'static str] = &["at once", "within a minute", "later"];
    const SITUATIONS: &'static [Situation] = &[
        met("a node was synced", 350),
        met("a gate was open", 250),
        met("a node was started again", 100),
        met("a tip was left for another fork", 20),
        met("messages were lost or corrupted", 150),
        met("a peer was banned", 15),
        met("a lie was proved", 50),
        met("most peers are not honest", 50),
    ];
}

fn behaviour(behaviour: Behaviour) -> usize {
    match behaviour {
        Behaviour::Honest => 0,
        Behaviour::Slow { .. } => 1,
        Behaviour::Stalls { .. } => 2,
        Behaviour::NeverAnswers => 3,
        Behaviour::Refuses => 4,
        Behaviour::Empty => 5,
        Behaviour::Short { .. } => 6,
        Behaviour::Stale { .. } => 7,
        Behaviour::Sybil { .. } => 8,
        Behaviour::WrongFork => 9,
        Behaviour::InvalidCertificate { .. } => 10,
        Behaviour::Unlinked => 11,
        Behaviour::Oversized => 12,
        Behaviour::ClaimsTooHigh { .. } => 13,
        Behaviour::ForgedTip => 14,
        Behaviour::NothingAtStake => 15,
        Behaviour::LongRangeFork => 16,
        Behaviour::Garbage => 17,
        Behaviour::Flaps { .. } => 18,
        Behaviour::Pesters { .. } => 19,
        #[allow(unreachable_patterns, reason = "the crate that ships may have more of them")]
        _ => 30,
    }
}

fn fault(fault: &Fault) -> usize {
    match fault {
        Fault::Disconnect { .. } => 20,
        Fault::Leave { .. } => 21,
        Fault::Cascade { .. } => 22,
        Fault::Partition { .. } => 23,
        Fault::Weather { .. } => 24,
        Fault::Stall { .. } => 25,
        Fault::Turn { .. } => 26,
        Fault::Crash { .. } => 27,
        Fault::Medium { .. } => 28,
        Fault::Clock { .. } => 29,
        #[allow(unreachable_patterns, reason = "the crate that ships may have more of them")]
        _ => 30,
    }
}

/// Counts a plan that all nodes have come through.
pub fn record(plan: &Plan, met: &Met) {
    let fails = plan.link != plan.link.quiet();
    let class = usize::from(fails) + 2 * usize::from(plan.nodes > 1);
    let outcome = SOON.iter().filter(|soon| met.slowest_ms > **soon).count();
    let kinds = plan.each_peer().map(|peer| behaviour(peer.behaviour));
    for kind in kinds.chain(plan.faults.iter().map(|step| fault(&step.fault))) {
        coverage::record::<PlanLabels>(kind, class, outcome);
    }
    let honest = plan.each_peer().filter(|peer| peer.behaviour.is_honest()).count();
    let many = u64::from(2 * honest < plan.peer_count() as usize);
    let seen = [met.synced, met.open, met.restarts, met.reorgs, met.spoiled, met.bans, met.lies, many];
    for (situation, _) in seen.iter().enumerate().filter(|(_, count)| **count > 0) {
        coverage::reached::<PlanLabels>(situation);
    }
}
