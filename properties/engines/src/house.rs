//! What every package with planted faults shows of itself: each fault dies, its catalogue is sound, and its properties say
//! what they hold to what.
//!
//! A package's own test says which rules it answers for, and calls these.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    thread,
};

use crate::{
    planted::{Catalogue, Fault},
    rules::{self, Killed, Scope},
    sequential::{Kill, announce},
};

/// How many characters are kept of how a fault died.
const SHOWN: usize = 120;

/// How many faults are hunted at once: as many as a small machine has processors.
const HUNTERS: usize = 2;

/// Plants every fault of a catalogue, one a thread, and lets it be hunted; prints the table of the rules in the scope with
/// how each fault died.
///
/// # Panics
///
/// When a fault survives, when a rule of the scope has no property, engine or fault that died, or when a hunter panics.
pub fn every_fault_dies<E: Copy + Sync>(
    scope: Scope,
    catalogue: &Catalogue<E>,
    hunt: fn(&Fault<E>) -> Option<Kill>,
) {
    let rows = hunted(catalogue, hunt);
    let survivors: Vec<_> = rows.iter().filter(|(_, _, kill)| kill.is_none()).map(|(id, ..)| *id).collect();
    let (table, empty) = rules::table(scope, &rules::rules(), &rules::everywhere(), &rows);
    announce(&format!("{table}{}: {} planted faults hunted", catalogue.name, rows.len()));
    assert!(survivors.is_empty(), "planted faults that survived: {survivors:?}");
    assert!(empty.is_empty(), "{}", empty.iter().map(|cell| format!("{cell}\n")).collect::<String>());
}

/// How each fault died, in the order of the catalogue.
fn hunted<E: Copy + Sync>(
    catalogue: &Catalogue<E>,
    hunt: fn(&Fault<E>) -> Option<Kill>,
) -> Vec<Killed<'static>> {
    let faults: Vec<_> = catalogue.live().collect();
    let (left, done) = (Mutex::new(faults.iter().copied().enumerate()), Mutex::new(Vec::new()));
    let hunter = || {
        loop {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((place, fault)) = next else { return };
            let kill = {
                let _planted = catalogue.plant(fault.id);
                hunt(fault)
            };
            let kill = kill.map(|kill| Kill { message: kill.message.chars().take(SHOWN).collect(), ..kill });
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, (fault.id, fault.rules, kill)));
        }
    };
    thread::scope(|scope| (0..HUNTERS).for_each(|_| drop(scope.spawn(hunter))));
    let mut rows = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_unstable_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Checks that every fault of a catalogue is compiled in, has a name of its own and breaks rules that there are, and that
/// there are as many as there were at least.
///
/// # Panics
///
/// When that is not so.
pub fn the_catalogue_is_sound<E>(catalogue: &Catalogue<E>, least: usize) {
    let stale = catalogue.stale;
    assert!(stale.is_empty(), "{}: anchors that do not occur exactly once: {stale:?}", catalogue.name);
    let (mut names, rules) = (BTreeSet::new(), rules::rules());
    for fault in (catalogue.all)() {
        assert!(names.insert(fault.id), "two planted faults are called {}", fault.id);
        assert!(!fault.rules.is_empty(), "{} breaks no rule", fault.id);
        let unknown = fault.rules.iter().find(|id| rules.iter().all(|rule| rule.id != **id));
        assert_eq!(unknown, None, "{} breaks a rule that there is not", fault.id);
    }
    assert!(names.len() >= least, "{}: only {} planted faults", catalogue.name, names.len());
}

/// Checks that every property of the scope's package cites rules that there are, and names its engine.
///
/// # Panics
///
/// When that is not so.
pub fn every_property_is_stated(scope: Scope) {
    let properties = rules::properties(scope.package);
    let stated = properties.iter().filter(|entry| !entry.path.starts_with("properties::house"));
    let incomplete = stated.filter(|entry| entry.rules.is_empty() || entry.engine.is_empty());
    let incomplete: Vec<_> = incomplete.map(|entry| &entry.path).collect();
    assert!(incomplete.is_empty(), "they lack rules or engine: {incomplete:?}");
    let unknown = rules::unknown_rules(&rules::rules(), &properties);
    assert!(unknown.is_empty(), "they cite rules that there are not: {unknown:?}");
}
