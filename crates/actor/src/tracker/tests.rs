//! What no caller can bring about, or only with luck: colliding hashes, the ends of the number range, conservation.
//!
//! Only the plain parts are tested here, because this file compiles again with every other `sync`, whose types work
//! inside their model checker alone.

use super::config::TrackerConfig;
use super::expected::Expected;
use super::gaps::Gaps;
use super::index::Slots;
use super::message::Verdict;
use super::report::OpenGap;
use super::track::Track;

fn recorded(sequences: &[u64]) -> (Track, Vec<Verdict>) {
    let mut track = Track::default();
    let config = TrackerConfig { duplicates_kept: 2, reorderings_kept: 1, ..TrackerConfig::default() };
    let verdicts = sequences.iter().map(|sequence| track.record(*sequence, &config)).collect();
    track.check_invariants();
    (track, verdicts)
}

#[test]
fn filling_a_gap_in_the_middle_splits_it() {
    let mut gaps = Gaps::default();
    gaps.open(3, 7);
    assert!(gaps.fill(5));
    assert!(!gaps.fill(5));
    assert!(gaps.iter().eq([OpenGap { first: 3, last: 4 }, OpenGap { first: 6, last: 7 }]));
    assert!(gaps.fill(3) && gaps.fill(4) && gaps.fill(7) && gaps.fill(6));
    assert_eq!(gaps.missing(), 0);
}

#[test]
fn the_highest_number_is_recordable_and_ends_the_range() {
    let (track, verdicts) = recorded(&[u64::MAX, u64::MAX, u64::MAX - 1, 0]);
    let first = Verdict::Gap { expected: 0, got: u64::MAX };
    assert_eq!(verdicts, [first, Verdict::Duplicate, Verdict::Reordered, Verdict::Reordered]);
    assert_eq!(track.expected(), None);
    assert!(track.report("sender").gaps.iter().eq([&OpenGap { first: 1, last: u64::MAX - 2 }]));
}

#[test]
fn anomalies_beyond_the_cap_are_counted() {
    let (track, _) = recorded(&[4, 4, 4, 4, 1, 0, 2]);
    let report = track.report("sender");
    assert_eq!((report.duplicates, report.duplicates_total), (vec![4, 4], 3));
    assert_eq!((report.reordered, report.reordered_total), (vec![1], 3));
    assert_eq!((report.recorded, report.gaps_seen), (7, 1));
}

#[test]
fn catching_up_counts_the_records_that_moved_the_word() {
    let (mut track, _) = recorded(&[0, 3]);
    track.catch_up(10);
    track.catch_up(10);
    track.check_invariants();
    assert_eq!((track.recorded(), track.expected()), (8, Some(10)));
}

#[test]
fn an_expected_order_is_met_by_itself_alone() {
    let met = |records: &[u64]| {
        let mut expected = Expected::new(vec![0, 0, 1]);
        records.iter().for_each(|sequence| expected.observe(*sequence));
        expected.is_met()
    };
    assert!(met(&[0, 0, 1]));
    assert!(!met(&[0, 0]), "incomplete");
    assert!(!met(&[0, 0, 1, 2]), "too long");
    assert!(!met(&[0, 1, 0]), "out of order");
    assert!(!met(&[1, 0, 1]), "wrong at the start only");
}

#[test]
fn names_with_one_hash_live_side_by_side() {
    let mut slots = Slots::default();
    // The third name is at home where the second found room, and the last wraps around.
    for (hash, name) in
        [(u64::MAX - 1, "one"), (u64::MAX - 1, "two"), (u64::MAX, "three"), (u64::MAX, "four")]
    {
        assert_eq!(*slots.get_or_make(hash, |held| *held == name, || name), name);
        assert_eq!(*slots.get_or_make(hash, |held| *held == name, || "made twice"), name);
        assert_eq!(slots.get(hash, |held| *held == name), Some(&name));
    }
    assert_eq!(slots.get(u64::MAX - 1, |held| *held == "five"), None);
}
