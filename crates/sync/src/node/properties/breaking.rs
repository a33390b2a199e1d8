//! Nodes whose chain cannot be made durable.

use alys_wire::codes::FailureCode;
use alys_wire::message::{Request, Response};

use super::net::Net;
use super::quick;
use super::truth::{Brittle, Truth};
use crate::gate::{Closed, Gate};
use crate::network::{InboundId, NetworkCommand, NetworkEvent};
use crate::peer::PeerId;
use crate::state::SyncState;

/// SY-3, SY-5: what could not be made durable is not told, nothing more is asked, and nothing is served.
///
/// Engine: law
#[test]
fn a_node_whose_medium_fails_is_failed_for_good() {
    let truth = Truth::new(100);
    let mut net = Net::new(truth.now());
    let full = net.join(truth.node(100, quick()));
    let brittle = net.join(truth.node_on(Brittle { commits: 20 }, &[], quick()));
    net.connect(full, brittle);
    net.run(60_000);
    let node = net.node(brittle);
    assert_eq!((node.state(), node.gate()), (SyncState::Failed, Gate::Closed(Closed::Failed)));
    assert_eq!(node.sync().next_wakeup(), None);
    assert!(node.sync().local().head.height <= 20, "{:?}", node.sync().local());
    let metrics = node.sync().metrics();
    assert!(metrics.blocks <= 20, "{}", metrics.blocks);
}

/// SY-5: a node that has failed answers with that, and with nothing of its chain.
///
/// Engine: law
#[test]
fn a_failed_node_says_so() {
    let truth = Truth::new(10);
    let mut node = truth.node_on(Brittle { commits: 10 }, &truth.blocks, quick());
    let next = Truth::new(11).blocks.pop();
    assert!(node.failure().is_none());
    let block = next.unwrap();
    let event =
        alys_chain::engine::Event::Import { block, signatures: alys_chain::engine::Signatures::Trusted };
    let commands = node.chain_event(event, truth.now() + 10_000);
    assert!(commands.is_empty() && node.failure().is_some());
    let asked = NetworkEvent::Request { peer: PeerId(1), inbound: InboundId(1), request: Request::Ping(0) };
    let commands = node.handle(asked, truth.now());
    let [NetworkCommand::Respond { responses, .. }] = &commands[..] else { panic!("{commands:?}") };
    let [Response::Failure(failure)] = &responses[..] else { panic!("{responses:?}") };
    assert_eq!(failure.code, FailureCode::ServerError);
}
