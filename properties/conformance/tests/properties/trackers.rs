//! The kit on trackers: one of the standard library that judges by the highest number alone.

use std::collections::BTreeMap;

use alys_conformance::{
    court::Verdict,
    tracker::{OrderingTrackerUnderTest, TrackerVerdict, judge_tracker},
};

/// Keeps the highest number of each key and forgets the gaps: what fills one looks like a duplicate.
#[derive(Default)]
struct Highest {
    next: BTreeMap<(u8, u8), u64>,
    counts: BTreeMap<u8, usize>,
}

impl OrderingTrackerUnderTest for Highest {
    fn name() -> String {
        "the highest number of each key".to_owned()
    }

    fn make() -> Self {
        Highest::default()
    }

    fn record(&mut self, actor: u8, sender: u8, sequence: u64) -> Option<TrackerVerdict> {
        *self.counts.entry(actor).or_default() += 1;
        let next = self.next.entry((actor, sender)).or_default();
        let expected = *next;
        *next = expected.max(sequence.saturating_add(1));
        Some(match sequence.cmp(&expected) {
            std::cmp::Ordering::Less => TrackerVerdict::Duplicate,
            std::cmp::Ordering::Equal => TrackerVerdict::InOrder,
            std::cmp::Ordering::Greater => TrackerVerdict::Gap { expected, got: sequence },
        })
    }

    fn message_count(&self, actor: u8) -> Option<usize> {
        Some(self.counts.get(&actor).copied().unwrap_or_default())
    }
}

/// Supports nothing.
struct Nothing;

impl OrderingTrackerUnderTest for Nothing {
    fn name() -> String {
        "nothing".to_owned()
    }

    fn make() -> Self {
        Nothing
    }
}

/// OT-1, OT-2, OT-3: a tracker that forgets its gaps gives a wrong verdict after two records, counts well, and is not judged
/// where it says nothing.
///
/// Engine: sequential
#[test]
fn a_forgotten_gap_is_found_in_two_records() {
    let report = judge_tracker::<Highest>();
    match report.verdict("ot_1_every_record_has_its_verdict") {
        Some(Verdict::Broken(found)) => {
            assert_eq!(found.steps.len(), 2, "{found}")
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(report.broken_rules(), ["OT-1"], "{report}");
    assert!(!report.all_hold());
}

/// OT-1: a tracker that says nothing is no success.
///
/// Engine: sequential
#[test]
fn a_tracker_that_says_nothing_is_no_success() {
    let report = judge_tracker::<Nothing>();
    assert!(!report.some_rule_applies() && !report.all_hold(), "{report}");
}
