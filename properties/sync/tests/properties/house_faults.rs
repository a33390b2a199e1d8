//! The suites of sync are worth their names: every planted fault dies, and the table says of what.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    thread,
};

use alys_engines::{
    rules::{self, Scope},
    sequential::{Kill, announce},
};
use alys_sync_properties::{
    hunt::hunt,
    planted::{CATALOGUE, catalogue},
};

/// The rules whose planted faults are hunted here.
const RULES: Scope = Scope { package: "properties/sync", rules: &["SY", "NW-1", "NW-2", "NW-5", "WR-5"] };

/// How much is shown of how a fault died.
const SHOWN: usize = 120;

/// Hunts every planted fault, on two threads.
fn hunt_all() -> BTreeMap<&'static str, Option<Kill>> {
    let faults: Mutex<Vec<_>> = Mutex::new(CATALOGUE.live().collect());
    let kills = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let Some(fault) = faults.lock().expect("no hunter panics with the lock").pop() else { return };
            let kill =
                hunt(fault).map(|kill| Kill { message: kill.message.chars().take(SHOWN).collect(), ..kill });
            kills.lock().expect("no hunter panics with the lock").insert(fault.id, kill);
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    kills.into_inner().expect("no hunter panics with the lock")
}

#[test]
fn every_rule_has_a_property_and_a_fault_that_dies() {
    let mut kills = hunt_all();
    let survivors: Vec<_> = kills.iter().filter(|(_, kill)| kill.is_none()).map(|(id, _)| *id).collect();
    assert!(survivors.is_empty(), "planted faults that survived: {survivors:?}");
    let count = kills.len();
    let rows: Vec<_> =
        CATALOGUE.live().map(|fault| (fault.id, fault.rules, kills.remove(fault.id).flatten())).collect();
    let (table, empty) = rules::table(RULES, &rules::rules(), &rules::everywhere(), &rows);
    announce(&format!("{table}sync: {count} planted faults died"));
    assert!(empty.is_empty(), "{}", empty.iter().map(|cell| format!("{cell}\n")).collect::<String>());
}

#[test]
fn the_catalogue_is_sound() {
    assert!(CATALOGUE.stale.is_empty(), "adapt properties/sync/faults: {:?}", CATALOGUE.stale);
    let known: BTreeSet<String> = rules::rules().into_iter().map(|rule| rule.id).collect();
    let mut seen = BTreeSet::new();
    for fault in catalogue::all() {
        assert!(seen.insert(fault.id), "two faults are called {}", fault.id);
        assert!(!fault.rules.is_empty(), "{} breaks no rule", fault.id);
        assert!(fault.rules.iter().all(|id| known.contains(*id)), "{} breaks an unknown rule", fault.id);
    }
    assert!(seen.len() >= 150, "only {} planted faults", seen.len());
}

#[test]
fn every_property_states_its_rules_and_its_engine() {
    let properties = rules::properties(RULES.package);
    let stated = properties.iter().filter(|entry| !entry.path.starts_with("properties::house"));
    let incomplete: Vec<_> =
        stated.filter(|entry| entry.rules.is_empty() || entry.engine.is_empty()).map(|it| &it.path).collect();
    assert!(incomplete.is_empty(), "{incomplete:?}");
    let unknown = rules::unknown_rules(&rules::rules(), &properties);
    assert!(unknown.is_empty(), "{unknown:?}");
}
