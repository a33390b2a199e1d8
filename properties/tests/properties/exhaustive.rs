//! Every short sequence of transitions, on the real thing.

use alys_properties::{
    exhaustive::{Enumerated, Shortest, enumerate},
    mailbox, planted, results,
    sequential::{announce, fail},
    small::Small,
    supervision, tracker,
    violation::rule_of,
};
use proptest_state_machine::StateMachineTest;
use serde_json::json;

/// Runs every sequence up to a length, which must come to as many as it did: an alphabet or a model that lost something
/// would come to fewer.
fn every<T: StateMachineTest>(name: &'static str, length: usize, reached: u64)
where
    T::Reference: Small,
{
    let suite = format!("exhaustive_{name}");
    let under_way = results::begin(&suite);
    match enumerate::<T>(length) {
        Ok(enumerated) => {
            enumerated.check().unwrap_or_else(|nothing| results::refuse(&suite, &nothing));
            let Enumerated { starts, sequences, length } = enumerated;
            let what = format!("{sequences} sequences up to {length}, from {starts} beginnings");
            announce(&format!("exhaustive: {name}: {what}"));
            assert_eq!(sequences, reached, "{name}: sequences");
            let did = json!({ "sequences": sequences, "length": length, "beginnings": starts });
            under_way.passed(&did);
        }
        Err(shortest) => {
            let test = format!("properties::exhaustive::every_short_sequence_of_the_{name}");
            fail(&shortest.counterexample(&suite, &test))
        }
    }
}

/// MB-1, MB-2, MB-3, MB-5, MB-7, MB-9, MB-10: every sequence of four transitions in small mailboxes.
///
/// Engine: exhaustive
#[test]
fn every_short_sequence_of_the_mailbox_is_what_the_model_says() {
    every::<mailbox::real::hand::Hand>("mailbox", 4, 602_753);
}

/// OT-1, OT-2, OT-3, OT-5: every sequence of four calls of small trackers.
///
/// Engine: exhaustive
#[test]
fn every_short_sequence_of_the_tracker_is_what_the_model_says() {
    every::<tracker::real::machine::Machine>("tracker", 4, 108_480);
}

/// SV-1, SV-4, SV-5, SV-9, LC-1, LC-3: every sequence of five transitions in small trees.
///
/// Engine: exhaustive
#[test]
fn every_short_sequence_of_the_tree_is_what_the_model_says() {
    every::<supervision::real::tree::Machine>("tree", 5, 434_043);
}

/// MB-14: a pair of mailboxes has no small world; nothing is tried, and that is said.
///
/// Engine: exhaustive
#[test]
fn a_description_without_a_small_world_is_no_pass() {
    let nothing = enumerate::<mailbox::real::pair::Pair>(3).unwrap().check().unwrap_err();
    assert!(nothing.to_string().starts_with("no sequence was run from 0 beginnings"), "{nothing}");
}

/// How many sequences are tried until a fault that is planted is found, and the shortest one.
fn found<T: StateMachineTest>(fault: &'static str, length: usize) -> Shortest<T>
where
    T::Reference: Small,
{
    let _planted = planted::plant(fault);
    let Err(shortest) = enumerate::<T>(length) else { panic!("{fault} survived") };
    announce(&format!("exhaustive: {fault} dies in sequence {}: {shortest}", shortest.sequences));
    *shortest
}

/// MB-7, OT-3, SV-4: planted faults are found, each by a sequence than which none is shorter.
///
/// Engine: exhaustive
#[test]
fn planted_faults_die_of_a_shortest_sequence() {
    let one = found::<mailbox::faulty::hand::Hand>("last_waiter_first", 4);
    assert_eq!((one.transitions.len(), rule_of(&one.message)), (4, Some("MB-7")));
    let one = found::<tracker::faulty::machine::Machine>("question_opens_the_keys", 4);
    assert_eq!((one.transitions.len(), rule_of(&one.message)), (3, Some("OT-3")));
    let one = found::<supervision::faulty::tree::Machine>("one_restart_too_many", 5);
    assert_eq!((one.transitions.len(), rule_of(&one.message)), (4, Some("SV-4")));
}
