//! The macro that makes tests of the clauses.

/// Makes one test of every clause about chain stores, and one that fails when none applies.
///
/// A test fails when its clause applies and does not hold; where it does not apply, it passes and the reason is printed.
#[macro_export]
macro_rules! chain_store_tests {
    ($subject:ty) => {
        #[test]
        fn some_rule_applies() {
            $crate::chain::expect_some_chain_rule_applies::<$subject>();
        }

        #[test]
        fn ch_1_a_block_enters_only_one_above_its_parent() {
            $crate::chain::expect_chain_clause::<$subject>("ch_1_a_block_enters_only_one_above_its_parent");
        }

        #[test]
        fn ch_3_the_tip_is_the_longest_chain_of_the_smallest_root() {
            $crate::chain::expect_chain_clause::<$subject>(
                "ch_3_the_tip_is_the_longest_chain_of_the_smallest_root",
            );
        }

        #[test]
        fn ch_3_the_tip_does_not_depend_on_the_order() {
            $crate::chain::expect_chain_clause::<$subject>("ch_3_the_tip_does_not_depend_on_the_order");
        }

        #[test]
        fn ch_3_a_told_tip_is_taken_where_it_may_be() {
            $crate::chain::expect_chain_clause::<$subject>("ch_3_a_told_tip_is_taken_where_it_may_be");
        }

        #[test]
        fn ch_5_finality_never_goes_back() {
            $crate::chain::expect_chain_clause::<$subject>("ch_5_finality_never_goes_back");
        }

        #[test]
        fn ch_5_no_tip_leaves_the_final_block() {
            $crate::chain::expect_chain_clause::<$subject>("ch_5_no_tip_leaves_the_final_block");
        }

        #[test]
        fn ch_5_only_a_block_of_the_chain_becomes_final() {
            $crate::chain::expect_chain_clause::<$subject>("ch_5_only_a_block_of_the_chain_becomes_final");
        }

        #[test]
        fn ch_5_three_consecutive_slots_finalise_the_middle() {
            $crate::chain::expect_chain_clause::<$subject>(
                "ch_5_three_consecutive_slots_finalise_the_middle",
            );
        }

        #[test]
        fn ch_5_no_slot_is_voted_in_twice() {
            $crate::chain::expect_chain_clause::<$subject>("ch_5_no_slot_is_voted_in_twice");
        }

        #[test]
        fn ch_6_a_checkpoint_stands_at_every_due_height() {
            $crate::chain::expect_chain_clause::<$subject>("ch_6_a_checkpoint_stands_at_every_due_height");
        }

        #[test]
        fn ch_6_a_checkpoint_binds_its_block_and_the_one_before() {
            $crate::chain::expect_chain_clause::<$subject>(
                "ch_6_a_checkpoint_binds_its_block_and_the_one_before",
            );
        }

        #[test]
        fn ch_6_the_same_chain_has_the_same_checkpoints() {
            $crate::chain::expect_chain_clause::<$subject>("ch_6_the_same_chain_has_the_same_checkpoints");
        }

        #[test]
        fn ch_7_a_damaged_checkpoint_is_never_served() {
            $crate::chain::expect_chain_clause::<$subject>("ch_7_a_damaged_checkpoint_is_never_served");
        }

        #[test]
        fn ch_7_verification_names_the_first_damaged_one() {
            $crate::chain::expect_chain_clause::<$subject>("ch_7_verification_names_the_first_damaged_one");
        }

        #[test]
        fn ch_7_damaged_checkpoints_are_rebuilt() {
            $crate::chain::expect_chain_clause::<$subject>("ch_7_damaged_checkpoints_are_rebuilt");
        }

        #[test]
        fn ch_8_what_is_acknowledged_is_shown() {
            $crate::chain::expect_chain_clause::<$subject>("ch_8_what_is_acknowledged_is_shown");
        }

        #[test]
        fn ch_8_the_index_by_height_leads_to_the_tip() {
            $crate::chain::expect_chain_clause::<$subject>("ch_8_the_index_by_height_leads_to_the_tip");
        }

        #[test]
        fn ch_8_what_is_refused_changes_nothing() {
            $crate::chain::expect_chain_clause::<$subject>("ch_8_what_is_refused_changes_nothing");
        }

        #[test]
        fn ch_8_a_reopened_store_is_as_it_was() {
            $crate::chain::expect_chain_clause::<$subject>("ch_8_a_reopened_store_is_as_it_was");
        }

        #[test]
        fn ch_8_a_crash_loses_nothing_acknowledged() {
            $crate::chain::expect_chain_clause::<$subject>("ch_8_a_crash_loses_nothing_acknowledged");
        }

        #[test]
        fn ch_8_what_was_in_flight_is_whole_or_absent() {
            $crate::chain::expect_chain_clause::<$subject>("ch_8_what_was_in_flight_is_whole_or_absent");
        }

        #[test]
        fn ch_8_nothing_is_shown_before_it_is_durable() {
            $crate::chain::expect_chain_clause::<$subject>("ch_8_nothing_is_shown_before_it_is_durable");
        }
    };
}
