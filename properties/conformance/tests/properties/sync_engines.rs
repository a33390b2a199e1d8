//! The kit on sync engines: a plain one obeys every clause, each of its faults is found, and every clause is broken by one.

use std::collections::BTreeSet;

use alys_conformance::{
    court::{Replayed, Verdict},
    sync::{
        Behaviour, PLAIN_START, SyncCapabilities, SyncCommand, SyncEvent, SyncParameters, SyncStart,
        SyncStep, SyncSubject, SyncTip, SyncUnderTest, judge_sync, judge_sync_subject, replay_sync,
        sync_clauses,
    },
};
use alys_properties::sequential::announce;

use super::{plain_sync::PlainSync, plain_sync_faults::*};

/// An engine with a fault, and the clause that says so.
type Planted = (&'static str, fn() -> SyncSubject, &'static str);

/// The engines with these faults.
macro_rules! planted {
    ($($fault:ident $clause:literal;)*) => {
        [$((stringify!($fault), SyncSubject::of::<PlainSync<$fault>> as fn() -> SyncSubject, $clause)),*]
    };
}

const PLANTED: [Planted; 70] = planted! {
    NEVER_WALKS_BACK "sy_1_it_reaches_the_honest_tip";
    STOPS_ONE_BEFORE "sy_1_it_reaches_the_honest_tip";
    ASKS_ONCE "sy_1_at_a_fresh_tip_it_says_so";
    TAKES_ANY_TIP "sy_2_the_tip_never_goes_down";
    TAKES_ORPHANS "sy_3_blocks_enter_behind_their_parents";
    TOP_FIRST "sy_3_blocks_enter_behind_their_parents";
    ENTERS_THE_TIP_AGAIN "sy_3_no_block_enters_twice";
    ENTERS_UNCERTIFIED "sy_3_only_certified_blocks_enter";
    SAYS_WITHOUT_A_SAMPLE "sy_4_synced_is_said_only_where_it_holds";
    HALF_IS_A_MAJORITY "sy_4_synced_is_said_only_where_it_holds";
    FRESHNESS_ALONE "sy_4_synced_is_said_wherever_it_holds";
    FRESH_ONE_LESS "sy_4_synced_is_said_wherever_it_holds";
    EMPTY_IS_THE_END "sy_4_an_empty_answer_is_no_tip";
    COUNTS_WHO_HAS_SHOWN "sy_4_a_minority_of_liars_is_not_believed";
    COUNTS_WHO_HAS_SHOWN "sy_4_synced_is_said_only_where_it_holds";
    BELIEVES_ANY_TARGET "sy_5_the_gate_is_closed_while_no_target_is_known";
    RELATIVE_ALONE "sy_5_the_gate_is_held_to_both_limits";
    ABSOLUTE_ALONE "sy_5_the_gate_is_held_to_both_limits";
    RELATIVE_BELOW "sy_5_the_gate_is_held_to_both_limits";
    ONE_AT_GENESIS "sy_5_at_genesis_a_sample_opens_the_gate";
    TARGET_FROM_A_CLAIM "sy_5_a_claim_does_not_move_the_target";
    BATCH_FROM_ITS_START "sy_6_what_has_entered_is_not_asked_for_again";
    WAITS_FOR_THE_LIAR "sy_6_a_bad_block_is_asked_of_somebody_else";
    NO_BACKOFF "sy_7_who_has_failed_is_left_alone";
    BACKOFF_STAYS "sy_7_who_has_failed_is_left_alone";
    NO_BREAKER "sy_7_a_breaker_lets_one_probe_through";
    PROBES_AT_WILL "sy_7_a_breaker_lets_one_probe_through";
    NEVER_HALF_OPENS "sy_7_a_breaker_half_opens";
    NEVER_BANS "sy_7_a_provable_liar_is_banned";
    BANS_ONE_LATE "sy_7_a_provable_liar_is_banned";
    BANS_TOO_SHORT "sy_7_a_provable_liar_is_banned";
    BANS_FOR_GOOD "sy_7_a_ban_ends";
    IGNORES_WHO_WAS_BANNED "sy_7_a_ban_ends";
    BANS_FOR_NOISE "sy_7_nothing_else_bans";
    BANS_FOR_SILENCE "sy_7_nothing_else_bans";
    SCORES_BELOW_ZERO "sy_7_a_score_falls_within_its_bounds";
    EMPTY_COSTS_NOTHING "sy_7_a_score_falls_within_its_bounds";
    ASKS_THE_FIRST "sy_8_equal_peers_share_the_load";
    FORGETS_THE_LAST "sy_9_a_restart_goes_on_from_what_is_durable";
    STARTS_OVER "sy_9_a_restart_goes_on_from_what_is_durable";
    NO_STATUS_DEADLINE "sy_10_every_request_ends_by_its_deadline";
    DEADLINE_TWICE "sy_10_every_request_ends_by_its_deadline";
    WAITS_FOR_THE_LATE "sy_10_what_is_not_answered_is_asked_of_somebody_else";
    ONE_TOO_MANY "sy_10_blocks_in_flight_are_bounded";
    ASKS_ALL_AT_ONCE "sy_10_blocks_in_flight_are_bounded";
    TAKES_LATE_ANSWERS "sy_10_a_late_answer_changes_nothing";
    KEEPS_THE_NOISY "wr_5_a_malformed_frame_costs_its_sender_the_connection";
    NOISE_COSTS_ALL "wr_5_a_malformed_frame_costs_its_sender_the_connection";
    ASKS_ONCE "sy_7_a_breaker_half_opens";
    DEADLINE_ONE_LATE "sy_10_every_request_ends_by_its_deadline";
    BACKOFF_ONE_SHORT "sy_7_who_has_failed_is_left_alone";
    BREAKER_ONE_SHORT "sy_7_a_breaker_lets_one_probe_through";
    BREAKER_ONE_MORE "sy_7_a_breaker_lets_one_probe_through";
    SCORES_ABOVE "sy_7_a_score_falls_within_its_bounds";
    SCORE_STAYS "sy_7_a_score_falls_within_its_bounds";
    GENESIS_NEVER "sy_5_at_genesis_a_sample_opens_the_gate";
    LAG_ONE_LESS "sy_5_the_gate_is_held_to_both_limits";
    SAMPLE_ONE_LESS "sy_4_synced_is_said_only_where_it_holds";
    MAJORITY_OF_ALL "sy_4_synced_is_said_wherever_it_holds";
    KEEPS_THE_GONE "sy_7_who_has_failed_is_left_alone";
    REUSES_NUMBERS "sy_10_a_late_answer_changes_nothing";
    HOLDS_BLOCKS "sy_10_blocks_in_flight_are_bounded";
    BELIEVES_CLAIMS "sy_5_a_claim_does_not_move_the_target";
    BELIEVES_CLAIMS "sy_4_synced_is_said_only_where_it_holds";
    USES_FIVE "sy_8_equal_peers_share_the_load";
    FORGED_IS_NO_LIE "sy_7_a_provable_liar_is_banned";
    UNLINKED_IS_NO_LIE "sy_7_a_provable_liar_is_banned";
    OVERSIZED_IS_NO_LIE "sy_7_a_provable_liar_is_banned";
    BAD_CERTIFICATE_IS_NO_LIE "sy_7_a_provable_liar_is_banned";
    LEANS_ON_ONE "sy_8_equal_peers_share_the_load";
};

/// SY-1 to SY-10, WR-5: one test each.
///
/// Engine: sequential
mod plain {
    use super::{NOTHING, PlainSync};

    alys_conformance::sync_tests!(PlainSync<NOTHING>);
}

/// SY-1 to SY-10, WR-5: each planted fault breaks the clause that speaks of it, in a case that was shrunk.
///
/// Engine: sequential
#[test]
fn planted_faults_of_an_engine_are_found() {
    let mut offences = Vec::new();
    for (fault, subject, name) in PLANTED {
        let clause = sync_clauses().into_iter().find(|clause| clause.clause.name == name);
        match judge_sync_subject(&subject(), &clause.expect("a clause of this name")) {
            Verdict::Broken(found) => {
                announce(&format!("{fault}: {name} in {} steps", found.steps.len()));
                if found.steps.len() > 6 {
                    offences.push(format!("{fault} is not shrunk:\n{found}"));
                }
            }
            other => offences.push(format!("{fault}: {name}: {other}")),
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

/// SY-1 to SY-10, WR-5: there is no clause that no planted fault breaks.
///
/// Engine: sequential
#[test]
fn every_clause_is_broken_by_a_planted_fault() {
    let broken: BTreeSet<&str> = PLANTED.iter().map(|(_, _, clause)| *clause).collect();
    let all: BTreeSet<&str> = sync_clauses().iter().map(|clause| clause.clause.name).collect();
    assert_eq!(broken, all);
}

/// What a case with a peer of each kind meets beside an honest one, so that players do what they say.
const PLAYED: [(Behaviour, &str); 14] = [
    (Behaviour::Honest, "sy_1_it_reaches_the_honest_tip"),
    (Behaviour::Stale, "sy_4_a_minority_of_liars_is_not_believed"),
    (Behaviour::Empty, "sy_4_an_empty_answer_is_no_tip"),
    (Behaviour::BadCertificate, "sy_3_only_certified_blocks_enter"),
    (Behaviour::BadCertificate, "sy_6_what_has_entered_is_not_asked_for_again"),
    (Behaviour::Unlinked, "sy_6_a_bad_block_is_asked_of_somebody_else"),
    (Behaviour::Oversized, "sy_7_a_score_falls_within_its_bounds"),
    (Behaviour::ClaimsTooHigh, "sy_5_a_claim_does_not_move_the_target"),
    (Behaviour::ForgedTip, "sy_7_a_provable_liar_is_banned"),
    (Behaviour::Silent, "sy_10_every_request_ends_by_its_deadline"),
    (Behaviour::Withholds, "sy_10_what_is_not_answered_is_asked_of_somebody_else"),
    (Behaviour::Late, "sy_10_a_late_answer_changes_nothing"),
    (Behaviour::Garbles, "wr_5_a_malformed_frame_costs_its_sender_the_connection"),
    (Behaviour::Refuses, "sy_7_who_has_failed_is_left_alone"),
];

/// SY-1 to SY-10, WR-5: each kind of peer brings about the situation that it is there for, and the plain engine is right in it.
///
/// Engine: sequential
#[test]
fn peers_do_what_they_say() {
    for (behaviour, name) in PLAYED {
        let steps = [
            SyncStep::Join(9, behaviour),
            SyncStep::Pass(100),
            SyncStep::Join(0, Behaviour::Honest),
            SyncStep::Join(1, Behaviour::Honest),
            SyncStep::Pass(12_000),
            SyncStep::Settle,
        ];
        assert_eq!(replay_sync::<PlainSync<NOTHING>>(name, LONG, &steps), Replayed::Held, "{behaviour:?}");
    }
}

/// Two batches, and a tip that is not fresh.
const LONG: SyncStart = SyncStart { height: 16, age: 100, ..PLAIN_START };

/// SY-1, SY-3, SY-9: a case breaks its clause, is ended by another one, or never meets its situation; what is not judged does not
/// hold.
///
/// Engine: sequential
#[test]
fn a_case_says_what_it_judged() {
    let (reaches, certified) = ("sy_1_it_reaches_the_honest_tip", "sy_3_only_certified_blocks_enter");
    let replay = replay_sync::<PlainSync<STOPS_ONE_BEFORE>>;
    let broken = replay(reaches, PLAIN_START, &[SyncStep::Settle]);
    assert_eq!(broken.broken(), Some("the tip is at height 11, and should be the honest one at 12"));
    let lied = [SyncStep::Join(0, Behaviour::BadCertificate), SyncStep::Pass(1_000), SyncStep::Settle];
    let ended = replay_sync::<PlainSync<ENTERS_UNCERTIFIED>>(reaches, PLAIN_START, &lied);
    assert!(matches!(ended, Replayed::EndedBy { clause, .. } if clause == certified), "{ended:?}");
    let restarted = "sy_9_a_restart_goes_on_from_what_is_durable";
    let plain = replay_sync::<PlainSync<NOTHING>>;
    assert_eq!(plain(restarted, PLAIN_START, &[SyncStep::Restart]), Replayed::NotMet);
    assert_eq!(plain(restarted, PLAIN_START, &[]), Replayed::NotMet);
    let missing = Replayed::NotApplicable { missing: "way to sync" };
    assert_eq!(replay_sync::<Idle<0>>(restarted, PLAIN_START, &[]), missing);
}

/// An engine that does nothing: with 0 it supports nothing, with 1 it says that it does everything, with 2 it panics.
struct Idle<const KIND: usize>(SyncTip);

impl<const KIND: usize> SyncUnderTest for Idle<KIND> {
    fn name() -> String {
        "idle".to_owned()
    }

    fn capabilities() -> SyncCapabilities {
        if KIND == 0 { SyncCapabilities::NONE } else { SyncCapabilities::ALL }
    }

    fn cases() -> u32 {
        20
    }

    fn make(parameters: &SyncParameters) -> Result<Self, String> {
        Ok(Idle(parameters.held.last().unwrap_or(&parameters.genesis).tip()))
    }

    fn handle(&mut self, event: &SyncEvent, _: u64) -> Vec<SyncCommand> {
        assert!(KIND != 2 || *event == SyncEvent::Tick, "nobody may join");
        Vec::new()
    }

    fn next_wakeup(&self) -> Option<u64> {
        None
    }

    fn head(&self) -> SyncTip {
        self.0
    }
}

/// SY-1: an engine that can do nothing is no success; one that does nothing breaks the rules, and nothing is said to hold that
/// it never came to; one that panics breaks what always applies.
///
/// Engine: sequential
#[test]
fn an_engine_that_does_nothing_is_no_success() {
    let report = judge_sync::<Idle<0>>();
    assert!(!report.some_rule_applies() && !report.all_hold(), "{report}");
    let report = judge_sync::<Idle<1>>();
    assert!(report.broken_rules().starts_with(&["SY-1"]), "{report}");
    let acts = ["SY-2", "SY-3", "SY-6", "SY-8", "SY-9"];
    let held =
        report.verdicts.iter().filter(|(clause, verdict)| acts.contains(&clause.rule) && verdict.holds());
    assert_eq!(held.count(), 0, "{report}");
    let report = judge_sync::<Idle<2>>();
    match report.verdict("sy_1_it_reaches_the_honest_tip") {
        Some(Verdict::Broken(found)) => assert!(found.message.contains("panics: nobody may join"), "{found}"),
        other => panic!("{other:?}"),
    }
}
