//! Planted faults of the node and of the simulated network.

use super::{Engine, Engine::Nodes, Fault, expression, statement};

const CARRY: &str = "node/carry.rs";
const GOSSIP: &str = "simulated/gossip.rs";
const LINES: &str = "simulated/lines.rs";
const OUTCOME: &str = "node/outcome.rs";
const VERIFY: &str = "node/verify.rs";

pub(super) const FAULTS: &[Fault] = &[
    expression(
        Nodes,
        "first_part_alone: what the other threads find is not looked at",
        &["SY-3", "SY-6"],
        VERIFY,
        "verdicts.extend(workers.into_iter().map(|one| one.join().unwrap_or(Some((0, Stop::Invalid)))))",
        "workers.into_iter().for_each(|one| drop(one.join()))",
    ),
    expression(
        Nodes,
        "place_in_its_part: where a bad block lies is told from its part on",
        &["SY-6"],
        VERIFY,
        "part * share + place",
        "place",
    ),
    expression(
        Nodes,
        "certificates_unverified: a block that its proposer has signed is taken",
        &["SY-3"],
        VERIFY,
        "self.is_certified(block)",
        "true",
    ),
    expression(
        Nodes,
        "signatures_unverified: blocks are taken as they come",
        &["SY-3", "SY-6"],
        CARRY,
        "self.verifier.verify(blocks)",
        "(blocks.len(), None)",
    ),
    expression(
        Nodes,
        "blocks_lost: what comes is read and dropped",
        &["SY-1"],
        OUTCOME,
        "blocks.push(Arc::from(block))",
        "drop(block)",
    ),
    expression(
        Engine::Network,
        "partition_leaks: what is sent passes a partition",
        &["NW-2"],
        LINES,
        "groups.get(&one) == groups.get(&other)",
        "true",
    ),
    statement(
        Engine::Network,
        "heard_again: what has been seen is passed on again",
        &["NW-1"],
        GOSSIP,
        "if self.until.contains_key(&id) {
            return false;
        }",
        "",
    ),
    expression(
        Engine::Network,
        "network_of_chance: what links do does not follow from the seed",
        &["NW-5"],
        LINES,
        "Rng::with_seed(seed)",
        "Rng::new()",
    ),
];
