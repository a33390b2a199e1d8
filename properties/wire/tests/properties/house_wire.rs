//! The suites of the wire format are worth their names: every planted fault dies, and the table says of what.

use std::collections::{BTreeMap, BTreeSet};

use alys_engines::measure::Stopwatch;
use alys_engines::rules::{self, Scope};
use alys_engines::sequential::{Kill, announce, prepare_panic_hook};
use alys_engines::violation::{caught, rule_of};
use alys_wire_properties::planted::{self, Fault};
use alys_wire_properties::{faulty, laws};

use super::wire_hostile::most_allocated;

/// The rules whose planted faults are hunted here. What becomes of a peer and of a block needs peers and a chain.
const RULES: Scope = Scope { package: "properties/wire", rules: &["WR-1..4", "WR-6", "CL-3"] };

/// Looks for a planted fault with its law. A panic of the twin is a broken WR-3: no input may bring one about.
fn hunt(fault: &Fault) -> Option<Kill> {
    let _planted = planted::plant(fault.id);
    let message = caught(|| laws::hunt::<faulty::Wire>(fault.engine, &most_allocated)).err()?;
    Some(Kill { cases: 1, steps: 1, message })
}

#[test]
fn every_rule_of_the_wire_has_a_property_and_a_fault_that_dies() {
    prepare_panic_hook();
    let watch = Stopwatch::start();
    let (mut survivors, mut died) = (Vec::new(), BTreeMap::<String, usize>::new());
    let mut rows = Vec::new();
    for fault in planted::CATALOGUE.live() {
        let kill = hunt(fault);
        match &kill {
            None => survivors.push(format!("{} survives {:?}", fault.id, fault.engine)),
            Some(kill) => {
                let rule = rule_of(&kill.message).unwrap_or("WR-3");
                if !fault.rules.contains(&rule) {
                    let what = kill.message.chars().take(300).collect::<String>();
                    survivors.push(format!("{} dies of {rule}, not of {:?}: {what}", fault.id, fault.rules));
                }
                *died.entry(rule.to_owned()).or_default() += 1;
            }
        }
        rows.push((fault.id, fault.rules, kill));
    }
    let seconds = watch.elapsed().as_secs_f64();
    let (table, empty) = rules::table(RULES, &rules::rules(), &rules::everywhere(), &rows);
    announce(&format!(
        "{table}wire: {} planted faults died, by rule {died:?}, in {seconds:.1} s",
        rows.len()
    ));
    assert!(survivors.is_empty(), "{}", survivors.join("\n"));
    assert!(empty.is_empty(), "{}", empty.iter().map(|cell| format!("{cell}\n")).collect::<String>());
}

#[test]
fn the_twin_without_a_fault_passes_every_law() {
    let laws: BTreeSet<_> = planted::catalogue::all().map(|fault| fault.engine).collect();
    for law in laws {
        laws::hold(|| laws::hunt::<faulty::Wire>(law, &most_allocated));
    }
}

#[test]
fn no_planted_fault_of_the_wire_is_stale() {
    let stale = planted::CATALOGUE.stale;
    assert!(stale.is_empty(), "anchors that do not occur once: {stale:?}");
    let mut seen = BTreeSet::new();
    let twice = planted::catalogue::all().filter(|fault| !seen.insert(fault.id));
    let twice: Vec<_> = twice.map(|fault| fault.id).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert!(seen.len() >= 30, "only {} planted faults", seen.len());
}

#[test]
fn every_property_of_the_wire_states_its_rules_and_its_engine() {
    let properties = rules::properties(RULES.package);
    let stated = properties.iter().filter(|entry| !entry.path.starts_with("properties::house"));
    let incomplete: Vec<_> =
        stated.filter(|entry| entry.rules.is_empty() || entry.engine.is_empty()).map(|it| &it.path).collect();
    assert!(incomplete.is_empty(), "{incomplete:?}");
    let catalogue = rules::rules();
    let unknown = rules::unknown_rules(&catalogue, &properties);
    assert!(unknown.is_empty(), "{unknown:?}");
    let known = |id: &str| catalogue.iter().any(|rule| rule.id == id);
    let unsound = planted::catalogue::all().filter(|fault| !fault.rules.iter().all(|id| known(id)));
    assert_eq!(unsound.map(|fault| fault.id).next(), None, "a fault breaks rules that there are");
}
