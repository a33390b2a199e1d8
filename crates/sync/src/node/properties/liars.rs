//! Nodes among liars.

use alys_chain::tree::BlockRef;
use alys_wire::codes::GoodbyeReason;
use alys_wire::error::{Cause, WireError};
use alys_wire::fault::{Channel, PeerFault};
use alys_wire::message::{Request, Response, ResponseBody};
use alys_wire::protocol::Protocol;

use super::net::Net;
use super::quick;
use super::truth::Truth;
use crate::network::{NetworkCommand, Outcome};
use crate::peer::PeerId;
use crate::state::SyncState;

fn answered(responses: Vec<Response>) -> Option<Outcome> {
    Some(Outcome::Answered(responses))
}

/// Changes the block at a place of an answer to a range.
fn spoil(mut responses: Vec<Response>, place: usize, how: impl Fn(&mut ResponseBody)) -> Option<Outcome> {
    if let Some(Response::Success(body)) = responses.get_mut(place) {
        how(body);
    }
    answered(responses)
}

fn tip(net: &Net, peer: PeerId) -> BlockRef {
    net.node(peer).chain().head()
}

fn goodbyes(net: &Net, from: PeerId, to: PeerId) -> Vec<GoodbyeReason> {
    let said = net.log.iter().filter_map(|(_, who, command)| match command {
        NetworkCommand::Disconnect { peer, reason } if *who == from && *peer == to => Some(*reason),
        _ => None,
    });
    said.collect()
}

/// SY-2, SY-3.
///
/// Engine: law
#[test]
fn a_node_on_a_fork_comes_back_without_crossing_what_is_final() {
    let truth = Truth::new(300);
    let mut net = Net::new(truth.now());
    let honest = net.join(truth.node(300, quick()));
    let fork = truth.fork(100, 150, 3);
    let lost = net.join(truth.node_of(&fork, quick()));
    assert_eq!(net.node(lost).chain().finalised().height, 99);
    net.connect(honest, lost);
    net.run(60_000);
    assert_eq!(tip(&net, lost), tip(&net, honest));
    assert_eq!(net.node(lost).state(), SyncState::Synced);
    let metrics = net.node(lost).sync().metrics();
    assert_eq!((metrics.conflicts, metrics.lies), (1, 0));
    let asked = net.log.iter().filter_map(|(_, who, command)| match command {
        NetworkCommand::Request { message: Request::BlocksByRange(range), .. } if *who == lost => {
            Some(range.start)
        }
        _ => None,
    });
    assert_eq!(asked.min(), Some(100), "nothing that is final is downloaded again");
}

/// SY-1: however many liars there are.
///
/// Engine: law
#[test]
fn liars_that_prove_the_tip_and_serve_a_fork_do_not_keep_a_node_from_it() {
    let truth = Truth::new(300);
    let mut net = Net::new(truth.now());
    let fork = truth.fork(10, 290, 3);
    for _ in 0..7 {
        let liar = net.join(truth.node(300, quick()));
        let fork = fork.clone();
        net.lies(liar, move |request, responses| match request {
            Request::BlocksByRange(range) => {
                let heights = (range.start..).take(range.count as usize);
                let blocks = heights.map_while(|height| fork.get(height as usize - 1));
                answered(
                    blocks
                        .map(|block| Response::Success(ResponseBody::Block(Box::new((**block).clone()))))
                        .collect(),
                )
            }
            _ => answered(responses),
        });
    }
    let honest = net.join(truth.node(300, quick()));
    let fresh = net.join(truth.node(0, quick()));
    net.connect_all(fresh);
    net.run(600_000);
    assert_eq!(tip(&net, fresh), tip(&net, honest));
    assert_eq!(net.node(fresh).state(), SyncState::Synced);
}

/// SY-1, SY-4: it counts while who has proved it is connected, and that ends.
///
/// Engine: law
#[test]
fn a_tip_that_is_kept_back_is_left_with_who_has_it() {
    let truth = Truth::new(300);
    let mut net = Net::new(truth.now());
    let honest = net.join(truth.node(200, quick()));
    let liar = net.join(truth.node(300, quick()));
    net.lies(liar, |request, responses| match request {
        Request::BlocksByRange(_) => None,
        _ => answered(responses),
    });
    let fresh = net.join(truth.node(0, quick()));
    net.connect(fresh, honest);
    net.connect(fresh, liar);
    net.run(60_000);
    assert_eq!(tip(&net, fresh), tip(&net, honest));
    assert_eq!(net.node(fresh).state(), SyncState::Recovering, "there is a higher tip, and it is proved");
    net.run(240_000);
    assert_eq!(goodbyes(&net, fresh, liar), [GoodbyeReason::BadScore]);
    assert_eq!(net.node(fresh).state(), SyncState::Synced);
}

/// SY-6, SY-7.
///
/// Engine: law
#[test]
fn what_is_provably_false_bans_and_good_blocks_before_it_stay() {
    let truth = Truth::new(100);
    let mut net = Net::new(truth.now());
    let honest = net.join(truth.node(100, quick()));
    let liar = net.join(truth.node(100, quick()));
    net.lies(liar, |request, responses| match request {
        Request::BlocksByRange(_) => spoil(responses, 3, |body| {
            if let ResponseBody::Block(block) = body {
                block.certificate.signature = Default::default();
            }
        }),
        _ => answered(responses),
    });
    let fresh = net.join(truth.node(0, quick()));
    net.connect(fresh, honest);
    net.connect(fresh, liar);
    net.run(120_000);
    assert_eq!(tip(&net, fresh), tip(&net, honest));
    let metrics = net.node(fresh).sync().metrics();
    assert_eq!(metrics.blocks_by_peer.get(&liar).map(|blocks| blocks % 3), Some(0), "three of each batch");
    assert_eq!(metrics.blocks, 100);
    assert_eq!(metrics.lies.min(3) == 3, goodbyes(&net, fresh, liar) == [GoodbyeReason::Banned]);
}

/// WR-5, SY-7.
///
/// Engine: law
#[test]
fn a_malformed_answer_costs_the_connection_and_no_ban() {
    let truth = Truth::new(100);
    let mut net = Net::new(truth.now());
    let honest = net.join(truth.node(100, quick()));
    let noisy = net.join(truth.node(100, quick()));
    net.lies(noisy, |request, responses| match request {
        Request::BlocksByRange(_) => {
            let error = WireError { at: 7, cause: Cause::Truncated };
            Some(Outcome::Malformed(PeerFault::new(Channel::Response(Protocol::BlocksByRange), error)))
        }
        _ => answered(responses),
    });
    let fresh = net.join(truth.node(0, quick()));
    net.connect(fresh, honest);
    net.connect(fresh, noisy);
    net.run(120_000);
    assert_eq!(tip(&net, fresh), tip(&net, honest));
    assert_eq!(goodbyes(&net, fresh, noisy), [GoodbyeReason::Fault]);
    let metrics = net.node(fresh).sync().metrics();
    assert_eq!((metrics.malformed, metrics.bans, metrics.peers_used()), (1, 0, 1));
}

/// SY-2.
///
/// Engine: law
#[test]
fn a_tip_beside_the_finalised_block_is_refused() {
    let truth = Truth::new(300);
    let mut net = Net::new(truth.now());
    let honest = net.join(truth.node(300, quick()));
    let liar = net.join(truth.node_of(&truth.fork(50, 320, 3), quick()));
    let node = net.join(truth.node(200, quick()));
    net.connect(node, liar);
    net.connect(node, honest);
    net.run(300_000);
    assert_eq!(tip(&net, node), tip(&net, honest));
    assert_eq!(goodbyes(&net, node, liar), [GoodbyeReason::Fault]);
    assert_eq!(net.node(node).state(), SyncState::Synced);
}
