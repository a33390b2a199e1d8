//! One named test per clause.

/// Makes one test of every clause about mailboxes, and one that fails when none applies.
///
/// A test fails when its clause applies and does not hold; where it does not apply, it passes and the reason is printed.
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

/// Makes one test of every clause about supervisors, and one that fails when none applies.
///
/// A test fails when its clause applies and does not hold; where it does not apply, it passes and the reason is printed.
#[macro_export]
macro_rules! supervisor_tests {
    ($subject:ty) => {
        #[test]
        fn some_rule_applies() {
            $crate::supervisor::expect_some_supervisor_rule_applies::<$subject>();
        }

        #[test]
        fn sv_1_no_failure_is_silent() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_1_no_failure_is_silent");
        }

        #[test]
        fn sv_1_every_failure_is_told_once() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_1_every_failure_is_told_once");
        }

        #[test]
        fn sv_2_a_panic_stops_nobody_else() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_2_a_panic_stops_nobody_else");
        }

        #[test]
        fn sv_3_always_is_at_once() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_3_always_is_at_once");
        }

        #[test]
        fn sv_3_never_is_never() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_3_never_is_never");
        }

        #[test]
        fn sv_3_a_fixed_delay_is_kept() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_3_a_fixed_delay_is_kept");
        }

        #[test]
        fn sv_3_a_backoff_grows_to_its_bound() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_3_a_backoff_grows_to_its_bound");
        }

        #[test]
        fn sv_4_one_restart_too_many_is_an_escalation() {
            $crate::supervisor::expect_supervisor_clause::<$subject>(
                "sv_4_one_restart_too_many_is_an_escalation",
            );
        }

        #[test]
        fn sv_5_one_for_one_restarts_one() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_5_one_for_one_restarts_one");
        }

        #[test]
        fn sv_5_one_for_all_restarts_all() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_5_one_for_all_restarts_all");
        }

        #[test]
        fn sv_5_rest_for_one_restarts_the_rest() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_5_rest_for_one_restarts_the_rest");
        }

        #[test]
        fn sv_6_an_escalated_failure_is_one_of_the_supervisor() {
            $crate::supervisor::expect_supervisor_clause::<$subject>(
                "sv_6_an_escalated_failure_is_one_of_the_supervisor",
            );
        }

        #[test]
        fn sv_7_queued_messages_are_delivered_after_the_restart() {
            $crate::supervisor::expect_supervisor_clause::<$subject>(
                "sv_7_queued_messages_are_delivered_after_the_restart",
            );
        }

        #[test]
        fn sv_7_what_was_in_hand_is_not_delivered_again() {
            $crate::supervisor::expect_supervisor_clause::<$subject>(
                "sv_7_what_was_in_hand_is_not_delivered_again",
            );
        }

        #[test]
        fn sv_8_restarted_state_is_fresh() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_8_restarted_state_is_fresh");
        }

        #[test]
        fn sv_8_timers_end_with_their_incarnation() {
            $crate::supervisor::expect_supervisor_clause::<$subject>(
                "sv_8_timers_end_with_their_incarnation",
            );
        }

        #[test]
        fn sv_10_a_panic_ends_in_running() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_10_a_panic_ends_in_running");
        }

        #[test]
        fn sv_10_a_failure_ends_in_running() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_10_a_failure_ends_in_running");
        }

        #[test]
        fn sv_10_a_planned_restart_ends_in_running() {
            $crate::supervisor::expect_supervisor_clause::<$subject>(
                "sv_10_a_planned_restart_ends_in_running",
            );
        }

        #[test]
        fn sv_10_a_stopped_child_stays_stopped() {
            $crate::supervisor::expect_supervisor_clause::<$subject>("sv_10_a_stopped_child_stays_stopped");
        }
    };
}

/// Makes one test of every clause about ordering trackers, and one that fails when none applies.
///
/// A test fails when its clause applies and does not hold; where it does not apply, it passes and the reason is printed.
#[macro_export]
macro_rules! tracker_tests {
    ($subject:ty) => {
        #[test]
        fn some_rule_applies() {
            $crate::tracker::expect_some_tracker_rule_applies::<$subject>();
        }

        #[test]
        fn ot_1_every_record_has_its_verdict() {
            $crate::tracker::expect_tracker_clause::<$subject>("ot_1_every_record_has_its_verdict");
        }

        #[test]
        fn ot_2_no_record_is_lost_or_counted_twice() {
            $crate::tracker::expect_tracker_clause::<$subject>("ot_2_no_record_is_lost_or_counted_twice");
        }

        #[test]
        fn ot_3_only_a_faultless_order_is_verified() {
            $crate::tracker::expect_tracker_clause::<$subject>("ot_3_only_a_faultless_order_is_verified");
        }

        #[test]
        fn ot_3_an_order_is_expected_before_the_first_record() {
            $crate::tracker::expect_tracker_clause::<$subject>(
                "ot_3_an_order_is_expected_before_the_first_record",
            );
        }

        #[test]
        fn ot_3_records_are_held_to_the_expected_order() {
            $crate::tracker::expect_tracker_clause::<$subject>("ot_3_records_are_held_to_the_expected_order");
        }

        #[test]
        fn ot_3_every_open_gap_is_named() {
            $crate::tracker::expect_tracker_clause::<$subject>("ot_3_every_open_gap_is_named");
        }

        #[test]
        fn ot_4_keys_are_independent() {
            $crate::tracker::expect_tracker_clause::<$subject>("ot_4_keys_are_independent");
        }
    };
}
