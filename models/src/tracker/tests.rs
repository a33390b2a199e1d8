//! The examples that the rules give, and the ends of the number range.

use super::*;

fn report(model: &TrackerModel) -> TrackerSenderReport {
    let TrackerOutcome::Reported { senders, .. } = model.report(0) else { panic!("no report") };
    senders.into_iter().next().unwrap()
}

#[test]
fn the_example_of_ot_3_has_three_gaps() {
    let mut model = TrackerModel::default();
    for sequence in (0..=15).filter(|sequence| ![3, 4, 7, 8, 11, 12].contains(sequence)) {
        model.record(0, 0, sequence);
    }
    let report = report(&model);
    assert_eq!(report.gaps, [(3, 4), (7, 8), (11, 12)]);
    assert_eq!((report.gaps_seen, report.recorded, report.highest), (3, 10, Some(15)));
}

#[test]
fn the_largest_number_has_nothing_above_it() {
    let mut model = TrackerModel::default();
    let first = TrackerVerdict::Gap { expected: 0, got: u64::MAX };
    assert_eq!(model.record(0, 0, u64::MAX), first);
    assert_eq!(model.record(0, 0, u64::MAX), TrackerVerdict::Duplicate);
    assert_eq!(model.record(0, 0, 1), TrackerVerdict::Reordered);
    assert_eq!(report(&model).gaps, [(0, 0), (2, u64::MAX - 1)]);
}

#[test]
fn lists_stop_at_their_caps_and_totals_do_not() {
    let limits = TrackerLimits { duplicates_kept: 1, reorderings_kept: 0, expected_max: 0 };
    let mut model = TrackerModel::new(limits);
    for sequence in [2, 2, 1, 2, 0] {
        model.record(0, 0, sequence);
    }
    let report = report(&model);
    assert_eq!((report.duplicates, report.duplicates_total), (vec![2], 2));
    assert_eq!((report.reordered, report.reordered_total), (vec![], 2));
}

#[test]
fn a_gap_that_was_filled_is_remembered() {
    let mut model = TrackerModel::default();
    model.record(0, 0, 1);
    model.record(0, 0, 0);
    assert_eq!(report(&model).gaps, []);
    assert!(!model.verify(0));
}
