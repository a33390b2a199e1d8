//! The examples of `examples/bring-your-own`, held in the main job: the five faults of the mailbox and the three of the chain
//! are named, each with a minimal case.

use alys_conformance::{
    chain::judge_chain_store,
    court::Verdict,
    mailbox::{PLAIN, Parameters, Post, Step, judge_mailbox, replay_mailbox},
};
use alys_models::mailbox::Policy;

#[allow(unreachable_pub, reason = "a crate of its own elsewhere")]
#[path = "../../../../examples/bring-your-own/src/lib.rs"]
mod wrong;

use wrong::Mailbox;

#[allow(unreachable_pub, missing_debug_implementations, reason = "a crate of its own elsewhere")]
#[path = "../../../../examples/bring-your-own/adapters/mod.rs"]
mod adapters;

#[allow(unreachable_pub, missing_debug_implementations, reason = "a crate of its own elsewhere")]
#[path = "../../../../examples/bring-your-own/adapters/headers.rs"]
mod headers;

/// What the faults break, and the least number of steps that shows it. The newest message first is a fault in both MB-2 and MB-3.
const BROKEN: [(&str, usize); 6] = [
    ("mb_1_capacity_is_never_exceeded", 2),
    ("mb_2_the_oldest_of_the_highest_lane_comes_next", 3),
    ("mb_3_messages_of_a_sender_keep_their_order", 4),
    ("mb_7_no_wake_up_is_lost", 2),
    ("mb_9_a_closed_mailbox_refuses_with_the_message", 2),
    ("mb_10_a_message_past_its_deadline_is_not_delivered", 2),
];

/// MB-1, MB-2, MB-3, MB-7, MB-9, MB-10: five faults are found in the rules that they break, each shrunk to the least number of
/// steps.
///
/// Engine: sequential
#[test]
fn five_faults_are_named_with_minimal_cases() {
    let report = judge_mailbox::<adapters::Wrong>();
    assert_eq!(report.broken_rules(), ["MB-1", "MB-2", "MB-3", "MB-7", "MB-9", "MB-10"], "{report}");
    assert!(!report.all_hold());
    for (name, least) in BROKEN {
        match report.verdict(name) {
            Some(Verdict::Broken(found)) => assert_eq!(found.steps.len(), least, "{name}\n{found}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

/// MB-1, MB-2, MB-3, MB-7, MB-9, MB-10: the shortest cases, written down, break the same clauses again, and no other one; a turn
/// among messages of one sender is both of MB-2 and of MB-3.
///
/// Engine: sequential
#[test]
fn the_minimal_cases_replay() {
    let beginning = |capacity, eager| Parameters {
        capacity,
        policy: Policy::Reject,
        aging: None,
        thresholds: (700, 900),
        eager,
    };
    let (one, two, timed) = (beginning(1, false), beginning(2, false), beginning(1, true));
    let turns = (beginning(2, true), vec![Step::TrySend(PLAIN), Step::TrySend(PLAIN), Step::TryReceive]);
    let of_both = "mb_3_messages_of_a_sender_keep_their_order";
    let brief = Step::TrySend(Post { ttl: Some(0), ..PLAIN });
    let cases: [(Parameters, Vec<Step>); 6] = [
        (one, vec![Step::TrySend(PLAIN); 2]),
        turns,
        (two, vec![Step::TrySend(PLAIN), Step::TrySend(PLAIN), Step::TryReceive, Step::TryReceive]),
        (one, vec![Step::Receive, Step::CloseBySender]),
        (one, vec![Step::CloseBySender, Step::TrySend(PLAIN)]),
        (timed, vec![brief, Step::TryReceive]),
    ];
    for (index, (parameters, steps)) in cases.iter().enumerate() {
        for (other, (name, _)) in BROKEN.iter().enumerate() {
            let broken = replay_mailbox::<adapters::Wrong>(name, *parameters, steps);
            let breaks = index == other || (index == 1 && *name == of_both);
            assert_eq!(broken.broken().is_some(), breaks, "{name} by {steps:?}: {broken:?}");
        }
    }
}

/// MB-1: an adapter that supports nothing is not judged, and that is no success.
///
/// Engine: sequential
#[test]
fn an_adapter_that_supports_nothing_is_no_success() {
    let report = judge_mailbox::<adapters::Nothing>();
    assert!(!report.some_rule_applies() && !report.all_hold());
    assert!(report.to_string().ends_with("no rule applies\n"), "{report}");
}

/// CH-1, CH-3, CH-8: three faults of a chain of headers are found in the clauses that they break, each shrunk; what else applies
/// holds.
///
/// Engine: sequential
#[test]
fn three_faults_of_a_chain_are_named_with_minimal_cases() {
    let report = judge_chain_store::<headers::WrongHeaders>();
    let broken = [
        ("ch_1_a_block_enters_only_one_above_its_parent", 1),
        ("ch_3_the_tip_is_the_longest_chain_of_the_smallest_root", 2),
        ("ch_3_the_tip_does_not_depend_on_the_order", 3),
        ("ch_8_a_reopened_store_is_as_it_was", 2),
    ];
    for (clause, verdict) in &report.verdicts {
        match (verdict, broken.iter().find(|(name, _)| *name == clause.name)) {
            (Verdict::Broken(found), Some((name, least))) => {
                assert_eq!(found.steps.len(), *least, "{name}\n{found}");
            }
            (verdict, None) => assert!(verdict.holds() || !verdict.applies(), "{report}"),
            (verdict, Some((name, _))) => panic!("{name}: {verdict}"),
        }
    }
}
