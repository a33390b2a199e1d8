//! What the fuzzers of store and proofs have left, without a fuzzer: corpora and crashes, and what they are worth.

use std::{cell::Cell, fs};

use alys_chain_store_properties::{
    fuzz::{TARGETS, Target},
    planted::CATALOGUE,
};
use alys_engines::{
    fuzz::{inputs, replay},
    sequential::announce,
    sources,
    violation::caught,
};

/// How many files lie in a folder, counted without the code that replays them.
fn listed(folder: &str, name: &str) -> usize {
    let folder = sources::root().join("fuzz").join(folder).join(name);
    fs::read_dir(folder).map_or(0, |entries| entries.filter(|entry| entry.is_ok()).count())
}

/// CH-6, CH-7, CH-10: nothing that a fuzzer has ever found breaks a rule.
///
/// Engine: bytes
#[test]
fn corpora_and_crashes_break_no_rule() {
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

/// CH-6, CH-7, CH-10: the bodies are worth running: planted faults of checkpoints, proofs and headers die of the corpora alone,
/// without any fuzzing. Where nothing is planted, nothing breaks the twin.
///
/// Engine: bytes
#[test]
fn the_corpora_find_planted_faults() {
    for target in TARGETS {
        let corpus =
            inputs(&format!("fuzz/corpus/{}", target.name)).unwrap_or_else(|error| panic!("{error}"));
        let dies = |bytes: &[u8]| caught(|| (target.twin)(bytes)).is_err();
        assert!(corpus.iter().all(|input| !dies(&input.bytes)), "{}", target.name);
        let found: Vec<_> = CATALOGUE
            .live()
            .filter(|fault| {
                let _planted = CATALOGUE.plant(fault.id);
                corpus.iter().any(|input| dies(&input.bytes))
            })
            .map(|fault| fault.id)
            .collect();
        announce(&format!(
            "fuzzing: {}: {} planted faults die of the corpus: {found:?}",
            target.name,
            found.len()
        ));
        assert!(found.len() >= 8, "{}: {found:?}", target.name);
    }
}
