//! One named test per clause.

/// Makes one test of every clause about mailboxes, and one that fails when none applies.
///
/// A test fails when its clause is broken, masked by another one or not reached; where it does not apply, it passes and the
/// reason is printed.
#[macro_export]
macro_rules! mailbox_tests {
    ($subject:ty) => {
        #[test]
        fn some_rule_applies() {
            $crate::expect_some_rule_applies::<$subject>();
        }

        #[test]
        fn mb_1_capacity_is_never_exceeded() {
            $crate::expect_clause::<$subject>("mb_1_capacity_is_never_exceeded");
        }

        #[test]
        fn mb_1_capacity_zero_is_refused() {
            $crate::expect_clause::<$subject>("mb_1_capacity_zero_is_refused");
        }

        #[test]
        fn mb_2_the_oldest_of_the_highest_lane_comes_next() {
            $crate::expect_clause::<$subject>("mb_2_the_oldest_of_the_highest_lane_comes_next");
        }

        #[test]
        fn mb_3_messages_of_a_sender_keep_their_order() {
            $crate::expect_clause::<$subject>("mb_3_messages_of_a_sender_keep_their_order");
        }

        #[test]
        fn mb_4_a_full_mailbox_does_what_its_policy_says() {
            $crate::expect_clause::<$subject>("mb_4_a_full_mailbox_does_what_its_policy_says");
        }

        #[test]
        fn mb_5_nothing_vanishes_and_nothing_comes_twice() {
            $crate::expect_clause::<$subject>("mb_5_nothing_vanishes_and_nothing_comes_twice");
        }

        #[test]
        fn mb_6_the_backpressure_state_is_right() {
            $crate::expect_clause::<$subject>("mb_6_the_backpressure_state_is_right");
        }

        #[test]
        fn mb_7_no_wake_up_is_lost() {
            $crate::expect_clause::<$subject>("mb_7_no_wake_up_is_lost");
        }

        #[test]
        fn mb_7_a_dropped_future_leaves_nothing_behind() {
            $crate::expect_clause::<$subject>("mb_7_a_dropped_future_leaves_nothing_behind");
        }

        #[test]
        fn mb_7_room_admits_a_waiting_message_at_once() {
            $crate::expect_clause::<$subject>("mb_7_room_admits_a_waiting_message_at_once");
        }

        #[test]
        fn mb_8_nobody_overtakes_a_waiting_sender() {
            $crate::expect_clause::<$subject>("mb_8_nobody_overtakes_a_waiting_sender");
        }

        #[test]
        fn mb_8_waiting_senders_are_admitted_in_order() {
            $crate::expect_clause::<$subject>("mb_8_waiting_senders_are_admitted_in_order");
        }

        #[test]
        fn mb_9_a_closed_mailbox_refuses_with_the_message() {
            $crate::expect_clause::<$subject>("mb_9_a_closed_mailbox_refuses_with_the_message");
        }

        #[test]
        fn mb_9_what_was_accepted_comes_before_the_end() {
            $crate::expect_clause::<$subject>("mb_9_what_was_accepted_comes_before_the_end");
        }

        #[test]
        fn mb_9_a_dropped_receiver_drains_the_queue() {
            $crate::expect_clause::<$subject>("mb_9_a_dropped_receiver_drains_the_queue");
        }

        #[test]
        fn mb_10_a_message_past_its_deadline_is_not_delivered() {
            $crate::expect_clause::<$subject>("mb_10_a_message_past_its_deadline_is_not_delivered");
        }

        #[test]
        fn mb_11_an_aged_lane_has_its_turn() {
            $crate::expect_clause::<$subject>("mb_11_an_aged_lane_has_its_turn");
        }

        #[test]
        fn mb_13_the_counters_are_right() {
            $crate::expect_clause::<$subject>("mb_13_the_counters_are_right");
        }
    };
}
