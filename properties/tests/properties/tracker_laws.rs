//! Laws of gap arithmetic, for any numbers in any order.

use std::collections::BTreeSet;

use alys_actor::tracker::{OpenGap, OrderingTracker, SenderReport, Verdict};
use quickcheck::{Arbitrary, Gen, QuickCheck, Testable};

/// How many cases each law runs.
const CASES: u64 = 3_000;

/// Where the numbers come from.
const SEED: u64 = 0x0A17_5EED;

fn hold(law: impl Testable) {
    let mut check = QuickCheck::new()
        .tests(CASES)
        .max_tests(CASES)
        .min_tests_passed(CASES)
        .rng(Gen::from_size_and_seed(40, SEED));
    check.quickcheck(law);
}

/// Numbers that lie close together, mostly near 0, sometimes near the end of the word or of all numbers.
#[derive(Clone, Debug)]
struct Numbers(Vec<u64>);

impl Arbitrary for Numbers {
    fn arbitrary(g: &mut Gen) -> Self {
        let bases = [0, 0, 0, (1 << 63) - 20, u64::MAX - 40];
        let base = g.choose(&bases).copied().unwrap_or(0);
        let offsets = Vec::<u8>::arbitrary(g);
        Numbers(offsets.into_iter().map(|offset| base + u64::from(offset % 40)).collect())
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        Box::new(self.0.shrink().map(Numbers))
    }
}

/// Records the numbers of one sender and returns its report, unless there is nothing to report.
fn recorded(numbers: &[u64]) -> Option<SenderReport> {
    let tracker = OrderingTracker::default();
    for number in numbers {
        tracker.record("chain", "network", *number);
    }
    tracker.report("chain").ok()?.senders.pop()
}

/// The ranges of numbers from 0 to below the maximum that are not in the set.
fn complement(set: &BTreeSet<u64>) -> Vec<OpenGap> {
    let below = std::iter::once(None).chain(set.iter().copied().map(Some));
    let pairs = below.zip(set).map(|(below, above)| (below.map_or(0, |below| below + 1), *above));
    let open = pairs.filter(|(first, above)| first < above);
    open.map(|(first, above)| OpenGap { first, last: above - 1 }).collect()
}

/// OT-3: the open gaps are the complement of the recorded numbers below their maximum, whatever their order.
///
/// Engine: law
#[test]
fn gaps_are_the_complement_of_what_was_recorded() {
    fn law(numbers: Numbers) -> bool {
        let set: BTreeSet<_> = numbers.0.iter().copied().collect();
        match recorded(&numbers.0) {
            Some(report) => report.gaps == complement(&set) && report.highest == set.last().copied(),
            None => set.is_empty(),
        }
    }
    hold(law as fn(Numbers) -> bool);
}

/// OT-3: two orders of the same numbers leave the same open gaps, and as many duplicates.
///
/// Engine: law
#[test]
fn gaps_do_not_depend_on_the_order_of_the_records() {
    fn law(numbers: Numbers, turns: Vec<u8>) -> bool {
        let mut shuffled = numbers.0.clone();
        for (place, turn) in turns.iter().enumerate().take(shuffled.len()) {
            let other = usize::from(*turn) % shuffled.len();
            shuffled.swap(place, other);
        }
        let what =
            |report: SenderReport| (report.gaps, report.highest, report.recorded, report.duplicates_total);
        recorded(&numbers.0).map(what) == recorded(&shuffled).map(what)
    }
    hold(law as fn(Numbers, Vec<u8>) -> bool);
}

/// OT-1, OT-3: each verdict is counted where the report says, and every number is one of the three: recorded once,
/// missing, or above the highest.
///
/// Engine: law
#[test]
fn verdicts_and_report_count_the_same() {
    fn law(numbers: Numbers) -> bool {
        let tracker = OrderingTracker::default();
        let handle = tracker.handle("chain", "network");
        let verdicts: Vec<_> = numbers.0.iter().map(|number| handle.record(*number)).collect();
        let count = |is: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| is(verdict)).count() as u64;
        let Ok(mut report) = tracker.report("chain") else { return numbers.0.is_empty() };
        let Some(sender) = report.senders.pop() else { return false };
        let clean = verdicts.iter().all(|verdict| *verdict == Verdict::InOrder);
        sender.duplicates_total == count(|verdict| *verdict == Verdict::Duplicate)
            && sender.reordered_total == count(|verdict| *verdict == Verdict::Reordered)
            && sender.gaps_seen == count(|verdict| matches!(verdict, Verdict::Gap { .. }))
            && tracker.verify_ordering("chain") == clean
            && tracker.message_count("chain") == numbers.0.len()
    }
    hold(law as fn(Numbers) -> bool);
}

/// OT-3: the rule's own example, recorded forwards and backwards.
///
/// Engine: law
#[test]
fn the_example_of_ot_3_has_its_three_gaps() {
    let kept: Vec<u64> = (0..=15).filter(|number| ![3, 4, 7, 8, 11, 12].contains(number)).collect();
    let backwards: Vec<_> = kept.iter().rev().copied().collect();
    for numbers in [kept, backwards] {
        let report = recorded(&numbers).expect("ten records");
        let gaps: Vec<_> = report.gaps.iter().map(ToString::to_string).collect();
        assert_eq!(gaps, ["3-4", "7-8", "11-12"]);
    }
}
