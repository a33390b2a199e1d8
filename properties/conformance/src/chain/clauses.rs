//! The clauses about chain stores, and when they apply.

use super::capabilities::{ChainCapabilities, FinalityRule, TipRule};
use crate::clause::{Clause, clauses, missing};

clauses! {
    FITS = "CH-1" "ch_1_a_block_enters_only_one_above_its_parent" 20 "A block enters only behind a parent that is there, one above it.";
    CHOSEN = "CH-3" "ch_3_the_tip_is_the_longest_chain_of_the_smallest_root" 20 "The tip is the end of the longest chain through the final block, of several the one of the smallest root.";
    ORDER = "CH-3" "ch_3_the_tip_does_not_depend_on_the_order" 20 "The same blocks in another order have the same tip and the same final block.";
    MOVED = "CH-3" "ch_3_a_told_tip_is_taken_where_it_may_be" 20 "A tip that is told is taken where it is known and descends from the final block, on whatever fork.";
    BACKWARD = "CH-5" "ch_5_finality_never_goes_back" 10 "The final block is never replaced by one below it.";
    CROSSED = "CH-5" "ch_5_no_tip_leaves_the_final_block" 10 "No tip is taken that does not descend from the final block, the genesis at least.";
    FINAL = "CH-5" "ch_5_only_a_block_of_the_chain_becomes_final" 20 "A block becomes final only where it lies on the way to the tip.";
    MIDDLE = "CH-5" "ch_5_three_consecutive_slots_finalise_the_middle" 20 "Three blocks of one chain in consecutive slots, and nothing else, make the middle one final.";
    VOTED = "CH-5" "ch_5_no_slot_is_voted_in_twice" 20 "A vote is given only in a slot above every earlier one.";
    DUE = "CH-6" "ch_6_a_checkpoint_stands_at_every_due_height" 20 "Checkpoints stand at the final heights above 0 that the interval divides, and nowhere else.";
    BOUND = "CH-6" "ch_6_a_checkpoint_binds_its_block_and_the_one_before" 10 "A checkpoint binds its height, its block and the checkpoint before it, and stays as it is.";
    SAME = "CH-6" "ch_6_the_same_chain_has_the_same_checkpoints" 10 "The same chain with the same interval has the same checkpoints, however it came about.";
    HARMED = "CH-7" "ch_7_a_damaged_checkpoint_is_never_served" 20 "A checkpoint that is missing or of which a bit has flipped is told to be damaged, or given as it was.";
    VERIFIED = "CH-7" "ch_7_verification_names_the_first_damaged_one" 20 "A verification names the first checkpoint that is damaged, and none where all are good.";
    REBUILT = "CH-7" "ch_7_damaged_checkpoints_are_rebuilt" 10 "What is damaged of checkpoints is rebuilt as it was, where the blocks are intact.";
    SHOWN = "CH-8" "ch_8_what_is_acknowledged_is_shown" 50 "What was acknowledged is there when it is asked for, and nothing else.";
    INDEX = "CH-8" "ch_8_the_index_by_height_leads_to_the_tip" 50 "By height, the blocks on the way from the genesis to the tip are found, and none above it.";
    REFUSED = "CH-8" "ch_8_what_is_refused_changes_nothing" 20 "What is refused leaves no trace.";
    REOPENED = "CH-8" "ch_8_a_reopened_store_is_as_it_was" 20 "A store that was closed and opened again holds what it held.";
    LOST = "CH-8" "ch_8_a_crash_loses_nothing_acknowledged" 20 "When the power goes, nothing that was acknowledged is lost, and the store opens.";
    WHOLE = "CH-8" "ch_8_what_was_in_flight_is_whole_or_absent" 20 "When the power goes in the middle of a step, all of it is found afterwards or nothing.";
    EARLY = "CH-8" "ch_8_nothing_is_shown_before_it_is_durable" 20 "Where a step fails, the tip, the final block and the vote that are shown are those before it.";
}

/// Says which capability is missing, if one is.
pub type ChainMissing = fn(&ChainCapabilities) -> Option<&'static str>;

/// A clause about chain stores, and when it applies.
#[derive(Clone, Copy, Debug)]
pub struct ChainClause {
    /// What is judged.
    pub clause: &'static Clause,
    /// The capability that is missing, if it does not apply.
    pub missing: ChainMissing,
}

/// Every clause about chain stores, in the order of the rules.
#[must_use]
pub fn chain_clauses() -> Vec<ChainClause> {
    let all: [(&'static Clause, ChainMissing); 22] = [
        (&FITS, lacks_tip),
        (&CHOSEN, |able| lacks_tip(able).or(missing(able.chooses(), "tip that it chooses"))),
        (&ORDER, |able| lacks_tip(able).or(missing(able.chooses(), "tip that it chooses"))),
        (&MOVED, lacks_told_tip),
        (&BACKWARD, lacks_finality),
        (&CROSSED, |able| {
            let leaves = able.finality != FinalityRule::Genesis || !able.inserts();
            lacks_tip(able).or(missing(leaves, "finality above the genesis"))
        }),
        (&FINAL, |able| {
            lacks_tip(able).or(missing(able.finality == FinalityRule::Told, "finality that is told"))
        }),
        (&MIDDLE, |able| {
            lacks_tip(able).or(missing(able.finality == FinalityRule::Slots, "finality by slots"))
        }),
        (&VOTED, |able| lacks_tip(able).or(missing(able.votes, "vote to keep"))),
        (&DUE, lacks_checkpoints),
        (&BOUND, lacks_checkpoints),
        (&SAME, lacks_checkpoints),
        (&HARMED, lacks_harm),
        (&VERIFIED, |able| lacks_harm(able).or(missing(able.verify, "verification"))),
        (&REBUILT, |able| lacks_harm(able).or(missing(able.rebuild, "way to rebuild checkpoints"))),
        (&SHOWN, lacks_tip),
        (&INDEX, |able| lacks_tip(able).or(missing(able.index, "index by height"))),
        (&REFUSED, lacks_tip),
        (&REOPENED, |able| lacks_tip(able).or(missing(able.reopen, "way to be opened again"))),
        (&LOST, lacks_disk),
        (&WHOLE, lacks_disk),
        (&EARLY, lacks_disk),
    ];
    all.map(|(clause, missing)| ChainClause { clause, missing }).to_vec()
}

fn lacks_tip(able: &ChainCapabilities) -> Option<&'static str> {
    let by_slots = able.finality == FinalityRule::Slots && !able.chooses();
    missing(able.tip.is_some(), "tip")
        .or(missing(!by_slots, "tip that it chooses, as finality by slots needs"))
}

fn lacks_told_tip(able: &ChainCapabilities) -> Option<&'static str> {
    lacks_tip(able).or(missing(able.tip == Some(TipRule::Told), "tip that is told"))
}

fn lacks_finality(able: &ChainCapabilities) -> Option<&'static str> {
    lacks_tip(able).or(missing(able.finality != FinalityRule::Genesis, "finality above the genesis"))
}

fn lacks_checkpoints(able: &ChainCapabilities) -> Option<&'static str> {
    lacks_finality(able).or(missing(able.checkpoints, "checkpoints"))
}

fn lacks_harm(able: &ChainCapabilities) -> Option<&'static str> {
    lacks_checkpoints(able).or(missing(able.harm, "way to damage a checkpoint"))
}

fn lacks_disk(able: &ChainCapabilities) -> Option<&'static str> {
    lacks_tip(able).or(missing(able.disk, "disk of the kit to lie on"))
}
