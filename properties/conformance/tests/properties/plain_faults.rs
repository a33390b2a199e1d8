//! The kit on a plain mailbox: what is right holds whatever it does when full, and each fault belongs to the clauses that speak of it.

use alys_conformance::{court::Verdict, mailbox::judge_mailbox};

use super::plain::{
    COUNTS_NO_DELIVERY, COUNTS_WRONG_MAXIMUM, EVICTS_THE_LOWEST, EVICTS_THE_OLDEST, LOSES_BY_THE_SECOND_WAY,
    NEWEST_FIRST, PANICS_IN_THE_END, PANICS_WHEN_LOOKED_AT, PANICS_WITH_ITS_LETTERS, Plain,
    SENDS_ONLY_AND_LOSES, steps,
};

/// MB-4, MB-5: mailboxes that only evict are right; what the ledger alone judges does not apply to them.
///
/// Engine: sequential
#[test]
fn mailboxes_that_only_evict_are_right() {
    for report in [judge_mailbox::<Plain<EVICTS_THE_OLDEST>>(), judge_mailbox::<Plain<EVICTS_THE_LOWEST>>()] {
        assert!(report.all_hold(), "{report}");
        let order = report.verdict("mb_3_messages_of_a_sender_keep_their_order");
        assert!(matches!(order, Some(Verdict::NotApplicable { .. })), "{report}");
        assert!(report.verdict("mb_2_the_oldest_of_the_highest_lane_comes_next").is_some_and(Verdict::holds));
    }
}

/// MB-2, MB-3: the newest message of one sender first is a wrong order for both rules, and nothing else.
///
/// Engine: sequential
#[test]
fn the_newest_first_is_no_turn() {
    let report = judge_mailbox::<Plain<NEWEST_FIRST>>();
    assert_eq!(report.broken_rules(), ["MB-2", "MB-3"], "{report}");
    let shortest = ["TrySend(PLAIN)", "TrySend(PLAIN)", "TryReceive"].map(str::to_owned).to_vec();
    assert_eq!(steps::<NEWEST_FIRST>("mb_2_the_oldest_of_the_highest_lane_comes_next"), Some(shortest));
}

/// MB-5, MB-13: a counter that stays is wrong by both rules that speak of counters; a wrong maximum by its own alone.
///
/// Engine: sequential
#[test]
fn wrong_counters_are_not_right() {
    let report = judge_mailbox::<Plain<COUNTS_NO_DELIVERY>>();
    assert_eq!(report.broken_rules(), ["MB-5", "MB-13"], "{report}");
    let report = judge_mailbox::<Plain<COUNTS_WRONG_MAXIMUM>>();
    assert_eq!(report.broken_rules(), ["MB-13"], "{report}");
}

/// MB-5: a panic while it is looked at, asked for its letters or dropped belongs to MB-5 and to no other rule.
///
/// Engine: sequential
#[test]
fn a_panic_belongs_to_one_rule() {
    let reports = [
        judge_mailbox::<Plain<PANICS_WHEN_LOOKED_AT>>(),
        judge_mailbox::<Plain<PANICS_WITH_ITS_LETTERS>>(),
        judge_mailbox::<Plain<PANICS_IN_THE_END>>(),
    ];
    for report in reports {
        assert_eq!(report.broken_rules(), ["MB-5"], "{report}");
        match report.verdict("mb_5_nothing_vanishes_and_nothing_comes_twice") {
            Some(Verdict::Broken(found)) => {
                assert_eq!(found.steps, ["TrySend(PLAIN)", "TrySend(PLAIN)"], "{report}");
                assert!(found.message.contains("panics"), "{report}");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// MB-5: the shortest case calls nothing that the capabilities leave out: neither a call nor a way of it.
///
/// Engine: sequential
#[test]
fn the_shortest_case_keeps_to_the_capabilities() {
    let lost = "mb_5_nothing_vanishes_and_nothing_comes_twice";
    let sent = ["Send(PLAIN)", "Send(PLAIN)"].map(str::to_owned).to_vec();
    assert_eq!(steps::<SENDS_ONLY_AND_LOSES>(lost), Some(sent));
    let sent = vec!["Send(Post { way: 1, ..PLAIN })".to_owned()];
    assert_eq!(steps::<LOSES_BY_THE_SECOND_WAY>(lost), Some(sent));
}
