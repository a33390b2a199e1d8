//! The laws are worth their names: every planted fault dies, and the table says of what.

use alys_engines::{house, rules::Scope, violation::caught};
use alys_framework_properties::{
    faulty,
    hunt::hunt,
    planted::{CATALOGUE, Law},
};

/// The rules whose planted faults are hunted here.
const RULES: Scope = Scope { package: "properties/framework", rules: &["FW"] };

#[test]
fn every_rule_has_a_property_and_a_fault_that_dies() {
    house::every_fault_dies(RULES, &CATALOGUE, hunt);
}

#[test]
fn the_twin_without_a_fault_keeps_every_law() {
    for law in Law::ALL {
        if let Err(broken) = caught(|| faulty::laws::hold(law)) {
            panic!("{law:?}: {broken}");
        }
    }
}

#[test]
fn the_catalogue_is_sound() {
    house::the_catalogue_is_sound(&CATALOGUE, 100);
}

#[test]
fn every_property_states_its_rules_and_its_engine() {
    house::every_property_is_stated(RULES);
}
