//! Two implementations side by side, without a model's verdict.

use alys_models::mailbox::Transition;
use alys_properties::{
    counterexample::{Counterexample, directory},
    coverage::artifacts,
    differential::{Agreed, Observed, SideBySide, Unlike, compare, compare_exactly},
    exhaustive::enumerate,
    mailbox::{self, HandReference, State},
    planted, results,
    sequential::{Persistence, Seed, Suite, announce, fail},
    small::Small,
    tracker,
    violation::caught,
};
use serde_json::json;

/// Fewer cases than the mailbox has beside its model: every transition is observed whole, twice.
const MAILBOX: Suite = Suite {
    name: "differential_mailbox",
    test_path: "properties::differential::what_ships_and_its_twin_are_alike",
    cases: 10_000,
    transitions: 1..=80,
};

/// The same of the tracker.
const TRACKER: Suite = Suite { name: "differential_tracker", transitions: 1..=60, ..MAILBOX };

type RealHand = mailbox::real::hand::Hand;
type FaultyHand = mailbox::faulty::hand::Hand;
type RealTracker = tracker::real::observed::Tracker;
type FaultyTracker = tracker::faulty::observed::Tracker;

fn alike<A, B>(suite: &Suite, short_sequences: u64)
where
    A: Observed,
    B: Observed<Reference = A::Reference, Seen = A::Seen>,
    A::Reference: Small,
{
    let under_way = results::begin(suite.name);
    let agreed = compare::<A, B>(suite, Persistence::Committed, Seed::FromEnvironment)
        .unwrap_or_else(|unlike| unlike.end());
    announce(&format!("{}: {agreed:?}", suite.name));
    let all = enumerate::<SideBySide<A, B>>(3)
        .unwrap_or_else(|shortest| fail(&shortest.counterexample(suite.name, suite.test_path)));
    announce(&format!("{}: every short sequence: {all:?}", suite.name));
    assert_eq!(all.sequences, short_sequences, "{}", suite.name);
    let Agreed { cases, observations, changes } = agreed;
    let did = json!({ "cases": cases, "observations": observations, "changes": changes, "sequences": all.sequences });
    under_way.passed(&did);
}

/// MB-1..13, OT-1..5: what ships and its twin are seen alike in generated cases and in every short sequence; the switches of
/// the planted faults change nothing as long as they are off.
///
/// Engine: differential
#[test]
fn what_ships_and_its_twin_are_alike() {
    alike::<RealHand, FaultyHand>(&MAILBOX, 32_977);
    alike::<RealTracker, FaultyTracker>(&TRACKER, 7_230);
}

fn differs<A, B>(fault: &str, suite: &Suite) -> Counterexample
where
    A: Observed,
    B: Observed<Reference = A::Reference, Seen = A::Seen>,
{
    let _planted = planted::plant(fault);
    match compare_exactly::<A, B>(suite, Seed::Fixed) {
        Err(Unlike::Differs(found)) => {
            let (rule, steps) = (found.rule().unwrap_or("a panic"), found.transitions().len());
            announce(&format!("{}: {fault} shows {rule} in {steps} transitions", suite.name));
            *found
        }
        other => panic!("`{fault}` shows no difference: {other:?}"),
    }
}

/// MB-2, MB-7, MB-8, MB-9, OT-1, OT-3, OT-5: a planted fault is a difference, and the sequence that shows it is minimal.
///
/// Engine: differential
#[test]
fn planted_faults_are_differences() {
    let of_mailbox = [
        ("lowest_lane_first", 3),
        ("last_waiter_first", 4),
        ("permit_released_late", 3),
        ("try_send_barges", 3),
        ("close_ignored_when_full", 3),
    ];
    let lengths = of_mailbox.map(|(fault, _)| {
        let found = differs::<RealHand, FaultyHand>(fault, &MAILBOX);
        assert_eq!(found.rule(), Some("DF-1"), "{found}");
        (fault, found.transitions().len())
    });
    assert_eq!(lengths, of_mailbox);
    let of_tracker = [("question_opens_the_keys", 3), ("gap_ends_too_early", 2), ("list_one_too_long", 2)];
    let lengths = of_tracker.map(|(fault, _)| {
        let found = differs::<RealTracker, FaultyTracker>(fault, &TRACKER);
        assert_eq!(found.rule(), Some("DF-1"), "{found}");
        (fault, found.transitions().len())
    });
    assert_eq!(lengths, of_tracker);
    let found = differs::<RealTracker, FaultyTracker>("gap_ends_too_early", &TRACKER);
    assert_eq!(
        found.transitions(),
        ["Record { actor: 0, sender: 0, sequence: 1 }", "Record { actor: 0, sender: 0, sequence: 0 }"]
    );
    assert!(found.message.starts_with("DF-1: one shows (Recorded(Reordered), "), "{found}");
    assert!(found.message.contains("the other (Recorded(Duplicate), "), "{found}");
}

/// MB-2: a difference ends its test with a page, with data, and with a result that says what it was.
///
/// Engine: differential
#[test]
fn a_difference_leaves_a_page_and_a_result() {
    let _planted = planted::plant("lowest_lane_first");
    let suite = Suite { name: "differential_planted", ..MAILBOX };
    let unlike = compare_exactly::<RealHand, FaultyHand>(&suite, Seed::Fixed).unwrap_err();
    let ended = caught(|| unlike.end()).unwrap_err();
    assert!(ended.contains("DF-1: ") && ended.contains("page: "), "{ended}");
    let written = [
        directory().join("differential_planted-df-1.html"),
        directory().join("differential_planted-df-1.json"),
        artifacts().join("differential_planted-result.json"),
    ];
    let [_, _, result] = written.clone().map(|file| std::fs::read_to_string(file).unwrap());
    written.into_iter().for_each(|file| std::fs::remove_file(file).unwrap());
    assert!(result.contains("\"passed\": false") && result.contains("\"rule\": \"DF-1\""), "{result}");
}

/// Sees always the same, whatever is done.
#[derive(Debug)]
struct Blind;

impl Observed for Blind {
    type Reference = HandReference;
    type Seen = ();

    fn begin(_: &State) -> Self {
        Blind
    }

    fn observe(&mut self, _: &State, _: &Transition) {}
}

/// MB-2, OT-1: a pair that is never run, or of which nothing that changes is ever seen, is no pair that is alike.
///
/// Engine: differential
#[test]
fn a_comparison_of_nothing_is_vacuous() {
    let unlike = compare_exactly::<Blind, Blind>(&Suite { cases: 100, ..MAILBOX }, Seed::Fixed).unwrap_err();
    let text = unlike.to_string();
    assert!(matches!(unlike, Unlike::Vacuous { observations: 1_000.., changes: 0, .. }), "{text}");
    assert!(text.starts_with("the comparison `differential_mailbox` is vacuous: "), "{text}");
    let nothing = Suite { cases: 100, transitions: 0..=0, ..MAILBOX };
    let unlike = compare_exactly::<RealHand, FaultyHand>(&nothing, Seed::Fixed).unwrap_err();
    assert!(matches!(unlike, Unlike::Vacuous { observations: 0, changes: 0, .. }), "{unlike}");
}
