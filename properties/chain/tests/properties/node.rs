//! One node, held to its model.

use alys_chain_properties::labels::{ChainLabels, Distribution, take_distribution};
use alys_chain_properties::real::keys::{BlsKeys, IdealKeys};
use alys_chain_properties::real::machine::Machine;
use alys_chain_properties::suites;
use alys_engines::sequential::{announce, expect_covered, expect_pass};

/// CH-1..CH-6: every effect in its order, and the whole state after each step: blocks in any order, twice, early and late,
/// forks, missed slots, equivocating proposers, approvals of every kind, reorgs, rollbacks, pruning, restarts and crashes.
///
/// Engine: sequential
#[test]
fn every_answer_and_the_whole_state_are_the_models() {
    drop(take_distribution());
    let report = expect_covered::<Machine<IdealKeys>, ChainLabels>(&suites::NODE);
    let Distribution { lags, depths } = take_distribution();
    announce(&format!(
        "{}: steps by finality lag {lags:?}, changes of the tip by reorg depth {depths:?}",
        report.suite
    ));
    if report.cases >= suites::NODE.cases {
        assert!(lags[5..].iter().sum::<u64>() > 0, "no step ended with a finality lag of 5");
        assert!(depths[3..].iter().sum::<u64>() > 0, "no reorg was 3 blocks deep");
    }
}

/// CH-1, CH-2: the same with BLS signatures in place of ideal ones.
///
/// Engine: sequential
#[test]
fn bls_signatures_change_nothing() {
    expect_pass::<Machine<BlsKeys>>(&suites::NODE_BLS);
}
