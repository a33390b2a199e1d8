//! The suites of store and proof of work are worth their names: every planted fault dies, and the table says of what.

use alys_chain_store_properties::{hunt::hunt, planted::CATALOGUE};
use alys_engines::{house, rules::Scope};

/// The rules whose planted faults are hunted here. The others of their family need blocks, votes and a tree.
const RULES: Scope = Scope { package: "properties/chain-store", rules: &["CH-6..10"] };

#[test]
fn every_rule_has_a_property_and_a_fault_that_dies() {
    house::every_fault_dies(RULES, &CATALOGUE, hunt);
}

#[test]
fn the_catalogue_is_sound() {
    house::the_catalogue_is_sound(&CATALOGUE, 100);
}

#[test]
fn every_property_states_its_rules_and_its_engine() {
    house::every_property_is_stated(RULES);
}
