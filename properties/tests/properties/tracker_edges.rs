//! The ordering tracker where generated cases do not go: many senders, long orders, full lists, configurations.

use std::collections::BTreeSet;

use alys_actor::tracker::{
    ExpectedOrderingError, OpenGap, OrderingTracker, TrackedMessage, TrackerConfig, TrackerConfigError,
    Verdict,
};

/// A tracker with this much room for expected orders.
fn with_expected_max(expected_max: usize) -> OrderingTracker {
    OrderingTracker::new(TrackerConfig { expected_max, ..TrackerConfig::default() })
        .expect("a valid configuration")
}

/// OT-2, OT-3, OT-4: three hundred senders of one actor are counted, judged and reported one by one, sorted by name.
///
/// Engine: law
#[test]
fn many_senders_of_one_actor_are_all_there() {
    let tracker = OrderingTracker::default();
    let names: BTreeSet<_> = (0..300).map(|n| format!("Sender {}", n * 7 % 300)).collect();
    for (number, name) in names.iter().enumerate() {
        assert_eq!(tracker.record("actor", name, 0), Verdict::InOrder);
        assert_eq!(tracker.handle("actor", name).record(1), Verdict::InOrder);
        assert_eq!(tracker.message_count("actor"), 2 * (number + 1));
    }
    assert!(tracker.verify_ordering("actor"));
    let report = tracker.report("actor").unwrap();
    assert_eq!((report.recorded, report.senders.len()), (600, 300));
    assert!(report.senders.iter().map(|sender| &sender.sender).eq(&names));
    assert!(report.senders.iter().all(|sender| (sender.recorded, sender.highest) == (2, Some(1))));
    // The last one made is judged like the first.
    for name in [names.last().unwrap(), names.first().unwrap()] {
        let other = OrderingTracker::default();
        assert!(names.iter().all(|sender| other.record("actor", sender, 0) == Verdict::InOrder));
        assert_eq!(other.record("actor", name, 0), Verdict::Duplicate);
        assert!(!other.verify_ordering("actor"), "the duplicate of {name} was overlooked");
    }
}

/// OT-3: an expected order of a hundred numbers is compared to its last entry; one that is changed anywhere, too short or
/// too long is not the order.
///
/// Engine: law
#[test]
fn long_orders_are_compared_to_their_last_entry() {
    let order: Vec<u64> = (0..100).map(|n| n * 3 % 100).collect();
    let verified = |recorded: &[u64]| {
        let tracker = with_expected_max(order.len());
        tracker.set_expected_ordering("actor", order.clone()).unwrap();
        for number in recorded {
            tracker.record("actor", "sender", *number);
        }
        tracker.verify_ordering("actor")
    };
    assert!(verified(&order));
    assert!(!verified(&order[..99]));
    assert!(!verified(&[&order[..], &[100]].concat()));
    for place in 0..order.len() {
        let mut changed = order.clone();
        changed[place] += 1000;
        assert!(!verified(&changed), "a change at {place} was overlooked");
    }
}

/// OT-5: lists stop at their caps while totals go on, and every one of two thousand open gaps is kept.
///
/// Engine: law
#[test]
fn lists_stop_and_totals_and_gaps_do_not() {
    let tracker = OrderingTracker::default();
    let handle = tracker.handle("actor", "sender");
    for odd in 0..2000 {
        assert_eq!(handle.record(2 * odd + 1), Verdict::Gap { expected: 2 * odd, got: 2 * odd + 1 });
    }
    let gaps = |tracker: &OrderingTracker| tracker.report("actor").unwrap().senders.remove(0).gaps;
    assert!(gaps(&tracker).into_iter().eq((0..2000).map(|n| OpenGap { first: 2 * n, last: 2 * n })));
    for even in 0..1100 {
        assert_eq!(handle.record(2 * even), Verdict::Reordered);
        assert_eq!(handle.record(2 * even), Verdict::Duplicate);
    }
    let sender = tracker.report("actor").unwrap().senders.remove(0);
    assert_eq!((sender.duplicates.len(), sender.duplicates_total), (1024, 1100));
    assert_eq!((sender.reordered.len(), sender.reordered_total), (1024, 1100));
    assert_eq!((sender.gaps.len(), sender.gaps_seen, sender.recorded), (900, 2000, 4200));
    assert_eq!(sender.gaps[0].to_string(), "2200");
}

/// OT-2: a hundred thousand records in order are a hundred thousand, through a handle that never looked back.
///
/// Engine: law
#[test]
fn a_long_run_in_order_is_counted_whole() {
    let tracker = OrderingTracker::default();
    let handle = tracker.handle("actor", "sender");
    assert!((0..100_000).all(|number| handle.record(number) == Verdict::InOrder));
    assert_eq!(tracker.message_count("actor"), 100_000);
    // A handle outlives its tracker, and goes on where it was.
    drop(tracker);
    assert_eq!(handle.record(100_000), Verdict::InOrder);
    assert_eq!(handle.record(100_000), Verdict::Duplicate);
}

/// OT-1, OT-5: a message counts under its own number and sender; caps may be as large as numbers go, or nothing.
///
/// Engine: law
#[test]
fn messages_and_caps_mean_what_they_say() {
    for (kept, expected_max) in [(0, 0), (usize::MAX, usize::MAX)] {
        let config = TrackerConfig {
            duplicates_kept: kept,
            reorderings_kept: kept,
            expected_max,
            ..TrackerConfig::default()
        };
        let tracker = OrderingTracker::new(config).unwrap();
        for number in [0, 1, 2, 3, 6, 5, 5] {
            tracker.track_message("actor", TrackedMessage::new("sender", number));
        }
        let sender = tracker.report("actor").unwrap().senders.remove(0);
        assert_eq!((sender.highest, sender.recorded), (Some(6), 7));
        assert_eq!(sender.gaps, [OpenGap { first: 4, last: 4 }]);
        assert_eq!((sender.duplicates.len(), sender.reordered.len()), (kept.min(1), kept.min(1)));
        assert_eq!((sender.duplicates_total, sender.reordered_total), (1, 1));
    }
}

/// OT-5: the number of shards is a power of two from 1 to 65,536, and a refusal of an order says how long it may be.
///
/// Engine: law
#[test]
fn configurations_and_refusals_name_what_is_allowed() {
    for shards in [0, 1, 2, 3, 64, 100, 65_535, 65_536, 65_537, 131_072, usize::MAX] {
        let allowed = shards.is_power_of_two() && shards <= 65_536;
        let made = OrderingTracker::new(TrackerConfig { shards, ..TrackerConfig::default() });
        match made {
            Ok(tracker) => {
                assert!(allowed && tracker.record("a", "s", 0) == Verdict::InOrder, "{shards} shards")
            }
            Err(error) => {
                assert!(!allowed && error == TrackerConfigError::Shards { value: shards }, "{error}")
            }
        }
    }
    let tracker = with_expected_max(2);
    let refused = tracker.set_expected_ordering("actor", vec![0, 1, 2]).unwrap_err();
    assert_eq!(refused, ExpectedOrderingError::TooLong { actor: "actor".to_owned(), len: 3, max: 2 });
    assert!(tracker.report("actor").is_err(), "a refused order made the actor known");
}
