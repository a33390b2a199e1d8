//! The bodies of fuzz targets, driven by random bytes.

use alys_properties::{
    bytes::{self, BLOCK, START},
    coverage::{self, Labels},
    lifecycle, mailbox, planted, results,
    sequential::{Suite, announce},
    small::Small,
    supervision, tracker,
};
use proptest_state_machine::StateMachineTest;
use serde_json::json;

/// How many random byte strings each body runs.
const STRINGS: u64 = 4_000;

/// Runs a body on random bytes and holds it to what they must reach: every situation that its suite must meet.
fn reaches<L: Labels>(suite: &Suite, body: fn(&[u8])) {
    let under_way = results::begin(&format!("bytes_{}", suite.name));
    drop(coverage::take::<L>());
    (0..STRINGS).for_each(|seed| body(&bytes::random(seed, *suite.transitions.end())));
    let covered = coverage::take::<L>();
    let (met, of) = covered.required_met();
    let (name, transitions) = (suite.name, covered.transitions());
    announce(&format!(
        "bytes: {name}: {STRINGS} strings, {transitions} transitions, {met} of {of} situations"
    ));
    assert!(of > 0 && met == of, "{name}: {met} of {of} situations\n{}", covered.table());
    under_way.passed(&json!({ "strings": STRINGS, "transitions": transitions, "situations": met }));
}

/// MB-1..13, OT-1..5, LC-1, LC-2, LC-3, LC-5, LC-6, SV-1, SV-3, SV-4, SV-5, SV-6, SV-9, SV-10: any bytes are a case, and random
/// ones meet every situation that the suites must meet.
///
/// Engine: bytes
#[test]
fn random_bytes_meet_the_situations_of_the_suites() {
    reaches::<mailbox::MailboxLabels<false>>(&mailbox::suites::BY_HAND, bytes::mailbox);
    reaches::<tracker::TrackerLabels>(&tracker::suites::TRACKER, bytes::tracker);
    reaches::<lifecycle::LifecycleLabels>(&lifecycle::suites::LIFECYCLE, bytes::lifecycle);
    reaches::<supervision::SupervisionLabels>(&supervision::suites::TREE, bytes::supervision);
}

/// MB-2: bytes that decide no transition reach nothing, and that is no pass.
///
/// Engine: bytes
#[test]
fn bytes_without_transitions_reach_nothing() {
    drop(coverage::take::<mailbox::MailboxLabels<false>>());
    bytes::mailbox(&[0; START]);
    assert_eq!(coverage::take::<mailbox::MailboxLabels<false>>().check(), Err(coverage::Missed::Nothing));
}

/// The first random bytes that a planted fault dies of break this rule in so many transitions, and pass without it.
fn dies<T: StateMachineTest>(fault: &str, suite: &Suite, rule: &str, steps: usize)
where
    T::Reference: Small,
{
    let planted = planted::plant(fault);
    let found = (0..STRINGS).find_map(|seed| {
        let bytes = bytes::random(seed, *suite.transitions.end());
        bytes::run::<T>(suite, &bytes).err().map(|found| (seed, bytes, found))
    });
    drop(planted);
    let Some((seed, bytes, found)) = found else { panic!("`{fault}` survived {STRINGS} byte strings") };
    announce(&format!("bytes: {fault} dies in string {} of {}", seed + 1, found.message));
    assert_eq!((found.rule(), found.transitions().len()), (Some(rule), steps), "{found}");
    assert!(bytes::run::<T>(suite, &bytes).is_ok());
}

/// MB-2, MB-7, OT-3, LC-5, SV-4: random bytes find planted faults of each component, and the counterexample is
/// minimal. Without the fault the very same bytes find nothing.
///
/// Engine: bytes
#[test]
fn random_bytes_find_planted_faults() {
    use lifecycle::{faulty::machine::Machine as Registry, suites::LIFECYCLE};
    use mailbox::{faulty::hand::Hand, suites::BY_HAND};
    use supervision::{faulty::tree::Machine as Tree, suites::TREE};
    use tracker::{faulty::machine::Machine as Tracker, suites::TRACKER};
    dies::<Hand>("last_waiter_first", &BY_HAND, "MB-7", 4);
    dies::<Hand>("lowest_lane_first", &BY_HAND, "MB-2", 3);
    dies::<Tracker>("question_opens_the_keys", &TRACKER, "OT-3", 3);
    dies::<Registry>("name_never_free", &LIFECYCLE, "LC-5", 3);
    dies::<Tree>("one_restart_too_many", &TREE, "SV-4", 3);
}

/// What edits of single bytes did to sequences.
#[derive(Debug, Default)]
struct Edits {
    edits: usize,
    changed: usize,
    kept_after: usize,
    after: usize,
}

/// Edits one byte of each block, block by block, and compares the sequences.
fn edit_blocks<T: StateMachineTest>(suite: &Suite, edits: &mut Edits) {
    for seed in 0..40 {
        let bytes = bytes::random(seed, *suite.transitions.end());
        let text = |bytes: &[u8]| -> Vec<String> {
            bytes::case::<T>(bytes).1.iter().map(|one| format!("{one:?}")).collect()
        };
        let before = text(&bytes);
        // A transition that its precondition forbids is left out: then blocks and transitions do not correspond.
        let blocks = (bytes.len() - START) / BLOCK;
        if before.len() < blocks {
            continue;
        }
        for block in 0..blocks {
            let mut edited = bytes.clone();
            edited[START + block * BLOCK] ^= 0x80;
            let after = text(&edited);
            assert_eq!(
                after[..block],
                before[..block],
                "an edit of block {block} changed what was before it"
            );
            edits.edits += 1;
            edits.changed += usize::from(after[block..] != before[block..]);
            let tails = || before.iter().zip(&after).skip(block + 1);
            edits.after += tails().count();
            edits.kept_after += tails().filter(|(one, other)| one == other).count();
        }
        // Without its last block a sequence is the same but for its last transition.
        assert_eq!(text(&bytes[..bytes.len() - BLOCK])[..], before[..blocks - 1]);
    }
}

/// MB-2, OT-1, LC-1, SV-1: an edit of bytes changes a sequence where the bytes are; what comes before stays, and most of what
/// comes after. Any bytes at all are a case.
///
/// Engine: bytes
#[test]
fn an_edit_changes_a_sequence_where_it_is() {
    let mut edits = Edits::default();
    edit_blocks::<mailbox::real::hand::Hand>(&mailbox::suites::BY_HAND, &mut edits);
    edit_blocks::<tracker::real::machine::Machine>(&tracker::suites::TRACKER, &mut edits);
    edit_blocks::<lifecycle::real::machine::Machine>(&lifecycle::suites::LIFECYCLE, &mut edits);
    edit_blocks::<supervision::real::tree::Machine>(&supervision::suites::TREE, &mut edits);
    announce(&format!("bytes: {edits:?}"));
    assert!(edits.edits > 1_000 && edits.changed * 2 > edits.edits, "{edits:?}");
    assert!(edits.kept_after * 2 > edits.after, "{edits:?}");
    for len in 0..START + 3 * BLOCK {
        bytes::mailbox(&vec![0xFF; len]);
        bytes::supervision(&vec![0; len]);
    }
}
