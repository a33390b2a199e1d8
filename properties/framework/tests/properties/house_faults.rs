//! The laws are worth their names: every planted fault dies, and the table says of what.

use std::collections::BTreeSet;

use alys_engines::{
    rules::{self, Scope},
    sequential::announce,
    violation::caught,
};
use alys_framework_properties::{
    faulty,
    hunt::hunt,
    planted::{CATALOGUE, Law, catalogue},
};

/// The rules whose planted faults are hunted here.
const RULES: Scope = Scope { package: "properties/framework", rules: &["FW"] };

#[test]
fn every_rule_has_a_property_and_a_fault_that_dies() {
    let mut rows = Vec::new();
    for fault in CATALOGUE.live() {
        let kill = {
            let _planted = CATALOGUE.plant(fault.id);
            hunt(fault)
        };
        rows.push((fault.id, fault.rules, kill));
    }
    let survivors: Vec<_> = rows.iter().filter(|(_, _, kill)| kill.is_none()).map(|(id, ..)| *id).collect();
    assert!(survivors.is_empty(), "planted faults that survived: {survivors:?}");
    let count = rows.len();
    let (table, empty) = rules::table(RULES, &rules::rules(), &rules::properties(RULES.package), &rows);
    announce(&format!("{table}framework: {count} planted faults died"));
    assert!(empty.is_empty(), "{}", empty.iter().map(|cell| format!("{cell}\n")).collect::<String>());
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
    assert!(CATALOGUE.stale.is_empty(), "adapt properties/framework/faults: {:?}", CATALOGUE.stale);
    let known: BTreeSet<String> = rules::rules().into_iter().map(|rule| rule.id).collect();
    let mut seen = BTreeSet::new();
    for fault in catalogue::all() {
        assert!(seen.insert(fault.id), "two faults are called {}", fault.id);
        assert!(!fault.rules.is_empty(), "{} breaks no rule", fault.id);
        assert!(fault.rules.iter().all(|id| known.contains(*id)), "{} breaks an unknown rule", fault.id);
    }
}
