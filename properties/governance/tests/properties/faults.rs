//! The planted faults of governance: each is found by the engine that it names.

use alys_engines::house;
use alys_engines::rules::Scope;
use alys_governance_properties::hunt::hunt;
use alys_governance_properties::planted::CATALOGUE;

/// The rules whose planted faults are hunted here.
const RULES: Scope = Scope { package: "properties/governance", rules: &["GV", "CL-3"] };

/// GV-1..7, CL-3: every planted fault dies of the engine that it names, and every rule has one that does.
///
/// Engine: all
#[test]
fn every_planted_fault_dies() {
    house::every_fault_dies(RULES, &CATALOGUE, hunt);
}

/// GV-1..7, CL-3: every planted fault is compiled in, has a name of its own, and breaks a rule that there is; every property
/// states its rules and its engine.
///
/// Engine: all
#[test]
fn no_planted_fault_is_stale() {
    house::the_catalogue_is_sound(&CATALOGUE, 115);
    house::every_property_is_stated(RULES);
}
