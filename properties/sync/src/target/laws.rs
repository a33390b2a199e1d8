//! The laws by what they are about.

use super::{
    laws_download as download, laws_ends as ends, laws_gate, laws_keep, laws_lines as lines,
    laws_network as network, laws_nodes as nodes, laws_peers as peers, laws_proofs as proofs,
    laws_serve as serve, laws_settings, laws_shell as shell, laws_trouble as trouble, laws_truth as truth,
    orders, plans,
};
use crate::planted::Engine;

/// A law: what it is called, and a check that says how much it tried.
pub type Law = (&'static str, fn() -> u64);

const RULES: [Law; 5] = [
    ("settings", laws_settings::every_setting_is_bounded),
    ("defaults", laws_settings::the_defaults_are_the_rules),
    ("states", laws_settings::states_follow_by_the_table),
    ("gate", laws_gate::the_gate_is_the_rules),
    ("unknown", laws_gate::nothing_is_open_that_is_not_known),
];

const PROOFS: [Law; 12] = [
    ("claims_without_proof_count_for_nothing", proofs::claims_without_proof_count_for_nothing),
    ("a_majority_is_of_all_who_are_connected", proofs::a_majority_is_of_all_who_are_connected),
    ("a_tip_is_fresh_near_the_clock", proofs::a_tip_is_fresh_near_the_clock),
    ("the_highest_proved_tip_is_the_target", proofs::the_highest_proved_tip_is_the_target),
    ("our_tip_may_be_ahead", proofs::our_tip_may_be_ahead),
    ("what_is_shown_must_be_what_was_claimed", proofs::what_is_shown_must_be_what_was_claimed),
    ("a_smaller_root_is_better_than_ours", proofs::a_smaller_root_is_better_than_ours),
    ("the_gate_follows_the_lag", proofs::the_gate_follows_the_lag),
    ("the_beginning_of_a_chain", proofs::the_beginning_of_a_chain),
    ("peers_are_asked_again", proofs::peers_are_asked_again),
    ("another_network_is_left", proofs::another_network_is_left),
    ("what_nobody_waits_for_means_nothing", proofs::what_nobody_waits_for_means_nothing),
];

const PEERS: [Law; 9] = [
    ("offences_cost_what_they_must", peers::offences_cost_what_they_must),
    ("a_backoff_doubles_until_a_success", peers::a_backoff_doubles_until_a_success),
    ("a_breaker_opens_and_half_opens", peers::a_breaker_opens_and_half_opens),
    ("a_half_open_breaker_lets_one_request_through", peers::a_half_open_breaker_lets_one_request_through),
    ("a_ban_follows_from_lies_and_ends", peers::a_ban_follows_from_lies_and_ends),
    ("line_noise_is_no_ban", peers::line_noise_is_no_ban),
    ("scores_fall_and_recover", peers::scores_fall_and_recover),
    ("so_many_absent_peers_are_remembered", peers::so_many_absent_peers_are_remembered),
    ("answers_cost_what_they_are", peers::answers_cost_what_they_are),
];

const DOWNLOAD: [Law; 22] = [
    ("one_peer_brings_everything", download::one_peer_brings_everything),
    ("children_enter_after_parents", download::children_enter_after_parents),
    ("a_bad_block_is_asked_for_at_its_height", download::a_bad_block_is_asked_for_at_its_height),
    ("a_late_batch_goes_to_another_peer", download::a_late_batch_goes_to_another_peer),
    ("a_batch_rests_after_three_tries", download::a_batch_rests_after_three_tries),
    ("blocks_in_flight_are_bounded", download::blocks_in_flight_are_bounded),
    ("who_leaves_takes_nothing_along", download::who_leaves_takes_nothing_along),
    ("load_is_spread", download::load_is_spread),
    ("nobody_is_asked_for_what_it_has_not", download::nobody_is_asked_for_what_it_has_not),
    ("a_block_ahead_of_the_clock_waits", ends::a_block_ahead_of_the_clock_waits),
    ("a_store_that_fails_ends_it", ends::a_store_that_fails_ends_it),
    ("a_clock_set_back_stretches_nothing", ends::a_clock_set_back_stretches_nothing),
    ("a_fork_is_followed_from_its_tip_down", ends::a_fork_is_followed_from_its_tip_down),
    ("a_fork_from_below_finality_is_refused", ends::a_fork_from_below_finality_is_refused),
    ("a_success_ends_a_rest", trouble::a_success_ends_a_rest),
    ("who_never_brings_a_batch_is_left", trouble::who_never_brings_a_batch_is_left),
    ("a_short_answer_is_taken_as_far_as_it_goes", trouble::a_short_answer_is_taken_as_far_as_it_goes),
    ("who_has_failed_is_asked_last", trouble::who_has_failed_is_asked_last),
    ("quotas_of_peers_are_heeded", trouble::quotas_of_peers_are_heeded),
    ("roots_are_learned_of_who_has_proved_them", trouble::roots_are_learned_of_who_has_proved_them),
    ("a_descent_ends_at_our_tip", trouble::a_descent_ends_at_our_tip),
    ("what_cannot_become_ours_is_not_asked_for", trouble::what_cannot_become_ours_is_not_asked_for),
];

const NODES: [Law; 5] = [
    ("a_node_keeps_what_it_is_told_to", laws_keep::a_node_keeps_what_it_is_told_to),
    ("a_tip_must_be_certified", nodes::a_tip_must_be_certified),
    ("workers_change_nothing", nodes::workers_change_nothing),
    ("a_bad_signature_is_found_anywhere", nodes::a_bad_signature_is_found_anywhere),
    ("disturbed_syncs_complete", || nodes::disturbed_syncs_complete(0, 6).syncs),
];

const SERVING: [Law; 5] = [
    ("requests_are_answered", serve::requests_are_answered),
    ("quotas_are_each_peers_own", serve::quotas_are_each_peers_own),
    ("who_asked_last_is_remembered", serve::who_asked_last_is_remembered),
    ("a_node_serves_its_canonical_chain", serve::a_node_serves_its_canonical_chain),
    ("a_node_that_has_failed_serves_nobody", serve::a_node_that_has_failed_serves_nobody),
];

const SHELL: [Law; 7] = [
    ("timers_are_exact", shell::timers_are_exact),
    ("slots_begin_in_time", shell::slots_begin_in_time),
    ("floods_are_survived", shell::floods_are_survived),
    ("the_gate_closes_with_the_actor", shell::the_gate_closes_with_the_actor),
    ("media_that_fail_end_the_actor", shell::media_that_fail_end_the_actor),
    ("orders_are_carried_out", shell::orders_are_carried_out),
    ("changes_are_told_once", shell::changes_are_told_once),
];

const LINES: [Law; 10] = [
    ("connections_are_of_two", lines::connections_are_of_two),
    ("groups_are_cut_off", lines::groups_are_cut_off),
    ("messages_take_their_time", lines::messages_take_their_time),
    ("links_have_a_bandwidth", lines::links_have_a_bandwidth),
    ("misfortunes_are_as_frequent_as_planned", lines::misfortunes_are_as_frequent_as_planned),
    ("corruption_is_in_one_place", lines::corruption_is_in_one_place),
    ("what_was_seen_is_forgotten", lines::what_was_seen_is_forgotten),
    ("a_view_is_what_follows_from_its_blocks", truth::a_view_is_what_follows_from_its_blocks),
    ("a_truth_is_a_chain", truth::a_truth_is_a_chain),
    ("a_medium_fails_where_it_is_told_to", truth::a_medium_fails_where_it_is_told_to),
];

const NETWORK: [Law; 4] = [
    ("nothing_passes_a_partition", network::nothing_passes_a_partition),
    ("a_stream_is_cut_as_a_whole", network::a_stream_is_cut_as_a_whole),
    ("what_is_published_is_heard_once", network::what_is_published_is_heard_once),
    ("the_same_plan_makes_the_same_log", plans::the_same_plan_makes_the_same_log),
];

const PLANS: [Law; 2] = [
    ("plans", || plans::plays(0, 60).plans),
    ("orders", || orders::all_orders_come_to_the_tip(orders::Lie::Forged, false).states),
];

/// The laws that an engine runs; none for one that runs cases.
#[must_use]
pub fn laws(engine: Engine) -> &'static [Law] {
    match engine {
        Engine::Rules => &RULES,
        Engine::Proofs => &PROOFS,
        Engine::Peers => &PEERS,
        Engine::Download => &DOWNLOAD,
        Engine::Nodes => &NODES,
        Engine::Serving => &SERVING,
        Engine::Shell => &SHELL,
        Engine::Lines => &LINES,
        Engine::Network => &NETWORK,
        Engine::Plans => &PLANS,
    }
}
