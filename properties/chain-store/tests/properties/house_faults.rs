//! The planted faults, all of which must die.

use std::{collections::BTreeSet, sync::Mutex, thread};

use alys_chain_store_properties::{
    hunt::hunt,
    planted::{CATALOGUE, catalogue},
};
use alys_engines::{rules, sequential::announce};

/// The test that hunts: every planted fault dies of the engine that it names.
///
/// Engine: all
#[test]
fn every_planted_fault_dies() {
    let faults: Mutex<Vec<_>> = Mutex::new(CATALOGUE.live().collect());
    let survivors = Mutex::new(Vec::new());
    let work = || {
        loop {
            let Some(fault) = faults.lock().expect("no hunter panics with the lock").pop() else { return };
            match hunt(fault) {
                Some(kill) => announce(&format!("chain-store: {} dies: {kill:.160}", fault.id)),
                None => survivors.lock().expect("no hunter panics with the lock").push(fault.id),
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let survivors = survivors.into_inner().expect("no hunter panics with the lock");
    assert!(survivors.is_empty(), "planted faults that survived: {survivors:?}");
}

/// No fault is stale, none is called like another, and each breaks a rule that there is.
///
/// Engine: all
#[test]
fn the_catalogue_is_sound() {
    assert!(CATALOGUE.stale.is_empty(), "adapt properties/chain-store/faults: {:?}", CATALOGUE.stale);
    let known: BTreeSet<String> = rules::rules().into_iter().map(|rule| rule.id).collect();
    let mut seen = BTreeSet::new();
    for fault in catalogue::all() {
        assert!(seen.insert(fault.id), "two faults are called {}", fault.id);
        assert!(!fault.rules.is_empty(), "{} breaks no rule", fault.id);
        assert!(fault.rules.iter().all(|id| known.contains(*id)), "{} breaks an unknown rule", fault.id);
    }
}
