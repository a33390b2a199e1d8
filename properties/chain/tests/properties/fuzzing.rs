//! What a fuzzer of nodes has left, without a fuzzer: corpus and crashes, and what they are worth.

use std::{cell::Cell, fs};

use alys_chain_properties::fuzz::CHAIN_TRANSITIONS as TARGET;
use alys_chain_properties::planted::{CATALOGUE, Engine};
use alys_engines::{fuzz, sequential::announce, sources};

/// How many files lie in a folder, counted without the code that replays them.
fn listed(folder: &str) -> usize {
    let folder = sources::root().join("fuzz").join(folder).join(TARGET.name);
    fs::read_dir(folder).map_or(0, |entries| entries.filter(|entry| entry.is_ok()).count())
}

/// CH-1..CH-6: nothing that a fuzzer has ever found breaks a rule.
///
/// Engine: bytes
#[test]
fn chain_corpus_and_crashes_break_no_rule() {
    let ran = Cell::new(0);
    let replayed = fuzz::replay(TARGET.name, |bytes| {
        ran.set(ran.get() + 1);
        TARGET.judge(bytes);
    });
    let replayed = replayed.unwrap_or_else(|error| panic!("{error}"));
    announce(&format!("fuzzing: {}: {replayed:?}", TARGET.name));
    let lies = ["corpus", "crashes", "artifacts"].map(listed);
    assert_eq!([replayed.corpus, replayed.crashes, replayed.artifacts], lies);
    assert_eq!(ran.get(), lies.iter().sum::<usize>());
    assert!(replayed.corpus > 0, "there is no corpus");
}

/// CH-1..CH-6: the body is worth running: of the planted faults that show in the steps of a node, most die of the corpus alone,
/// without any fuzzing. Where nothing is planted, nothing of it breaks the twin.
///
/// Engine: bytes
#[test]
fn the_chain_corpus_finds_planted_faults() {
    let corpus =
        fuzz::inputs(&format!("fuzz/corpus/{}", TARGET.name)).unwrap_or_else(|error| panic!("{error}"));
    let broken = corpus.iter().find_map(|input| TARGET.breaks_the_twin(&input.bytes));
    assert_eq!(broken, None);
    let (mut faults, mut survivors) = (0, Vec::new());
    for fault in CATALOGUE.live().filter(|fault| fault.engine == Engine::Node) {
        let _planted = CATALOGUE.plant(fault.id);
        faults += 1;
        if !corpus.iter().any(|input| TARGET.breaks_the_twin(&input.bytes).is_some()) {
            survivors.push(fault.id);
        }
    }
    announce(&format!("fuzzing: of {faults} planted faults all die of the corpus but {survivors:?}"));
    assert!(faults > 50 && survivors.len() * 4 < faults, "{survivors:?}");
}
