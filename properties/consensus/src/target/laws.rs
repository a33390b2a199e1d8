//! The laws by what they are about.

use super::{
    laws_beacon as beacon, laws_clock as clock, laws_driver as driver, laws_engine as engine,
    laws_errors as errors, laws_follow as follow, laws_fork as fork, laws_incoming as incoming,
    laws_nodes as nodes, laws_payloads as payloads, laws_recorded as recorded, laws_retry as retry,
    laws_rpc as rpc, laws_served as served, laws_server as server, laws_stream as stream, laws_text as text,
    laws_token as token, laws_watch as watch,
};
use crate::planted::Engine;

/// A law: what it is called, and a check that says how much it tried.
pub type Law = (&'static str, fn() -> u64);

const WORDS: [Law; 15] = [
    ("errors", errors::errors_of_texts_say_what_is_wrong),
    ("call_errors", errors::errors_of_calls_say_what_is_wrong),
    ("numbers", text::numbers_are_what_the_specification_says),
    ("octets", text::octets_are_what_the_specification_says),
    ("refusals", text::refusals_say_what_is_wrong),
    ("tokens", token::tokens_are_signed_and_dated),
    ("secrets", token::secrets_are_of_one_length),
    ("answers", rpc::answers_mean_what_they_say),
    ("requests", rpc::requests_say_what_they_ask),
    ("statuses", rpc::statuses_mean_one_outcome_each),
    ("methods", fork::methods_have_the_version_of_the_fork),
    ("structures", fork::structures_are_of_their_fork),
    ("written", fork::structures_are_written_as_the_specification_has_them),
    ("built", fork::what_was_built_is_of_the_fork),
    ("recorded", recorded::what_was_recorded_is_understood),
];

const CALLS: [Law; 10] = [
    ("clock", clock::the_clock_of_the_runtime_goes_on),
    ("said", clock::failures_say_what_was_wrong),
    ("course", retry::calls_take_their_course),
    ("waits", retry::waits_double_up_to_their_limit),
    ("endless", retry::times_without_an_end_are_kept),
    ("failures", retry::failures_pass_or_stay),
    ("faults", engine::every_fault_ends_as_the_model_says),
    ("nobody", engine::nobody_there_is_an_error),
    ("calls", engine::calls_are_what_the_fork_asks_for),
    ("bounded", engine::answers_are_bounded),
];

const HEADS: [Law; 12] = [
    ("streams", stream::streams_hold_the_models_messages),
    ("short_streams", stream::every_short_stream_is_read),
    ("bounded_messages", stream::messages_are_bounded),
    ("head_events", stream::heads_are_read),
    ("followed", follow::no_head_is_lost),
    ("endless_wait", follow::a_wait_without_an_end_is_one),
    ("unheard", follow::nothing_is_heard_without_a_stream),
    ("watched", watch::no_head_is_lost_on_the_line),
    ("given_up", watch::whoever_gives_up_loses_no_head),
    ("silent", watch::silence_is_counted_over_all_calls),
    ("refused_streams", watch::who_refuses_a_stream_says_why),
    ("wait_given_up", watch::a_wait_goes_on_where_it_was_given_up),
];

const QUESTIONS: [Law; 10] = [
    ("peers", clock::peers_are_told_in_the_words_of_the_specification),
    ("paths", beacon::paths_are_the_specifications),
    ("ids", beacon::ids_are_read_as_they_are_written),
    ("faults_of_nodes", beacon::every_fault_comes_to_its_error),
    ("errors_of_nodes", beacon::errors_say_what_the_node_says),
    ("health", beacon::health_is_the_status),
    ("lodestar", nodes::what_lodestar_has_answered_is_understood),
    ("lodestar_heads", nodes::heads_of_lodestar_are_read),
    ("whole", beacon::answers_are_read_whole),
    ("about", beacon::answers_are_about_the_block_that_was_asked_for),
];

const SERVER: [Law; 11] = [
    ("node", server::a_node_says_how_it_is),
    ("blocks", server::blocks_are_found_by_every_name),
    ("headers", server::headers_are_found_by_slot_and_parent),
    ("states", server::states_are_shown),
    ("rest", server::the_rest_is_shown),
    ("told", server::heads_are_told_with_what_they_depend_on),
    ("served", served::the_client_reads_the_server),
    ("arriving", served::heads_arrive_from_the_server),
    ("once", served::a_head_is_told_once),
    ("behind", served::who_falls_behind_hears_the_last_head),
    ("refused", served::the_shell_refuses_as_the_specification_says),
];

const DRIVER: [Law; 13] = [
    ("payloads", payloads::payloads_follow_one_another),
    ("built_and_followed", driver::blocks_are_built_and_followed),
    ("dies", driver::a_client_that_dies_is_handed_what_it_lacks),
    ("proposals", driver::proposals_wait_for_their_payloads),
    ("wrong", driver::a_wrong_client_builds_no_block),
    ("not_handed", driver::a_wrong_client_is_not_handed_the_chain),
    ("reorg", driver::a_reorg_is_followed),
    ("choices", incoming::proposers_choose_nothing_but_transactions),
    ("falls_back", incoming::a_client_that_falls_back_is_handed_its_blocks_again),
    ("refused_by_chain", incoming::the_chain_may_refuse_what_the_client_takes),
    ("of_another_fork", incoming::what_is_of_another_fork_stays_outside),
    ("another_client", incoming::another_client_is_handed_the_chain),
    ("refused_tip", incoming::a_refused_tip_is_not_passed_over),
];

/// The laws that an engine runs.
#[must_use]
pub fn laws(engine: Engine) -> &'static [Law] {
    match engine {
        Engine::Words => &WORDS,
        Engine::Calls => &CALLS,
        Engine::Heads => &HEADS,
        Engine::Questions => &QUESTIONS,
        Engine::Server => &SERVER,
        Engine::Driver => &DRIVER,
    }
}
