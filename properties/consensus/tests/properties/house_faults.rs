//! The suites of the consensus layer are worth their names: every planted fault dies, and the table says of what.

use alys_consensus_properties::{hunt::hunt, planted::CATALOGUE};
use alys_engines::{house, rules::Scope};

/// The rules whose planted faults are hunted here.
const RULES: Scope = Scope { package: "properties/consensus", rules: &["CL-1", "CL-2"] };

#[test]
fn every_rule_has_a_property_and_a_fault_that_dies() {
    house::every_fault_dies(RULES, &CATALOGUE, hunt);
}

#[test]
fn the_catalogue_is_sound() {
    house::the_catalogue_is_sound(&CATALOGUE, 100);
}

#[test]
fn every_property_is_stated() {
    house::every_property_is_stated(RULES);
}
