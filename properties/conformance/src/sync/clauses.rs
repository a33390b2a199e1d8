//! The clauses about sync engines, and when they apply.

use super::capabilities::SyncCapabilities;
use crate::clause::{Clause, clauses, missing};

clauses! {
    REACHES = "SY-1" "sy_1_it_reaches_the_honest_tip" 20 "While one honest peer is connected, the honest tip is reached, however many others lie.";
    SAYS = "SY-1" "sy_1_at_a_fresh_tip_it_says_so" 10 "While honest peers go on producing, it says that it is synced.";
    BACK = "SY-2" "sy_2_the_tip_never_goes_down" 20 "The height of the tip never falls.";
    PARENTS = "SY-3" "sy_3_blocks_enter_behind_their_parents" 50 "A block enters the chain only behind its parent.";
    ONCE = "SY-3" "sy_3_no_block_enters_twice" 50 "A block enters the chain once.";
    CERTIFIED = "SY-3" "sy_3_only_certified_blocks_enter" 10 "A block enters only if a peer has sent it with a certificate that is good.";
    TRUE = "SY-4" "sy_4_synced_is_said_only_where_it_holds" 50 "Synced is said only where nobody connected has shown a better tip, and ours is fresh or that of a majority.";
    TOLD = "SY-4" "sy_4_synced_is_said_wherever_it_holds" 20 "Synced is said wherever that is so.";
    EMPTY = "SY-4" "sy_4_an_empty_answer_is_no_tip" 10 "An empty answer does not make it say that it is synced.";
    MINORITY = "SY-4" "sy_4_a_minority_of_liars_is_not_believed" 20 "While more than half of the peers are honest, it does not say that it is synced at an old tip of others.";
    UNKNOWN = "SY-5" "sy_5_the_gate_is_closed_while_no_target_is_known" 20 "The gate is closed while the highest tip that was shown is neither fresh nor that of a majority.";
    LIMITS = "SY-5" "sy_5_the_gate_is_held_to_both_limits" 20 "With a known target, the gate is open exactly when the lag is within both limits, the relative one and the absolute one.";
    GENESIS = "SY-5" "sy_5_at_genesis_a_sample_opens_the_gate" 20 "Where genesis is the target, the gate is open exactly when as many peers as a sample has are at genesis, or the operator says so.";
    CLAIM = "SY-5" "sy_5_a_claim_does_not_move_the_target" 20 "What a peer says of its tip, and has not shown, changes neither the gate nor what is said, and nothing is asked for above what was shown.";
    RESUMES = "SY-6" "sy_6_what_has_entered_is_not_asked_for_again" 10 "After a bad block the sync goes on at its height, and the blocks before it stay.";
    ELSEWHERE = "SY-6" "sy_6_a_bad_block_is_asked_of_somebody_else" 10 "A height at which a block was bad or missing is asked of somebody else, where there is an honest peer.";
    ALONE = "SY-7" "sy_7_who_has_failed_is_left_alone" 20 "A peer that has failed is not asked before its backoff is over, which doubles up to its bound and ends by success.";
    BREAKER = "SY-7" "sy_7_a_breaker_lets_one_probe_through" 5 "After enough failures a peer is not asked until its breaker half-opens, and then by one request until that has ended.";
    HALF_OPEN = "SY-7" "sy_7_a_breaker_half_opens" 5 "A peer that stays connected is asked again, whatever it has done.";
    BANNED = "SY-7" "sy_7_a_provable_liar_is_banned" 5 "Who has told enough provable lies is banned at once, for the time that is configured.";
    UNBANNED = "SY-7" "sy_7_a_ban_ends" 5 "Who comes back after a ban stays connected and is asked.";
    NO_BAN = "SY-7" "sy_7_nothing_else_bans" 20 "Noise, silence, empty answers and refusals never ban.";
    SCORE = "SY-7" "sy_7_a_score_falls_within_its_bounds" 20 "A score is from 0 to 1000, and a failure lowers it.";
    SHARED = "SY-8" "sy_8_equal_peers_share_the_load" 5 "Of eight equal peers three quarters are used, and the mean load is seven tenths of the largest.";
    RESTARTED = "SY-9" "sy_9_a_restart_goes_on_from_what_is_durable" 10 "After a restart the tip is what it was, and nothing up to it is downloaded again.";
    DEADLINE = "SY-10" "sy_10_every_request_ends_by_its_deadline" 10 "A request that is not answered is given up by its deadline.";
    INSTEAD = "SY-10" "sy_10_what_is_not_answered_is_asked_of_somebody_else" 10 "What was not answered in time is asked of somebody else, where there is an honest peer.";
    FLIGHT = "SY-10" "sy_10_blocks_in_flight_are_bounded" 50 "Requests ask for no more blocks than a batch may have, and all together, with those that wait to enter, for no more than may be in flight.";
    LATE = "SY-10" "sy_10_a_late_answer_changes_nothing" 10 "An answer to a request that was given up changes nothing.";
    NOISE = "WR-5" "wr_5_a_malformed_frame_costs_its_sender_the_connection" 10 "Who sends what cannot be decoded is disconnected at once, and nobody else is.";
}

/// Says which capability is missing, if one is.
pub type SyncMissing = fn(&SyncCapabilities) -> Option<&'static str>;

/// A clause about sync engines, and when it applies.
#[derive(Clone, Copy, Debug)]
pub struct SyncClause {
    /// What is judged.
    pub clause: &'static Clause,
    /// The capability that is missing, if it does not apply.
    pub missing: SyncMissing,
}

/// Every clause about sync engines, in the order of the rules.
#[must_use]
pub fn sync_clauses() -> Vec<SyncClause> {
    let all: [(&'static Clause, SyncMissing); 30] = [
        (&REACHES, lacks_sync),
        (&SAYS, lacks_state),
        (&BACK, lacks_sync),
        (&PARENTS, lacks_entered),
        (&ONCE, lacks_entered),
        (&CERTIFIED, lacks_entered),
        (&TRUE, lacks_state),
        (&TOLD, lacks_state),
        (&EMPTY, lacks_state),
        (&MINORITY, lacks_state),
        (&UNKNOWN, lacks_gate),
        (&LIMITS, |able| lacks_gate(able).or(missing(able.held, "way to begin with blocks"))),
        (&GENESIS, lacks_gate),
        (&CLAIM, lacks_sync),
        (&RESUMES, lacks_sync),
        (&ELSEWHERE, lacks_sync),
        (&ALONE, |able| lacks_sync(able).or(missing(able.backs_off, "backoff"))),
        (&BREAKER, lacks_breaker),
        (&HALF_OPEN, lacks_breaker),
        (&BANNED, lacks_bans),
        (&UNBANNED, lacks_bans),
        (&NO_BAN, lacks_bans),
        (&SCORE, |able| lacks_sync(able).or(missing(able.scores, "score"))),
        (&SHARED, |able| lacks_sync(able).or(missing(able.spreads, "load that it spreads"))),
        (&RESTARTED, |able| lacks_sync(able).or(missing(able.restarts, "way to be made again"))),
        (&DEADLINE, lacks_deadlines),
        (&INSTEAD, lacks_deadlines),
        (&FLIGHT, lacks_sync),
        (&LATE, lacks_deadlines),
        (&NOISE, |able| lacks_sync(able).or(missing(able.disconnects, "way to disconnect"))),
    ];
    all.map(|(clause, missing)| SyncClause { clause, missing }).to_vec()
}

fn lacks_sync(able: &SyncCapabilities) -> Option<&'static str> {
    missing(able.syncs, "way to sync")
}

fn lacks_entered(able: &SyncCapabilities) -> Option<&'static str> {
    lacks_sync(able).or(missing(able.entered, "word of what has entered"))
}

fn lacks_state(able: &SyncCapabilities) -> Option<&'static str> {
    lacks_sync(able).or(missing(able.says, "word for being synced"))
}

fn lacks_gate(able: &SyncCapabilities) -> Option<&'static str> {
    lacks_sync(able).or(missing(able.gate, "production gate"))
}

fn lacks_breaker(able: &SyncCapabilities) -> Option<&'static str> {
    lacks_sync(able).or(missing(able.breaker, "circuit breaker"))
}

fn lacks_bans(able: &SyncCapabilities) -> Option<&'static str> {
    lacks_sync(able).or(missing(able.bans, "ban"))
}

fn lacks_deadlines(able: &SyncCapabilities) -> Option<&'static str> {
    lacks_sync(able).or(missing(able.deadlines, "deadline"))
}
