//! Planted faults of the swarm.

use super::{Engine::*, Fault};

const BEHAVIOUR: &str = "shell/behaviour.rs";
const EXCHANGE: &str = "shell/exchange.rs";
const GATE: &str = "shell/gate.rs";
const HAPPENINGS: &str = "shell/network/happenings.rs";
const NETWORK: &str = "shell/network.rs";
const TASKS: &str = "shell/tasks.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Limits,
        "one_more_comes_in: one connection too many comes in",
        &["NW-7"],
        BEHAVIOUR,
        "Some(connections.incoming)",
        "Some(connections.incoming + 1)",
    ),
    Fault::expression(
        Hostile,
        "handshakes_unbounded: connections that are none yet are not bounded",
        &["NW-7"],
        BEHAVIOUR,
        "Some(connections.pending_incoming)",
        "None",
    ),
    Fault::expression(
        Peers,
        "banned_comes_in: who is banned comes in by itself",
        &["NW-7"],
        GATE,
        "self.admit(&peer, remote)",
        "Ok(dummy::ConnectionHandler)",
    ),
    Fault::expression(
        Peers,
        "ban_until_now: a ban ends at once",
        &["NW-7"],
        GATE,
        "self.door.ban(peer, until, self.clock.now())",
        "self.door.ban(peer, self.clock.now(), until)",
    ),
    Fault::expression(
        Hostile,
        "malformed_is_unavailable: a malformed response is one that did not come",
        &["WR-5"],
        EXCHANGE,
        "Outcome::Malformed(PeerFault::new(Channel::Response(protocol), error))",
        "{ drop((protocol, error)); Outcome::Unavailable }",
    ),
    Fault::statement(
        Requests,
        "stops_late: what follows a response that is not allowed is sent",
        &["NW-6"],
        EXCHANGE,
        "allowed = false;
            break;",
        "allowed = false;
            continue;",
    ),
    Fault::expression(
        Hostile,
        "garbage_uncounted: what is no handshake is called unwanted",
        &["NW-7"],
        HAPPENINGS,
        "Refusal::NoHandshake",
        "Refusal::Unwanted",
    ),
    Fault::expression(
        Hostile,
        "limit_uncounted: one connection too many is called unwanted",
        &["NW-7"],
        HAPPENINGS,
        "Refusal::TooManyConnections",
        "Refusal::Unwanted",
    ),
    Fault::statement(
        Peers,
        "end_unnoticed: a connection that has ended is not told",
        &["NW-3"],
        HAPPENINGS,
        "self.core.disconnected(number_of(&peer), number);",
        "",
    ),
    Fault::statement(
        Hostile,
        "failure_unsaid: a stream that cannot be opened comes to nothing",
        &["NW-6"],
        HAPPENINGS,
        "self.core.settled(request, Outcome::Unavailable)",
        "{ let _ = request; }",
    ),
    Fault::statement(
        Peers,
        "table_empty: where a peer listens is not kept",
        &["NW-3"],
        HAPPENINGS,
        "self.swarm.behaviour_mut().routing.add_address(&peer, address);",
        "drop(address);",
    ),
    Fault::statement(
        Requests,
        "cancel_keeps_stream: the stream of a request that is given up stays open",
        &["NW-6"],
        TASKS,
        "if let Some(handle) = self.asked.remove(&request) {
            handle.abort();
        }",
        "self.asked.remove(&request);",
    ),
    Fault::statement(
        Limits,
        "slow_stream_stays: the stream of who is too slow stays open",
        &["NW-7"],
        TASKS,
        "if let Some(handle) = self.inbound.remove(&inbound) {
            handle.abort();
        }",
        "self.inbound.remove(&inbound);",
    ),
    Fault::expression(
        Requests,
        "own_unbounded: what the limits do not allow is sent",
        &["NW-7"],
        NETWORK,
        "codec.encode(message.clone(), &mut bytes).is_err()",
        "{ let _ = codec.encode(message.clone(), &mut bytes); false }",
    ),
    Fault::statement(
        Peers,
        "goodbye_never_ends: after a goodbye the connection stays",
        &["NW-3"],
        NETWORK,
        "let _ = self.swarm.disconnect_peer_id(peer);",
        "",
    ),
    Fault::statement(
        Peers,
        "nobody_dialled: nobody is dialled when time passes",
        &["NW-3"],
        NETWORK,
        "self.dial(now);",
        "",
    ),
    Fault::statement(
        Limits,
        "time_unseen: time does not pass for the core",
        &["NW-7"],
        NETWORK,
        "self.core.tick(now);",
        "",
    ),
    Fault::expression(
        Peers,
        "closing_forgotten: a network that ends does not",
        &["NW-3"],
        NETWORK,
        "self.closing && self.connections.is_empty()",
        "false",
    ),
    Fault::statement(
        Peers,
        "goodbye_for_ever: a goodbye that is not answered is waited for",
        &["NW-3"],
        NETWORK,
        "parted.into_iter().for_each(|peer| self.part(peer));",
        "drop(parted);",
    ),
    Fault::expression(
        Limits,
        "memory_unbounded: connections come up whatever memory is used",
        &["NW-7"],
        BEHAVIOUR,
        "config.memory_bytes",
        "usize::MAX",
    ),
    Fault::expression(
        Limits,
        "one_peer_unbounded: one peer has as many connections as it likes",
        &["NW-7"],
        BEHAVIOUR,
        "Some(connections.per_peer)",
        "None",
    ),
    Fault::expression(
        Limits,
        "outgoing_unbounded: we open as many connections as we like",
        &["NW-7"],
        BEHAVIOUR,
        "Some(connections.outgoing)",
        "None",
    ),
    Fault::expression(
        Nodes,
        "answers_reversed: responses come in the wrong order",
        &["NW-4", "NW-6"],
        EXCHANGE,
        "Outcome::Answered(responses)",
        "Outcome::Answered(responses.into_iter().rev().collect())",
    ),
    Fault::expression(
        Nodes,
        "answers_cut: the last response is lost",
        &["NW-4", "NW-6"],
        EXCHANGE,
        "Outcome::Answered(responses)",
        "Outcome::Answered({ let mut responses = responses; responses.pop(); responses })",
    ),
];
