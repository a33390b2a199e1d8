//! The suites of the wire format are worth their names: every planted fault dies.

use std::collections::{BTreeMap, BTreeSet};

use alys_engines::measure::Stopwatch;
use alys_engines::sequential::announce;
use alys_engines::violation::{caught, rule_of};
use alys_wire_properties::{faulty, laws, planted};

use super::wire_hostile::most_allocated;

/// WR-1..4, WR-6: every planted fault is found by its law, and as a break of one of the rules that it breaks.
///
/// Engine: all
#[test]
fn every_planted_fault_of_the_wire_dies() {
    let watch = Stopwatch::start();
    let (mut survivors, mut died): (Vec<String>, BTreeMap<&str, usize>) = (Vec::new(), BTreeMap::new());
    for fault in planted::CATALOGUE.live() {
        let _planted = planted::plant(fault.id);
        match caught(|| laws::hunt::<faulty::Wire>(fault.engine, &most_allocated)) {
            Ok(()) => survivors.push(format!("{} survives {:?}", fault.id, fault.engine)),
            Err(message) => {
                let rule = rule_of(&message).unwrap_or("a panic");
                let known = fault.rules.contains(&rule) || rule == "a panic";
                if !known {
                    survivors.push(format!(
                        "{} dies of {rule}, not of {:?}: {message:.200}",
                        fault.id, fault.rules
                    ));
                }
                *died.entry(rule.to_owned().leak()).or_default() += 1;
            }
        }
    }
    announce(&format!(
        "wire: planted faults that died, by rule: {died:?}, in {:.1} s",
        watch.elapsed().as_secs_f64()
    ));
    assert!(survivors.is_empty(), "{}", survivors.join("\n"));
}

/// WR-1..4, WR-6: with nothing planted the twin passes every law, so a fault dies of itself.
///
/// Engine: all
#[test]
fn the_twin_without_a_fault_passes_every_law() {
    let laws: BTreeSet<_> = planted::catalogue::all().map(|fault| fault.engine).collect();
    for law in laws {
        laws::hunt::<faulty::Wire>(law, &most_allocated);
    }
}

#[test]
fn no_planted_fault_of_the_wire_is_stale() {
    assert!(
        planted::CATALOGUE.stale.is_empty(),
        "anchors that do not occur once: {:?}",
        planted::CATALOGUE.stale
    );
    let mut seen = BTreeSet::new();
    let twice: Vec<_> =
        planted::catalogue::all().filter(|fault| !seen.insert(fault.id)).map(|it| it.id).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert!(seen.len() >= 30, "only {} planted faults", seen.len());
}
