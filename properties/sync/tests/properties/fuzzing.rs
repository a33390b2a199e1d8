//! What the fuzzer of sync has left, without a fuzzer: its corpus and its crashes, and what they are worth.

use std::{cell::Cell, fs};

use alys_engines::{
    fuzz::{inputs, replay},
    sequential::announce,
    sources,
    violation::caught,
};
use alys_sync_properties::{
    fuzz::{NAME, sync_messages, twin},
    planted::{CATALOGUE, Engine},
};

/// How many planted faults the corpus finds at least.
const FOUND: usize = 12;

/// How many files lie in a folder, counted without the code that replays them.
fn listed(folder: &str) -> usize {
    let folder = sources::root().join("fuzz").join(folder).join(NAME);
    fs::read_dir(folder).map_or(0, |entries| entries.filter(|entry| entry.is_ok()).count())
}

/// SY-2, SY-3, SY-4, SY-5, SY-7, SY-10, WR-5: nothing that a fuzzer has ever found makes a node panic, take what is not certified, or say what is
/// not true.
///
/// Engine: bytes
#[test]
fn corpora_and_crashes_break_no_rule() {
    let ran = Cell::new(0);
    let replayed = replay(NAME, |bytes| {
        ran.set(ran.get() + 1);
        sync_messages(bytes);
    });
    let replayed = replayed.unwrap_or_else(|error| panic!("{error}"));
    announce(&format!("fuzzing: {NAME}: {replayed:?}"));
    let lies = ["corpus", "crashes", "artifacts"].map(listed);
    assert_eq!([replayed.corpus, replayed.crashes, replayed.artifacts], lies);
    assert_eq!(ran.get(), lies.iter().sum::<usize>());
    assert!(replayed.corpus >= 32, "the corpus has {} inputs", replayed.corpus);
}

/// SY-2, SY-3, SY-4, SY-5, SY-7, SY-10, WR-5: the body is worth running: planted faults die of the corpus alone, without any fuzzing. Where
/// nothing is planted, nothing breaks the twin.
///
/// Engine: bytes
#[test]
fn the_corpus_finds_planted_faults() {
    let corpus = inputs(&format!("fuzz/corpus/{NAME}")).unwrap_or_else(|error| panic!("{error}"));
    let dies = |bytes: &[u8]| caught(|| twin(bytes)).is_err();
    assert!(corpus.iter().all(|input| !dies(&input.bytes)), "nothing is planted");
    let found: Vec<_> = CATALOGUE
        .live()
        .filter(|fault| matches!(fault.engine, Engine::Proofs | Engine::Peers | Engine::Plans))
        .filter(|fault| {
            let _planted = CATALOGUE.plant(fault.id);
            corpus.iter().any(|input| dies(&input.bytes))
        })
        .map(|fault| fault.id)
        .collect();
    announce(&format!("fuzzing: {NAME}: {} planted faults die of the corpus: {found:?}", found.len()));
    assert!(found.len() >= FOUND, "{found:?}");
}
