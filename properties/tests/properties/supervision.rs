//! Supervision, held to its model.

use alys_properties::{
    sequential::expect_covered,
    supervision::{SupervisionLabels, real, suites},
};

/// SV-1, SV-3, SV-4, SV-5, SV-6, SV-9, SV-10, LC-1, LC-3, LC-6, LC-7: every verdict, and after each event the state,
/// history and order of every node and the next timer; at the end everything comes to rest.
///
/// Engine: sequential
#[test]
fn every_decision_and_the_whole_tree_are_the_models() {
    expect_covered::<real::tree::Machine, SupervisionLabels>(&suites::TREE);
}
