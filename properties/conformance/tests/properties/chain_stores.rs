//! The kit on chain stores: a plain one obeys every clause, each of its faults is found, and every clause is broken by one.

use std::collections::BTreeSet;

use alys_conformance::{
    adapters::BdkLocalChain,
    chain::{
        Act, ChainCapabilities, ChainParameters, ChainStep, ChainStoreUnderTest, ChainSubject, ChainTip,
        Offer, chain_clauses, judge_chain_store, judge_chain_subject, replay_chain_store,
    },
    court::{Replayed, Verdict},
};
use alys_properties::sequential::announce;

use super::{
    plain_chain::PlainChain,
    plain_chain_faults::{
        BINDS_ANOTHER_BLOCK, CHECKPOINT_AT_THE_TIP, CHOOSES_THE_LARGER_ROOT, COUNTS_INTO_CHECKPOINTS,
        DOES_NOT_SYNC, DOUBTS_THE_THIRD, ENTERS_WITH_A_GAP, ENTERS_WITHOUT_A_PARENT, FINALISES_A_FORK,
        FINALISES_BY_ARRIVAL, FINALISES_OVER_A_GAP, FINALITY_GOES_BACK, FORGETS_FORKS, FORGETS_THE_LAST,
        INDEX_KEEPS_THE_OLD, INDEX_WITHOUT_GENESIS, KEEPS_THE_REFUSED, LEAVES_THE_FINAL_BLOCK,
        MISSING_IS_NOT_DUE, NAMES_A_GOOD_ONE, NAMES_NOTHING, NOTHING, ONE_HEIGHT_OFF, READS_HALF_AN_ENTRY,
        REBUILDS_ANOTHER, REBUILDS_TOO_FEW, REFUSED_AND_MOVED, REFUSES_A_TORN_END, REFUSES_HEIGHT_THREE,
        REOPENS_WITHOUT_FINALITY, REOPENS_WITHOUT_VOTES, SERVES_DAMAGE, SHOWS_EARLY, STAYS_HIGH,
        STAYS_WITH_THE_FIRST, VERIFIES_TOO_FEW, VOTES_TOO_SELDOM, VOTES_TWICE,
    },
};

/// A store with a fault, and the clause that says so.
type Planted = (&'static str, fn() -> ChainSubject, &'static str);

/// The stores that are told, or choose, with these faults.
macro_rules! planted {
    ($($chooses:literal $fault:ident $clause:literal;)*) => {
        [$((stringify!($fault), ChainSubject::of::<PlainChain<$chooses, $fault>> as fn() -> ChainSubject, $clause)),*]
    };
}

const PLANTED: [Planted; 44] = planted! {
    false ENTERS_WITH_A_GAP "ch_1_a_block_enters_only_one_above_its_parent";
    true ENTERS_WITHOUT_A_PARENT "ch_1_a_block_enters_only_one_above_its_parent";
    true CHOOSES_THE_LARGER_ROOT "ch_3_the_tip_is_the_longest_chain_of_the_smallest_root";
    true STAYS_WITH_THE_FIRST "ch_3_the_tip_does_not_depend_on_the_order";
    true STAYS_WITH_THE_FIRST "ch_3_the_tip_is_the_longest_chain_of_the_smallest_root";
    false STAYS_HIGH "ch_3_a_told_tip_is_taken_where_it_may_be";
    false FINALITY_GOES_BACK "ch_5_finality_never_goes_back";
    false LEAVES_THE_FINAL_BLOCK "ch_5_no_tip_leaves_the_final_block";
    false FINALISES_A_FORK "ch_5_only_a_block_of_the_chain_becomes_final";
    true FINALISES_OVER_A_GAP "ch_5_three_consecutive_slots_finalise_the_middle";
    true FINALISES_BY_ARRIVAL "ch_5_three_consecutive_slots_finalise_the_middle";
    true FINALISES_BY_ARRIVAL "ch_3_the_tip_does_not_depend_on_the_order";
    false VOTES_TWICE "ch_5_no_slot_is_voted_in_twice";
    false ONE_HEIGHT_OFF "ch_6_a_checkpoint_stands_at_every_due_height";
    true CHECKPOINT_AT_THE_TIP "ch_6_a_checkpoint_stands_at_every_due_height";
    false NAMES_NOTHING "ch_6_a_checkpoint_binds_its_block_and_the_one_before";
    true BINDS_ANOTHER_BLOCK "ch_6_a_checkpoint_binds_its_block_and_the_one_before";
    true COUNTS_INTO_CHECKPOINTS "ch_6_the_same_chain_has_the_same_checkpoints";
    false SERVES_DAMAGE "ch_7_a_damaged_checkpoint_is_never_served";
    false MISSING_IS_NOT_DUE "ch_7_a_damaged_checkpoint_is_never_served";
    false VERIFIES_TOO_FEW "ch_7_verification_names_the_first_damaged_one";
    false REBUILDS_TOO_FEW "ch_7_damaged_checkpoints_are_rebuilt";
    false FORGETS_FORKS "ch_8_what_is_acknowledged_is_shown";
    false INDEX_KEEPS_THE_OLD "ch_8_the_index_by_height_leads_to_the_tip";
    false REFUSED_AND_MOVED "ch_8_what_is_refused_changes_nothing";
    true FORGETS_THE_LAST "ch_8_a_reopened_store_is_as_it_was";
    false REOPENS_WITHOUT_FINALITY "ch_8_a_reopened_store_is_as_it_was";
    true DOES_NOT_SYNC "ch_8_a_crash_loses_nothing_acknowledged";
    false DOES_NOT_SYNC "ch_8_a_crash_loses_nothing_acknowledged";
    false READS_HALF_AN_ENTRY "ch_8_what_was_in_flight_is_whole_or_absent";
    true LEAVES_THE_FINAL_BLOCK "ch_5_no_tip_leaves_the_final_block";
    true LEAVES_THE_FINAL_BLOCK "ch_3_the_tip_is_the_longest_chain_of_the_smallest_root";
    true FINALITY_GOES_BACK "ch_5_finality_never_goes_back";
    true FINALITY_GOES_BACK "ch_5_three_consecutive_slots_finalise_the_middle";
    true KEEPS_THE_REFUSED "ch_8_what_is_refused_changes_nothing";
    false REOPENS_WITHOUT_VOTES "ch_8_a_reopened_store_is_as_it_was";
    false NAMES_A_GOOD_ONE "ch_7_verification_names_the_first_damaged_one";
    false DOUBTS_THE_THIRD "ch_6_a_checkpoint_stands_at_every_due_height";
    true REFUSES_A_TORN_END "ch_8_what_was_in_flight_is_whole_or_absent";
    true REFUSES_HEIGHT_THREE "ch_1_a_block_enters_only_one_above_its_parent";
    false VOTES_TOO_SELDOM "ch_5_no_slot_is_voted_in_twice";
    true INDEX_WITHOUT_GENESIS "ch_8_the_index_by_height_leads_to_the_tip";
    false REBUILDS_ANOTHER "ch_7_damaged_checkpoints_are_rebuilt";
    false SHOWS_EARLY "ch_8_nothing_is_shown_before_it_is_durable";
};

/// CH-1, CH-3, CH-5 to CH-8: one test each.
///
/// Engine: sequential
mod told {
    use super::{NOTHING, PlainChain};

    alys_conformance::chain_store_tests!(PlainChain<false, NOTHING>);
}

/// CH-1, CH-3, CH-5 to CH-8: a plain store obeys every clause that applies to it, whether it chooses or is told, and each clause
/// applies to one of the two.
///
/// Engine: sequential
#[test]
fn a_plain_store_is_right() {
    let reports =
        [judge_chain_store::<PlainChain<false, NOTHING>>(), judge_chain_store::<PlainChain<true, NOTHING>>()];
    for report in &reports {
        assert!(report.all_hold(), "{report}");
    }
    for clause in chain_clauses() {
        let held = |report: &&_| -> bool {
            let report: &alys_conformance::report::Report = report;
            report.verdict(clause.clause.name).is_some_and(Verdict::holds)
        };
        assert!(reports.iter().any(|report| held(&report)), "{} is judged nowhere", clause.clause.name);
    }
}

/// CH-1, CH-3, CH-5 to CH-8: each planted fault breaks the clause that speaks of it, in a case that was shrunk.
///
/// Engine: sequential
#[test]
fn planted_faults_of_a_store_are_found() {
    let mut offences = Vec::new();
    for (fault, subject, name) in PLANTED {
        let clause = chain_clauses().into_iter().find(|clause| clause.clause.name == name);
        match judge_chain_subject(&subject(), &clause.expect("a clause of this name")) {
            Verdict::Broken(found) => {
                announce(&format!("{fault}: {name} in {} steps", found.steps.len()));
                if found.steps.len() > 10 {
                    offences.push(format!("{fault} is not shrunk:\n{found}"));
                }
            }
            other => offences.push(format!("{fault}: {name}: {other}")),
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

/// CH-1, CH-3, CH-5 to CH-8: there is no clause that no planted fault breaks.
///
/// Engine: sequential
#[test]
fn every_clause_is_broken_by_a_planted_fault() {
    let broken: BTreeSet<&str> = PLANTED.iter().map(|(_, _, clause)| *clause).collect();
    let all: BTreeSet<&str> = chain_clauses().iter().map(|clause| clause.clause.name).collect();
    assert_eq!(broken, all);
}

/// CH-1: the chain of a wallet takes a way with a hole, as it documents, and differs from no other clause that applies to it.
///
/// Engine: sequential
#[test]
fn the_chain_of_a_wallet_may_have_holes() {
    let report = judge_chain_store::<BdkLocalChain>();
    assert_eq!(report.broken_rules(), ["CH-1"], "{report}");
    let others = report.verdicts.iter().filter(|(clause, _)| clause.rule != "CH-1");
    assert_eq!(others.clone().filter(|(_, verdict)| verdict.holds()).count(), 6, "{report}");
    assert!(others.clone().all(|(_, verdict)| verdict.holds() || !verdict.applies()), "{report}");
    let gap = Offer { block: 1, parent: 0, height: 2, slot: 2 };
    let steps = [Act::Insert(gap), Act::Move(1)].map(ChainStep::Do);
    let name = "ch_1_a_block_enters_only_one_above_its_parent";
    assert!(replay_chain_store::<BdkLocalChain>(name, 1, &steps).broken().is_some());
    let plain = replay_chain_store::<PlainChain<false, NOTHING>>(name, 1, &steps[..1]);
    assert_eq!(plain, Replayed::Held);
    let replayed = |name| replay_chain_store::<BdkLocalChain>(name, 1, &steps);
    let other = replayed("ch_8_what_is_acknowledged_is_shown");
    assert!(matches!(other, Replayed::EndedBy { clause, .. } if clause == name), "{other:?}");
    let missing = Replayed::NotApplicable { missing: "vote to keep" };
    assert_eq!(replayed("ch_5_no_slot_is_voted_in_twice"), missing);
    let nothing =
        replay_chain_store::<BdkLocalChain>("ch_8_a_reopened_store_is_as_it_was", 1, &[ChainStep::Reopen]);
    assert_eq!(nothing, Replayed::NotMet);
}

/// Supports nothing.
struct Nothing;

impl ChainStoreUnderTest for Nothing {
    fn name() -> String {
        "nothing".to_owned()
    }

    fn capabilities() -> ChainCapabilities {
        ChainCapabilities::NONE
    }

    fn open(_: &ChainParameters) -> Result<Self, String> {
        Ok(Nothing)
    }

    fn head(&self) -> Result<ChainTip, String> {
        Err("there is none".to_owned())
    }
}

/// CH-8: a store that can do nothing is no success, and one that cannot be opened breaks what always applies.
///
/// Engine: sequential
#[test]
fn a_store_that_can_do_nothing_is_no_success() {
    let report = judge_chain_store::<Nothing>();
    assert!(!report.some_rule_applies() && !report.all_hold(), "{report}");
}
