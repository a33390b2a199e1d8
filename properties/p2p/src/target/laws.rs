//! The laws by what they are about.

use super::{
    laws_core, laws_doors as doors, laws_gossip as gossip, laws_hostile as hostile, laws_limits as limits,
    laws_peers as peers, laws_requests as requests, laws_settings as settings, nodes,
};
use crate::planted::Engine;

/// A law: what it is called, and a check that says how much it tried.
pub type Law = (&'static str, fn() -> u64);

const CORE: [Law; 8] = [
    ("bans_end_at_their_time", doors::bans_end_at_their_time),
    ("doors_refuse_what_they_must", doors::doors_refuse_what_they_must),
    ("what_was_heard_is_not_new", doors::what_was_heard_is_not_new),
    ("whom_to_dial", doors::whom_to_dial),
    ("waits_do_not_overflow", doors::waits_do_not_overflow),
    ("who_has_asked_last_is_remembered", doors::who_has_asked_last_is_remembered),
    ("identities_follow_from_their_seeds", settings::identities_follow_from_their_seeds),
    ("cores_follow_their_model", || laws_core::cores_follow_their_model(0..400)),
];

const SETTINGS: [Law; 4] = [
    ("every_setting_is_bounded", settings::every_setting_is_bounded),
    ("addresses_are_told_apart", settings::addresses_are_told_apart),
    ("what_leads_away_is_far", settings::what_leads_away_is_far),
    ("what_cannot_be_says_why", settings::what_cannot_be_says_why),
];

const REQUESTS: [Law; 6] = [
    ("every_protocol_brings_its_answers", requests::every_protocol_brings_its_answers),
    ("each_request_comes_to_one_end", requests::each_request_comes_to_one_end),
    ("what_is_given_up_is_not_answered", requests::what_is_given_up_is_not_answered),
    ("who_leaves_is_not_answered", requests::who_leaves_is_not_answered),
    ("what_is_not_allowed_is_not_sent", requests::what_is_not_allowed_is_not_sent),
    ("quotas_hold_for_each_protocol", requests::quotas_hold_for_each_protocol),
];

const PEERS: [Law; 8] = [
    ("who_is_banned_stays_out", peers::who_is_banned_stays_out),
    ("a_ban_disconnects", peers::a_ban_disconnects),
    ("bootstrap_nodes_bring_together", peers::bootstrap_nodes_bring_together),
    ("peers_are_told_what_is_announced", peers::peers_are_told_what_is_announced),
    ("bootstrap_nodes_are_dialled_again", peers::bootstrap_nodes_are_dialled_again),
    ("who_gives_up_a_dial_leaves_nothing", peers::who_gives_up_a_dial_leaves_nothing),
    ("a_goodbye_ends_in_its_time", peers::a_goodbye_ends_in_its_time),
    ("a_network_ends_with_a_goodbye", peers::a_network_ends_with_a_goodbye),
];

const LIMITS: [Law; 6] = [
    ("connections_are_bounded", limits::connections_are_bounded),
    ("every_limit_on_connections_holds", limits::every_limit_on_connections_holds),
    ("streams_are_bounded", limits::streams_are_bounded),
    ("slow_readers_are_left", limits::slow_readers_are_left),
    ("who_reads_nothing_is_cut_off", limits::who_reads_nothing_is_cut_off),
    ("a_flood_holds_no_deadline_up", limits::a_flood_holds_no_deadline_up),
];

const GOSSIP: [Law; 4] = [
    ("what_is_published_is_heard_once", gossip::what_is_published_is_heard_once),
    ("topics_are_told_apart", gossip::topics_are_told_apart),
    ("malformed_messages_go_no_further", gossip::malformed_messages_go_no_further),
    ("who_is_being_left_hides_nothing", gossip::who_is_being_left_hides_nothing),
];

const HOSTILE: [Law; 3] = [
    ("malformed_requests_close_their_stream", hostile::malformed_requests_close_their_stream),
    ("malformed_responses_are_faults", hostile::malformed_responses_are_faults),
    ("sockets_that_speak_garbage_are_refused", hostile::sockets_that_speak_garbage_are_refused),
];

const NODES: [Law; 1] = [("both_networks_end_alike", nodes::both_networks_end_alike)];

/// The laws that an engine runs.
#[must_use]
pub fn laws(engine: Engine) -> &'static [Law] {
    match engine {
        Engine::Core => &CORE,
        Engine::Settings => &SETTINGS,
        Engine::Requests => &REQUESTS,
        Engine::Peers => &PEERS,
        Engine::Limits => &LIMITS,
        Engine::Gossip => &GOSSIP,
        Engine::Hostile => &HOSTILE,
        Engine::Nodes => &NODES,
    }
}
