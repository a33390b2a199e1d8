//! The suites of the network are worth their names: every planted fault dies, and the table says of what.

use alys_engines::{house, rules::Scope, violation::caught};
use alys_p2p_properties::{
    faulty::laws,
    hunt::hunt,
    planted::{CATALOGUE, catalogue::ENGINES},
};

/// The rules whose planted faults are hunted here.
const RULES: Scope =
    Scope { package: "properties/p2p", rules: &["NW-1", "NW-3", "NW-4", "NW-6", "NW-7", "WR-5"] };

#[test]
fn every_rule_has_a_property_and_a_fault_that_dies() {
    house::every_fault_dies(RULES, &CATALOGUE, hunt);
}

#[test]
fn every_law_holds_of_the_twin_while_nothing_is_planted() {
    for engine in ENGINES {
        for (name, law) in laws::laws(engine) {
            let held = caught(law);
            assert!(held.as_ref().is_ok_and(|tried| *tried > 0), "{engine:?}: law `{name}`: {held:?}");
        }
    }
}

#[test]
fn the_catalogue_is_sound() {
    house::the_catalogue_is_sound(&CATALOGUE, 111);
}

#[test]
fn every_property_states_its_rules_and_its_engine() {
    house::every_property_is_stated(RULES);
}
