//! What fuzzers have left, without a fuzzer: corpora and crashes replayed on a stable toolchain, and what they are worth.

use std::{cell::Cell, fs};

use alys_properties::{
    bytes::{self, BLOCK, START},
    coverage::{self, Labels},
    fuzz::{self, DIFFERENTIAL, MAILBOX_TRANSITIONS, ORDERING_TRACKER, SUPERVISOR_TRANSITIONS, Target},
    mailbox::MailboxLabels,
    planted::{self, Engine},
    sequential::announce,
    sources,
    supervision::SupervisionLabels,
    tracker::TrackerLabels,
};

/// How many random inputs a planted fault that the corpus lets live has to survive.
const STRINGS: u64 = 300;

/// How many files lie in a folder, counted without the code that replays them.
fn listed(folder: &str, target: &Target) -> usize {
    let folder = sources::root().join("fuzz").join(folder).join(target.name);
    fs::read_dir(folder).map_or(0, |entries| entries.filter(|entry| entry.is_ok()).count())
}

/// Replays everything of a target, and counts what ran.
fn replays(target: &Target) {
    let ran = Cell::new(0);
    let replayed = fuzz::replay(target.name, |bytes| {
        ran.set(ran.get() + 1);
        target.judge(bytes);
    });
    let replayed = replayed.unwrap_or_else(|error| panic!("{error}"));
    announce(&format!("fuzzing: {}: {replayed:?}", target.name));
    let lies = ["corpus", "crashes", "artifacts"].map(|folder| listed(folder, target));
    assert_eq!([replayed.corpus, replayed.crashes, replayed.artifacts], lies, "{}", target.name);
    assert_eq!(ran.get(), lies.iter().sum::<usize>(), "{}", target.name);
    assert!(replayed.corpus > 0, "{} has no corpus", target.name);
}

/// The same, and holds the corpus to every situation that the suite of the description must meet.
fn reaches<L: Labels>(target: &Target) {
    drop(coverage::take::<L>());
    replays(target);
    let covered = coverage::take::<L>();
    let (met, of) = covered.required_met();
    announce(&format!("fuzzing: {}: {met} of {of} situations", target.name));
    assert!(of > 0 && met == of, "{}: {met} of {of} situations\n{}", target.name, covered.table());
}

/// MB-1..13, OT-1..5, SV-1, SV-3, SV-4, SV-5, SV-6, SV-9, SV-10: nothing that a fuzzer has ever found breaks a rule, and the
/// corpora meet every situation that the suites must meet.
///
/// Engine: bytes
#[test]
fn corpora_and_crashes_break_no_rule() {
    reaches::<MailboxLabels<false>>(&MAILBOX_TRANSITIONS);
    reaches::<TrackerLabels>(&ORDERING_TRACKER);
    reaches::<SupervisionLabels>(&SUPERVISOR_TRANSITIONS);
    replays(&DIFFERENTIAL);
}

/// How the planted faults of some engines fared.
#[derive(Debug, Default)]
struct Tally {
    faults: usize,
    of_the_corpus: usize,
    of_random_bytes: usize,
    survivors: Vec<&'static str>,
}

/// Plants the faults of some engines one after the other, and runs a target's corpus on each, then random bytes.
fn hunt(target: &Target, engines: &[Engine]) -> Tally {
    let corpus =
        fuzz::inputs(&format!("fuzz/corpus/{}", target.name)).unwrap_or_else(|error| panic!("{error}"));
    let mut tally = Tally::default();
    for fault in planted::live().filter(|fault| engines.contains(&fault.engine)) {
        let _planted = planted::plant(fault.id);
        tally.faults += 1;
        let dies = |bytes: &[u8]| target.breaks_the_twin(bytes).is_some();
        if corpus.iter().any(|input| dies(&input.bytes)) {
            tally.of_the_corpus += 1;
        } else if (0..STRINGS).any(|seed| dies(&bytes::random(seed, target.transitions))) {
            tally.of_random_bytes += 1;
        } else {
            tally.survivors.push(fault.id);
        }
    }
    announce(&format!("fuzzing: {}: {tally:?}", target.name));
    tally
}

/// MB-2, MB-7, OT-1, OT-3, SV-1, SV-4: the bodies are worth running: of the planted faults that show in transitions,
/// all but few die of the corpus alone, without any fuzzing. Where nothing is planted, nothing of it breaks the twin.
///
/// Engine: bytes
#[test]
fn the_corpora_find_planted_faults() {
    let of = |target: &'static Target, engines: &[Engine]| {
        let inputs = fuzz::inputs(&format!("fuzz/corpus/{}", target.name)).unwrap();
        let broken = inputs.iter().find_map(|input| target.breaks_the_twin(&input.bytes));
        assert_eq!(broken, None, "{}", target.name);
        let tally = hunt(target, engines);
        assert!(
            tally.faults > 0 && tally.of_the_corpus * 10 >= tally.faults * 9,
            "{}: {tally:?}",
            target.name
        );
    };
    of(&MAILBOX_TRANSITIONS, &[Engine::Mailbox]);
    of(&SUPERVISOR_TRANSITIONS, &[Engine::Supervision]);
    of(&ORDERING_TRACKER, &[Engine::Tracker]);
    of(&DIFFERENTIAL, &[Engine::Mailbox, Engine::Tracker]);
}

/// MB-2, OT-1, SV-1: a mutation moves whole blocks, so that transitions which it does not touch stay what they are; it
/// never grows beyond what it may, and what it leaves is a case.
///
/// Engine: bytes
#[test]
fn mutations_move_whole_blocks() {
    let (mut longer, mut shorter, mut same) = (0, 0, 0);
    for seed in 0..4_000 {
        let input = bytes::random(seed, 20);
        let size_max = input.len() + 3 * BLOCK;
        let mut data = input.clone();
        data.resize(size_max, 0);
        let own = Cell::new(false);
        let size = fuzz::mutated(&mut data, input.len(), size_max, seed as u32, |_, size, _| {
            own.set(true);
            size
        });
        assert!(size <= size_max && (size - START).is_multiple_of(BLOCK), "{size} of {size_max}");
        assert_eq!(data[..START], input[..START], "seed {seed}");
        let known = |block: &[u8]| input[START..].chunks_exact(BLOCK).any(|one| one == block);
        assert!(data[START..size].chunks_exact(BLOCK).all(known), "seed {seed}");
        assert!(!own.get() || data[..size] == input[..], "seed {seed}");
        match size.cmp(&input.len()) {
            std::cmp::Ordering::Greater => longer += 1,
            std::cmp::Ordering::Less => shorter += 1,
            std::cmp::Ordering::Equal => same += 1,
        }
        bytes::mailbox(&data[..size]);
    }
    assert!([longer, shorter, same].iter().all(|count| *count > 200), "{longer}, {shorter}, {same}");
}

/// MB-2: what the fuzzer's own mutation does is kept where it belongs: in one block, padded where bytes were left out, or
/// anywhere, within the room that there is.
///
/// Engine: bytes
#[test]
fn the_fuzzers_own_mutation_stays_in_its_place() {
    let input = [1_u8; START + 4 * BLOCK];
    let (mut in_a_block, mut anywhere) = (0, 0);
    for seed in 0..400 {
        let mut data = input;
        let size = fuzz::mutated(&mut data, input.len(), input.len(), seed, |place, size, room| {
            assert!(size <= room && place.len() >= size, "{size} of {room}");
            place.fill(9);
            if place.len() == BLOCK { 5 } else { size }
        });
        let changed = |range: std::ops::Range<usize>| data[range].iter().any(|byte| *byte != 1);
        let blocks =
            (0..4).filter(|block| changed(START + block * BLOCK..START + (block + 1) * BLOCK)).count();
        match (changed(0..START), blocks) {
            (true, _) => anywhere += 1,
            (false, 1) => {
                in_a_block += 1;
                let block =
                    (0..4).map(|block| &data[START + block * BLOCK..][..BLOCK]).find(|one| one[0] == 9);
                assert_eq!(block.unwrap(), [9, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0]);
                assert_eq!(size, input.len());
            }
            (false, blocks) => assert_eq!(blocks, 0, "seed {seed}"),
        }
    }
    assert!(in_a_block > 40 && anywhere > 40, "{in_a_block}, {anywhere}");
    // Without a whole block there is nothing to move.
    let mut short = [3_u8; START];
    assert_eq!(fuzz::mutated(&mut short, 7, START, 0, |_, size, room| size + room), 7 + START);
}
