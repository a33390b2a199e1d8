//! The planted faults of governance: each is found by the engine that it names.

use std::collections::BTreeSet;

use alys_engines::rules::{self, Scope};
use alys_engines::sequential::announce;
use alys_governance_properties::hunt::hunt;
use alys_governance_properties::planted::CATALOGUE;

/// The rules whose planted faults are hunted here.
const RULES: Scope = Scope { package: "properties/governance", rules: &["GV", "CL-3"] };

/// GV-1..7, CL-3: every planted fault dies of the engine that it names, and every rule has one that does.
///
/// Engine: all
#[test]
fn every_planted_fault_dies() {
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
    let (table, empty) =
        rules::table(RULES, &rules::rules(), &rules::properties("properties/governance"), &rows);
    announce(&table);
    assert!(empty.is_empty(), "{}", empty.iter().map(|cell| format!("{cell}\n")).collect::<String>());
}

/// GV-1..7, CL-3: every planted fault is compiled in, has a name of its own, and breaks a rule of the catalogue.
///
/// Engine: all
#[test]
fn no_planted_fault_is_stale() {
    assert!(CATALOGUE.stale.is_empty(), "their anchors do not occur exactly once: {:?}", CATALOGUE.stale);
    let (mut names, known) = (BTreeSet::new(), rules::rules());
    for fault in (CATALOGUE.all)() {
        assert!(names.insert(fault.id), "two planted faults are called {}", fault.id);
        let is_known = |id: &&'static str| known.iter().any(|rule| rule.id == *id);
        assert!(!fault.rules.is_empty() && fault.rules.iter().all(is_known), "{fault:?}");
    }
}
