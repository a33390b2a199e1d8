//! Planted faults that a node's own words do not show: what is true of the chain and of what peers have sent does.

use super::{Engine::Plans, Fault};

const CARRY: &str = "node/carry.rs";
const NODE: &str = "node.rs";
const OUTCOME: &str = "node/outcome.rs";
const PROBE: &str = "engine/probe.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Plans,
        "shown_for_all: what one peer has shown counts for everybody",
        &["SY-4"],
        PROBE,
        "self.proved_by(peer, proved)",
        "{ let all: Vec<PeerId> = self.peers.keys().copied().collect(); all.into_iter().for_each(|other| self.proved_by(other, proved.clone())) }",
    ),
    Fault::expression(
        Plans,
        "shown_is_enough: the certificate of what a peer shows is not looked at",
        &["SY-4"],
        CARRY,
        "is_certified(&self.consensus, &block)",
        "true",
    ),
    Fault::expression(
        Plans,
        "slot_of_our_tip: sync is told that our tip is a slot younger",
        &["SY-4", "SY-5"],
        CARRY,
        "engine.tree().get(&head.root).map_or(0, |node| node.header.slot)",
        "engine.tree().get(&head.root).map_or(0, |node| node.header.slot + 1)",
    ),
    Fault::expression(
        Plans,
        "slot_of_the_final_block: sync is told the slot of what is final",
        &["SY-4", "SY-5"],
        CARRY,
        "engine.tree().get(&head.root).map_or(0, |node| node.header.slot)",
        "engine.tree().get(&finalised.root).map_or(0, |node| node.header.slot)",
    ),
    Fault::expression(
        Plans,
        "batches_unseen: sync is not told of what a batch has made of our chain",
        &["SY-4"],
        CARRY,
        "events.push_back(Event::Local(local(self.chain.engine())))",
        "()",
    ),
    Fault::expression(
        Plans,
        "gossip_unseen: sync is not told of what gossip has made of our chain",
        &["SY-4"],
        CARRY,
        "self.sync_event(Event::Local(local(self.chain.engine())), now)",
        "()",
    ),
    Fault::expression(
        Plans,
        "malformed_forgiven: who sends what is no request stays",
        &["WR-5"],
        NODE,
        "self.sync_event(Event::Malformed { peer, fault }, now)",
        "()",
    ),
    Fault::expression(
        Plans,
        "malformed_is_empty: a malformed answer is taken for one that could not be had",
        &["WR-5"],
        OUTCOME,
        "return Answer::Malformed(fault)",
        "return Answer::Unavailable",
    ),
    Fault::expression(
        Plans,
        "gone_stays: sync is not told that a peer is gone",
        &["SY-4"],
        NODE,
        "self.sync_event(Event::Disconnected { peer }, now)",
        "()",
    ),
];
