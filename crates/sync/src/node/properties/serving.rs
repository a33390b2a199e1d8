//! What is served, and what signatures are worth.

use std::sync::Arc;

use alys_chain::engine as chain;
use alys_wire::codes::FailureCode;
use alys_wire::containers::CertifiedBlock;
use alys_wire::message::{BlocksByRange, BlocksByRoot, Request, Response, ResponseBody};

use super::super::SyncNode;
use super::super::verify::Verifier;
use super::quick;
use super::truth::{Nothing, Truth};
use crate::engine::Stop;
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

/// SY-3, SY-8: the first block that is not signed as it should be is found, whatever the number of threads.
///
/// Engine: law
#[test]
fn threads_find_what_one_would_find() {
    let truth = Truth::new(20);
    for threads in 1..=8 {
        let verifier = Verifier::new(truth.consensus(), threads);
        assert_eq!(verifier.verify(&truth.blocks), (20, None));
        assert_eq!(verifier.verify(&[]), (0, None));
        for place in 0..20 {
            let mut blocks = truth.blocks.clone();
            Arc::make_mut(&mut blocks[place]).certificate.signature = Default::default();
            if let Some(later) = blocks.get_mut(place + 2) {
                Arc::make_mut(later).signed_block.signature = Default::default();
            }
            assert_eq!(verifier.verify(&blocks), (place, Some(Stop::BadCertificate)), "{threads} {place}");
            Arc::make_mut(&mut blocks[place]).signed_block.signature = Default::default();
            assert_eq!(verifier.verify(&blocks), (place, Some(Stop::Invalid)), "{threads} {place}");
        }
    }
}

/// SY-4: a certificate counts for its own block and slot, and only if it is that of a quorum.
///
/// Engine: law
#[test]
fn a_certificate_counts_for_its_own_block() {
    let truth = Truth::new(5);
    let verifier = Verifier::new(truth.consensus(), 1);
    let block = CertifiedBlock::clone(&truth.blocks[2]);
    assert!(verifier.is_certified(&block));
    let other = truth.blocks[3].certificate.clone();
    assert!(!verifier.is_certified(&CertifiedBlock { certificate: other, ..block.clone() }));
    let mut later = block.clone();
    later.signed_block.block.header.slot += 1;
    assert!(!verifier.is_certified(&later), "another root");
    later.certificate.block_root = later.signed_block.block.root();
    assert!(!verifier.is_certified(&later), "another slot");
    assert!(!verifier.is_certified(&truth.approved_by(&block, 2)), "two of four");
    assert!(verifier.is_certified(&truth.approved_by(&block, 3)), "three of four");
}
