//! One node, held to its model.

use alys_chain_properties::labels::ChainLabels;
use alys_chain_properties::real::keys::{BlsKeys, IdealKeys};
use alys_chain_properties::real::machine::Machine;
use alys_chain_properties::suites;
use alys_engines::sequential::{expect_covered, expect_pass};

/// CH-1..CH-6: every effect in its order, and the whole state after each step: blocks in any order, twice, early and late,
/// forks, missed slots, equivocating proposers, approvals of every kind, reorgs, rollbacks, pruning, restarts and crashes.
///
/// Engine: sequential
#[test]
fn every_answer_and_the_whole_state_are_the_models() {
    expect_covered::<Machine<IdealKeys>, ChainLabels>(&suites::NODE);
}

/// CH-1, CH-2: the same with BLS signatures in place of ideal ones.
///
/// Engine: sequential
#[test]
fn bls_signatures_change_nothing() {
    expect_pass::<Machine<BlsKeys>>(&suites::NODE_BLS);
}
