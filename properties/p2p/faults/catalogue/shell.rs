//! Planted faults of the swarm.

use super::{Engine::*, Fault};

const BEHAVIOUR: &str = "shell/behaviour.rs";
const CLOSING: &str = "shell/closing.rs";
const EXCHANGE: &str = "shell/exchange.rs";
const GATE: &str = "shell/gate.rs";
const HAPPENINGS: &str = "shell/network/happenings.rs";
const NETWORK: &str = "shell/network.rs";
const REACH: &str = "shell/network/reach.rs";
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
        "unannounced: what is to be announced is not",
        &["NW-3"],
        NETWORK,
        "announced.into_iter().for_each(|address| swarm.add_external_address(address));",
        "drop(announced);",
    ),
    Fault::expression(
        Peers,
        "place_told: where we listen is told beside what is announced",
        &["NW-3"],
        BEHAVIOUR,
        "!config.announced.is_empty()",
        "false",
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
        "self.closing && self.connections.is_empty() && self.listeners.is_empty()",
        "false",
    ),
    Fault::statement(
        Peers,
        "listening_forgotten: a network that ends goes on listening",
        &["NW-3"],
        NETWORK,
        "self.listeners.retain(|listener| self.swarm.remove_listener(*listener));",
        "self.listeners.clear();",
    ),
    Fault::expression(
        Limits,
        "time_last: what is due waits for what happens",
        &["NW-7"],
        NETWORK,
        "self.poll_time(cx).is_ready()",
        "{
            if let Poll::Ready(Some(event)) = self.swarm.poll_next_unpin(cx) {
                self.happened(event);
                return Poll::Ready(());
            }
            self.poll_time(cx).is_ready()
        }",
    ),
    Fault::statement(
        Gossip,
        "left_hides: what a peer says that is being left is taken as heard",
        &["NW-1"],
        NETWORK,
        "self.swarm.behaviour_mut().gossip.blacklist_peer(&peer);",
        "",
    ),
    Fault::statement(
        Gossip,
        "left_for_ever: who was left once is never heard again",
        &["NW-1"],
        HAPPENINGS,
        "behaviour.gossip.remove_blacklisted_peer(&peer);",
        "",
    ),
    Fault::statement(
        Peers,
        "refused_unseen: a dial that is refused at once is not counted",
        &["NW-7"],
        REACH,
        "self.not_reached(connection, error);",
        "self.dials.came_to(connection, Err(error));",
    ),
    Fault::statement(
        Settings,
        "dials_at_the_end: a network that ends dials",
        &["NW-7"],
        REACH,
        "if self.closing {
            return Err(ReachError::Ended { address });
        }",
        "",
    ),
    Fault::expression(
        Peers,
        "given_up_kept: a dial that somebody waited for is kept",
        &["NW-3"],
        REACH,
        "self.awaited.remove(&connection)",
        "{ let (tell, _) = oneshot::channel(); self.awaited.insert(connection, tell) }",
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
        "closes_for_ever: a connection whose peer reads nothing is never closed",
        &["NW-7"],
        CLOSING,
        "until.as_mut().poll(cx).map(Ok)",
        "{ let _ = until; Poll::Pending }",
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
