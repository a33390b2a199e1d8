//! The planted faults of the chain: each is found by the engine that it names.

use alys_chain_properties::hunt::hunt;
use alys_chain_properties::planted::CATALOGUE;
use alys_engines::house;
use alys_engines::rules::Scope;

/// The rules whose planted faults are hunted here.
const RULES: Scope = Scope { package: "properties/chain", rules: &["CH-1..6", "WR-7"] };

/// CH-1..6, WR-7: every planted fault dies of the engine that it names, and every rule has one that does.
///
/// Engine: all
#[test]
fn every_planted_fault_dies() {
    house::every_fault_dies(RULES, &CATALOGUE, hunt);
}

/// CH-1..6, WR-7: every planted fault is compiled in, has a name of its own, and breaks a rule that there is; every property
/// states its rules and its engine.
///
/// Engine: all
#[test]
fn no_planted_fault_is_stale() {
    house::the_catalogue_is_sound(&CATALOGUE, 90);
    house::every_property_is_stated(RULES);
}
