//! Governance, held to its model.

use alys_engines::sequential::{expect_covered, expect_pass};
use alys_governance_properties::labels::GovernanceLabels;
use alys_governance_properties::real::keys::{BlsKeys, IdealKeys};
use alys_governance_properties::real::machine::Machine;
use alys_governance_properties::suites;

/// GV-1..GV-5, GV-7: every effect in its order, and the whole state after each step: votes in any order, twice, late, forged,
/// replayed and equivocating, alone and in batches; members who come and go; proposals side by side; outcomes, executions
/// and certificates.
///
/// Engine: sequential
#[test]
fn every_answer_and_the_whole_state_are_the_models() {
    expect_covered::<Machine<IdealKeys>, GovernanceLabels>(&suites::IDEAL);
}

/// GV-1, GV-2, GV-4: the same with BLS signatures in place of ideal ones.
///
/// Engine: sequential
#[test]
fn bls_signatures_change_nothing() {
    expect_pass::<Machine<BlsKeys>>(&suites::BLS);
}
