//! What the fuzzers of the wire format have left, without a fuzzer: corpora and crashes, and what they are worth.

use std::{cell::Cell, fs};

use alys_engines::{fuzz::inputs, fuzz::replay, sequential::announce, sources, violation::caught};
use alys_wire_properties::{
    fuzz::{TARGETS, Target},
    planted,
};

/// How many files lie in a folder, counted without the code that replays them.
fn listed(folder: &str, name: &str) -> usize {
    let folder = sources::root().join("fuzz").join(folder).join(name);
    fs::read_dir(folder).map_or(0, |entries| entries.filter(|entry| entry.is_ok()).count())
}

/// WR-1..4, WR-6: nothing that a fuzzer has ever found breaks a rule.
///
/// Engine: bytes
#[test]
fn wire_corpora_and_crashes_break_no_rule() {
    for Target { name, body, .. } in TARGETS {
        let ran = Cell::new(0);
        let replayed = replay(name, |bytes| {
            ran.set(ran.get() + 1);
            body(bytes);
        });
        let replayed = replayed.unwrap_or_else(|error| panic!("{error}"));
        announce(&format!("fuzzing: {name}: {replayed:?}"));
        let lies = ["corpus", "crashes", "artifacts"].map(|folder| listed(folder, name));
        assert_eq!([replayed.corpus, replayed.crashes, replayed.artifacts], lies, "{name}");
        assert_eq!(ran.get(), lies.iter().sum::<usize>(), "{name}");
        assert!(replayed.corpus > 0, "{name} has no corpus");
    }
}

/// WR-1..4, WR-6: the bodies are worth running: a good part of the planted faults of the codec die of the corpora alone,
/// without any fuzzing, and each target finds some. What no body asks for (quotas, names, long payloads) is for the laws.
/// Where nothing is planted, nothing breaks the twin.
///
/// Engine: bytes
#[test]
fn wire_corpora_find_planted_faults() {
    let corpora = TARGETS.map(|target| (target, inputs(&format!("fuzz/corpus/{}", target.name)).unwrap()));
    let dies = |target: &Target, bytes: &[u8]| caught(|| (target.twin)(bytes)).is_err();
    let (mut faults, mut found, mut survivors) = (0, [0; 3], Vec::new());
    for fault in planted::CATALOGUE.live() {
        let _planted = planted::plant(fault.id);
        faults += 1;
        let by = corpora.each_ref().map(|(target, inputs)| inputs.iter().any(|one| dies(target, &one.bytes)));
        found.iter_mut().zip(by).for_each(|(count, by)| *count += usize::from(by));
        if !by.contains(&true) {
            survivors.push(fault.id);
        }
    }
    announce(&format!(
        "fuzzing: of {faults} planted faults {found:?} die of corpora; none of {survivors:?} does"
    ));
    for (target, inputs) in &corpora {
        assert!(inputs.iter().all(|one| !dies(target, &one.bytes)), "{}", target.name);
    }
    let died = faults - survivors.len();
    assert!(found.iter().all(|count| *count >= 10) && died * 3 >= faults, "{found:?}, {survivors:?}");
}
