//! The macro that makes tests of the clauses.

/// Makes one test of every clause about sync engines, and one that fails when none applies.
///
/// A test fails when its clause applies and does not hold; where it does not apply, it passes and the reason is printed.
#[macro_export]
macro_rules! sync_tests {
    ($subject:ty) => {
        #[test]
        fn some_rule_applies() {
            $crate::sync::expect_some_sync_rule_applies::<$subject>();
        }

        #[test]
        fn sy_1_it_reaches_the_honest_tip() {
            $crate::sync::expect_sync_clause::<$subject>("sy_1_it_reaches_the_honest_tip");
        }

        #[test]
        fn sy_1_at_a_fresh_tip_it_says_so() {
            $crate::sync::expect_sync_clause::<$subject>("sy_1_at_a_fresh_tip_it_says_so");
        }

        #[test]
        fn sy_2_the_tip_never_goes_down() {
            $crate::sync::expect_sync_clause::<$subject>("sy_2_the_tip_never_goes_down");
        }

        #[test]
        fn sy_3_blocks_enter_behind_their_parents() {
            $crate::sync::expect_sync_clause::<$subject>("sy_3_blocks_enter_behind_their_parents");
        }

        #[test]
        fn sy_3_no_block_enters_twice() {
            $crate::sync::expect_sync_clause::<$subject>("sy_3_no_block_enters_twice");
        }

        #[test]
        fn sy_3_only_certified_blocks_enter() {
            $crate::sync::expect_sync_clause::<$subject>("sy_3_only_certified_blocks_enter");
        }

        #[test]
        fn sy_4_synced_is_said_only_where_it_holds() {
            $crate::sync::expect_sync_clause::<$subject>("sy_4_synced_is_said_only_where_it_holds");
        }

        #[test]
        fn sy_4_synced_is_said_wherever_it_holds() {
            $crate::sync::expect_sync_clause::<$subject>("sy_4_synced_is_said_wherever_it_holds");
        }

        #[test]
        fn sy_4_an_empty_answer_is_no_tip() {
            $crate::sync::expect_sync_clause::<$subject>("sy_4_an_empty_answer_is_no_tip");
        }

        #[test]
        fn sy_4_a_minority_of_liars_is_not_believed() {
            $crate::sync::expect_sync_clause::<$subject>("sy_4_a_minority_of_liars_is_not_believed");
        }

        #[test]
        fn sy_5_the_gate_is_closed_while_no_target_is_known() {
            $crate::sync::expect_sync_clause::<$subject>("sy_5_the_gate_is_closed_while_no_target_is_known");
        }

        #[test]
        fn sy_5_the_gate_is_held_to_both_limits() {
            $crate::sync::expect_sync_clause::<$subject>("sy_5_the_gate_is_held_to_both_limits");
        }

        #[test]
        fn sy_5_at_genesis_a_sample_opens_the_gate() {
            $crate::sync::expect_sync_clause::<$subject>("sy_5_at_genesis_a_sample_opens_the_gate");
        }

        #[test]
        fn sy_5_a_claim_does_not_move_the_target() {
            $crate::sync::expect_sync_clause::<$subject>("sy_5_a_claim_does_not_move_the_target");
        }

        #[test]
        fn sy_6_what_has_entered_is_not_asked_for_again() {
            $crate::sync::expect_sync_clause::<$subject>("sy_6_what_has_entered_is_not_asked_for_again");
        }

        #[test]
        fn sy_6_a_bad_block_is_asked_of_somebody_else() {
            $crate::sync::expect_sync_clause::<$subject>("sy_6_a_bad_block_is_asked_of_somebody_else");
        }

        #[test]
        fn sy_7_who_has_failed_is_left_alone() {
            $crate::sync::expect_sync_clause::<$subject>("sy_7_who_has_failed_is_left_alone");
        }

        #[test]
        fn sy_7_a_breaker_lets_one_probe_through() {
            $crate::sync::expect_sync_clause::<$subject>("sy_7_a_breaker_lets_one_probe_through");
        }

        #[test]
        fn sy_7_a_breaker_half_opens() {
            $crate::sync::expect_sync_clause::<$subject>("sy_7_a_breaker_half_opens");
        }

        #[test]
        fn sy_7_a_provable_liar_is_banned() {
            $crate::sync::expect_sync_clause::<$subject>("sy_7_a_provable_liar_is_banned");
        }

        #[test]
        fn sy_7_a_ban_ends() {
            $crate::sync::expect_sync_clause::<$subject>("sy_7_a_ban_ends");
        }

        #[test]
        fn sy_7_nothing_else_bans() {
            $crate::sync::expect_sync_clause::<$subject>("sy_7_nothing_else_bans");
        }

        #[test]
        fn sy_7_a_score_falls_within_its_bounds() {
            $crate::sync::expect_sync_clause::<$subject>("sy_7_a_score_falls_within_its_bounds");
        }

        #[test]
        fn sy_8_equal_peers_share_the_load() {
            $crate::sync::expect_sync_clause::<$subject>("sy_8_equal_peers_share_the_load");
        }

        #[test]
        fn sy_9_a_restart_goes_on_from_what_is_durable() {
            $crate::sync::expect_sync_clause::<$subject>("sy_9_a_restart_goes_on_from_what_is_durable");
        }

        #[test]
        fn sy_10_every_request_ends_by_its_deadline() {
            $crate::sync::expect_sync_clause::<$subject>("sy_10_every_request_ends_by_its_deadline");
        }

        #[test]
        fn sy_10_what_is_not_answered_is_asked_of_somebody_else() {
            $crate::sync::expect_sync_clause::<$subject>(
                "sy_10_what_is_not_answered_is_asked_of_somebody_else",
            );
        }

        #[test]
        fn sy_10_blocks_in_flight_are_bounded() {
            $crate::sync::expect_sync_clause::<$subject>("sy_10_blocks_in_flight_are_bounded");
        }

        #[test]
        fn sy_10_a_late_answer_changes_nothing() {
            $crate::sync::expect_sync_clause::<$subject>("sy_10_a_late_answer_changes_nothing");
        }

        #[test]
        fn wr_5_a_malformed_frame_costs_its_sender_the_connection() {
            $crate::sync::expect_sync_clause::<$subject>(
                "wr_5_a_malformed_frame_costs_its_sender_the_connection",
            );
        }
    };
}
