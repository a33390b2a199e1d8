//! What is served, and what signatures are worth.

use std::sync::Arc;

use alys_chain::engine as chain;
use alys_wire::codes::{FailureCode, GoodbyeReason};
use alys_wire::containers::CertifiedBlock;
use alys_wire::message::{BlocksByRange, BlocksByRoot, Request, Response, ResponseBody, Status};

use super::super::SyncNode;
use super::super::verify::is_certified;
use super::quick;
use super::truth::{Nothing, Truth};
use crate::config::Settings;
use crate::network::{InboundId, NetworkCommand, NetworkEvent};
use crate::peer::PeerId;

type Node = SyncNode<alys_chain::scheme::Ideal, alys_chain::transition::Transfers, Nothing>;

fn ask(node: &mut Node, peer: u64, request: Request, now: u64) -> Vec<Response> {
    let asked = NetworkEvent::Request { peer: PeerId(peer), inbound: InboundId(9), request };
    let mut commands = node.handle(asked, now);
    match (commands.pop(), commands.is_empty()) {
        (Some(NetworkCommand::Respond { peer: to, inbound: InboundId(9), responses }), true) => {
            assert_eq!(to, PeerId(peer));
            responses
        }
        other => panic!("{other:?}"),
    }
}

fn range(start: u64, count: u64, step: u64) -> Request {
    Request::BlocksByRange(BlocksByRange { start, count, step })
}

fn heights(responses: &[Response]) -> Vec<u64> {
    let height = |response: &Response| match response {
        Response::Success(ResponseBody::Block(block)) => block.signed_block.block.header.height,
        other => panic!("{other:?}"),
    };
    responses.iter().map(height).collect()
}

fn refusal(responses: &[Response]) -> FailureCode {
    match responses {
        [Response::Failure(failure)] => failure.code,
        other => panic!("{other:?}"),
    }
}

/// SY-3, WR-3: ranges are linked, end where the chain does, and are bounded.
///
/// Engine: law
#[test]
fn ranges_end_with_the_chain() {
    let truth = Truth::new(30);
    let mut node = truth.node(30, quick());
    let now = truth.now();
    let mut peer = 0;
    let mut ask = |request| {
        peer += 1;
        ask(&mut node, peer, request, now)
    };
    assert_eq!(heights(&ask(range(1, 3, 1))), [1, 2, 3]);
    assert_eq!(heights(&ask(range(28, 10, 1))), [28, 29, 30]);
    assert_eq!(heights(&ask(range(2, 4, 9))), [2, 11, 20, 29]);
    assert_eq!(heights(&ask(range(31, 4, 1))), [0; 0]);
    assert_eq!(heights(&ask(range(0, 4, 1))), [0; 0], "genesis is no block that is sent");
    assert_eq!(heights(&ask(range(30, 1024, u64::MAX))), [30]);
    assert_eq!(refusal(&ask(range(1, 0, 1))), FailureCode::InvalidRequest);
    assert_eq!(refusal(&ask(range(1, 1, 0))), FailureCode::InvalidRequest);
    assert_eq!(refusal(&ask(range(1, 1025, 1))), FailureCode::InvalidRequest);
    let mut roots = BlocksByRoot::default();
    for root in [truth.root(7), truth.root(0), truth.root(3)] {
        roots.push(root).unwrap();
    }
    assert_eq!(heights(&ask(Request::BlocksByRoot(roots))), [7, 3]);
}

/// WR-3: the quotas are each peer's own, and a clock that is set back does not lengthen them.
///
/// Engine: law
#[test]
fn quotas_are_each_peers_own() {
    let truth = Truth::new(3);
    let mut node = truth.node(3, quick());
    let now = truth.now() + 3_600_000;
    for _ in 0..2 {
        assert!(matches!(
            ask(&mut node, 1, Request::Ping(4), now)[..],
            [Response::Success(ResponseBody::Ping(_))]
        ));
    }
    assert_eq!(refusal(&ask(&mut node, 1, Request::Ping(4), now)), FailureCode::RateLimited);
    assert!(matches!(ask(&mut node, 2, Request::Ping(4), now)[..], [Response::Success(_)]));
    assert_eq!(refusal(&ask(&mut node, 1, Request::Ping(4), now - 3_600_000)), FailureCode::RateLimited);
    assert!(matches!(ask(&mut node, 1, Request::Ping(4), now - 3_595_000)[..], [Response::Success(_)]));
}

/// SY-3: what is canonical follows every reorg, rollback and pruning.
///
/// Engine: law
#[test]
fn what_is_served_follows_the_chain() {
    let truth = Truth::new(300);
    let fork = truth.fork(210, 240, 3);
    let mut node = truth.node_of(&fork, quick());
    let now = truth.now();
    let served = |node: &mut Node, peer, start, count| {
        let responses = ask(node, peer, range(start, count, 1), now);
        let root = |response: Response| match response {
            Response::Success(ResponseBody::Block(block)) => block.signed_block.block.root(),
            other => panic!("{other:?}"),
        };
        responses.into_iter().map(root).collect::<Vec<_>>()
    };
    let root = |block: &Arc<CertifiedBlock>| block.signed_block.block.root();
    assert_eq!(served(&mut node, 1, 205, 100), fork[204..].iter().map(root).collect::<Vec<_>>());
    for block in &truth.blocks[210..260] {
        let event =
            chain::Event::Import { block: Arc::clone(block), signatures: chain::Signatures::Verified };
        let _ = node.chain_event(event, now);
    }
    assert_eq!(served(&mut node, 2, 205, 100), truth.blocks[204..260].iter().map(root).collect::<Vec<_>>());
    let _ = node.chain_event(chain::Event::Prune { height: 200 }, now);
    assert!(served(&mut node, 3, 199, 1).is_empty());
    assert_eq!(served(&mut node, 3, 200, 2), [truth.root(200), truth.root(201)]);
    let _ = node.chain_event(chain::Event::Rollback { to: truth.root(259) }, now);
    assert_eq!(served(&mut node, 4, 258, 10), [truth.root(258), truth.root(259)]);
}

/// SY-4: a certificate counts for its own block and slot, and only if it is that of a quorum.
///
/// Engine: law
#[test]
fn a_certificate_counts_for_its_own_block() {
    let truth = Truth::new(5);
    let consensus = truth.consensus();
    let is_certified = |block: &CertifiedBlock| is_certified(&consensus, block);
    let block = CertifiedBlock::clone(&truth.blocks[2]);
    assert!(is_certified(&block));
    let other = truth.blocks[3].certificate.clone();
    assert!(!is_certified(&CertifiedBlock { certificate: other, ..block.clone() }));
    let mut later = block.clone();
    later.signed_block.block.header.slot += 1;
    assert!(!is_certified(&later), "another root");
    later.certificate.block_root = later.signed_block.block.root();
    assert!(!is_certified(&later), "another slot");
    assert!(!is_certified(&truth.approved_by(&block, 2)), "two of four");
    assert!(is_certified(&truth.approved_by(&block, 3)), "three of four");
}

/// WR-1: what has no block in it is answered as well.
///
/// Engine: law
#[test]
fn small_requests_are_answered() {
    let truth = Truth::new(5);
    let mut node = truth.node(5, Settings { fork_digest: [1, 2, 3, 4], ..quick() });
    let now = truth.now();
    let status = ask(&mut node, 1, Request::Status(Status::default()), now);
    let ours = Status {
        fork_digest: [1, 2, 3, 4].into(),
        finalised_root: truth.root(4),
        finalised_height: 4,
        head_root: truth.root(5),
        head_slot: 5,
    };
    assert_eq!(status, [Response::Success(ResponseBody::Status(ours))]);
    let goodbye = ask(&mut node, 1, Request::Goodbye(GoodbyeReason::Fault), now);
    assert_eq!(goodbye, [Response::Success(ResponseBody::Goodbye(GoodbyeReason::ClientShutdown))]);
    assert_eq!(ask(&mut node, 1, Request::Ping(8), now), [Response::Success(ResponseBody::Ping(0))]);
    let metadata = ask(&mut node, 1, Request::MetaData, now);
    let [Response::Success(ResponseBody::MetaData(metadata))] = &metadata[..] else { panic!("{metadata:?}") };
    let topics: Vec<usize> = (0..64).filter(|place| metadata.topics.get(*place) == Ok(true)).collect();
    assert_eq!((metadata.sequence, topics), (0, vec![0, 1, 2, 3]));
}

/// SY-10: what is kept of who has asked is bounded, and whoever has not asked for longest is forgotten.
///
/// Engine: law
#[test]
fn quotas_of_so_many_peers_are_kept() {
    let truth = Truth::new(1);
    let mut node = truth.node(1, Settings { remembered: 2, ..quick() });
    let now = truth.now();
    let mut ping = |peer, after| match ask(&mut node, peer, Request::Ping(0), now + after)[..] {
        [Response::Success(_)] => true,
        [Response::Failure(_)] => false,
        ref other => panic!("{other:?}"),
    };
    assert!(ping(1, 0) && ping(1, 1) && !ping(1, 2));
    assert!(ping(2, 3) && ping(2, 4) && !ping(2, 5));
    assert!(!ping(1, 6), "two are kept");
    assert!(ping(3, 7), "which is the third");
    assert!(!ping(1, 8) && ping(2, 9), "the second one had not asked for longest");
}

/// SY-4: when a slot begins is told for the slot after the one that the clock shows.
///
/// Engine: law
#[test]
fn slots_begin_when_they_do() {
    let truth = Truth::new(1);
    let node = truth.node(1, quick());
    assert_eq!(
        [0, 1, 1_999, 2_000, 2_001].map(|now| node.next_slot(now)),
        [2_000, 2_000, 2_000, 4_000, 4_000].map(Some)
    );
    assert_eq!(node.next_slot(u64::MAX), None);
}
