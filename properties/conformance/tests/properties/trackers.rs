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

/// Takes an order at any time, and is content with its beginning.
#[derive(Default)]
struct Content {
    recorded: BTreeMap<u8, Vec<u64>>,
    expected: BTreeMap<u8, Vec<u64>>,
}

impl OrderingTrackerUnderTest for Content {
    fn name() -> String {
        "content with the beginning of an order".to_owned()
    }

    fn make() -> Self {
        Content::default()
    }

    fn record(&mut self, actor: u8, _: u8, sequence: u64) -> Option<TrackerVerdict> {
        self.recorded.entry(actor).or_default().push(sequence);
        None
    }

    fn set_expected_ordering(&mut self, actor: u8, order: &[u64]) -> Option<bool> {
        self.expected.insert(actor, order.to_vec());
        Some(true)
    }

    fn verify_ordering(&self, actor: u8) -> Option<bool> {
        let recorded = self.recorded.get(&actor).map_or(&[][..], Vec::as_slice);
        Some(self.expected.get(&actor).is_none_or(|expected| expected.starts_with(recorded)))
    }
}

/// OT-3: an order that is accepted too late is found in two steps, and one that is verified too early in one.
///
/// Engine: sequential
#[test]
fn wrongly_expected_orders_are_found() {
    let report = judge_tracker::<Content>();
    let steps = |name| match report.verdict(name) {
        Some(Verdict::Broken(found)) => Some(found.steps.len()),
        _ => None,
    };
    assert_eq!(steps("ot_3_an_order_is_expected_before_the_first_record"), Some(2), "{report}");
    assert_eq!(steps("ot_3_records_are_held_to_the_expected_order"), Some(1), "{report}");
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
