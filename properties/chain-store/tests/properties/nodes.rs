//! A node on the store.

use alys_chain_store_properties::{
    planted::Engine,
    real::{laws::NODE_RUNS, laws_nodes},
    suites::scenarios,
};
use alys_engines::{
    scenarios::expect_pass,
    sequential::{announce, cases_wanted},
};

/// How many runs a seed of the hunt is worth here.
const RUNS: u32 = NODE_RUNS as u32;

/// CH-3, CH-5, CH-8: a node is stopped at every operation of its disk, or by an error there. Nothing is published
/// that is not durable, no vote or proposal that has left is forgotten, and the node that is restored comes to the chain
/// of one that never crashed.
///
/// Engine: crash
#[test]
fn a_node_survives_every_crash() {
    let met = laws_nodes::a_node_survives_every_crash(u64::from(cases_wanted(RUNS)));
    announce(&format!("chain_node_crash: {met:?}"));
    let counts =
        [met.votes, met.proposals, met.reorgs, met.rollbacks, met.prunes, met.checkpoints, met.violations];
    let ahead = met.ahead > 0 && met.batches > 0;
    assert!(ahead && counts.iter().all(|count| *count > 0), "not worth its name: {met:?}");
}

/// CH-3, CH-5, CH-8: slots, blocks that are forgotten and violations in the store, and what is no chain is not restored.
///
/// Engine: law
#[test]
fn what_a_node_stores_obeys_its_laws() {
    let test = "properties::nodes::what_a_node_stores_obeys_its_laws";
    let mut laws = scenarios(Engine::Nodes);
    laws.retain(|law| law.name != "crashed");
    expect_pass("chain_stored_laws", test, "states", laws);
}
