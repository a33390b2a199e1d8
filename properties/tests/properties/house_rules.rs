//! The table of rules: which property checks each of them, with which engine, and which planted faults die of it.

use std::{collections::BTreeMap, sync::Mutex, thread};

use alys_properties::{
    comm, engines, lifecycle, mailbox,
    planted::{self, Fault},
    rules::{self, Scope},
    sequential::{Kill, announce},
    supervision, tracker,
};

/// The rules whose planted faults are hunted here.
const RULES: Scope = Scope { package: "properties", rules: &["CM", "LC", "MB", "OT", "SV"] };

/// Looks for a planted fault with the engine that must find it.
fn hunt(fault: &Fault) -> Option<Kill> {
    let _planted = planted::plant(fault.id);
    match fault.file.split_once('/') {
        Some(("comm", _)) => comm::hunt(fault),
        Some(("tracker", _)) => tracker::hunt(fault),
        Some(("lifecycle", _)) => lifecycle::hunt(fault),
        Some(("supervision" | "supervised", _)) => supervision::hunt(fault),
        _ => mailbox::hunt(fault),
    }
}

/// Hunts every planted fault, on two threads.
fn hunt_all() -> BTreeMap<&'static str, Option<Kill>> {
    let faults = Mutex::new(planted::live());
    let kills = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let Some(fault) = faults.lock().expect("no hunter panics with the lock").next() else { return };
            let kill = hunt(fault);
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
    let rows: Vec<_> =
        planted::live().map(|fault| (fault.id, fault.rules, kills.remove(fault.id).flatten())).collect();
    let (table, empty) = rules::table(RULES, &rules::rules(), &rules::everywhere(), &rows);
    announce(&table);
    assert!(empty.is_empty(), "{}", empty.iter().map(|cell| format!("{cell}\n")).collect::<String>());
}

/// Each component is run by the engines that it declares, and has a reason where it is not.
#[test]
fn every_component_is_run_by_the_engines_that_it_declares() {
    let (table, wrong) = engines::table(&rules::properties("properties"));
    announce(&table);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
