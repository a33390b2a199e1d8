//! The network of a node, watched: what passes is counted, and what the rest of the process must know of it is told.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use alys_p2p::shell::Libp2pNetwork;
use alys_sync::{
    network::{Network, NetworkCommand, NetworkEvent, Outcome},
    peer::PeerId,
};
use alys_wire::{
    codes::GoodbyeReason,
    message::{Request, Response, ResponseBody},
};
use tokio::sync::watch;
use tracing::{debug, info, warn};

use super::meters::Meters;

/// What is known of the node that is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// The height of the highest block that it has shown.
    pub(super) target: u64,
    /// One of both has said that they are not on the same chain.
    pub(super) is_foreign: bool,
}

/// Tells a network that it is to end, and whether it has.
#[derive(Clone, Debug)]
pub(super) struct Closing(Rc<Asked>);

#[derive(Debug)]
struct Asked {
    asked: Cell<bool>,
    waker: RefCell<Option<Waker>>,
    ended: watch::Sender<bool>,
}

impl Closing {
    pub(super) fn new() -> Self {
        let (ended, _) = watch::channel(false);
        Self(Rc::new(Asked { asked: Cell::new(false), waker: RefCell::new(None), ended }))
    }

    /// Lets the network say goodbye to everybody, and waits until it has.
    pub(super) async fn close(&self) {
        self.0.asked.set(true);
        if let Some(waker) = self.0.waker.borrow_mut().take() {
            waker.wake();
        }
        // Its other end is in the same value, so it is never gone.
        let _ = self.0.ended.subscribe().wait_for(|ended| *ended).await;
    }
}

/// A network that is watched.
pub(super) struct Observed {
    network: Libp2pNetwork,
    meters: Meters,
    /// Who is followed, if anybody is, and what is told of it.
    followed: Option<PeerId>,
    source: watch::Sender<Source>,
    closing: Closing,
    is_closing: bool,
}

impl Observed {
    /// Watches a network; tells of the peer that is followed, if one is.
    pub(super) fn new(
        network: Libp2pNetwork,
        meters: Meters,
        followed: Option<PeerId>,
        closing: Closing,
    ) -> (Self, watch::Receiver<Source>) {
        let (source, told) = watch::channel(Source::default());
        (Self { network, meters, followed, source, closing, is_closing: false }, told)
    }

    /// A peer leaves, or is left. That the one that is followed is on another chain is told; of others it is no news.
    fn parting(&self, peer: PeerId, reason: GoodbyeReason) {
        if self.followed == Some(peer) && reason == GoodbyeReason::IrrelevantNetwork {
            self.source.send_modify(|source| source.is_foreign = true);
        }
    }

    /// A peer has answered.
    fn answered(&self, peer: PeerId, outcome: &Outcome) {
        let responses: &[Response] = match outcome {
            Outcome::Answered(responses) => responses,
            Outcome::Malformed(_) | Outcome::Unavailable => &[],
        };
        self.meters.answered(outcome, blocks(responses).count() as u64);
        let shown = blocks(responses).max().unwrap_or(0);
        if self.followed == Some(peer) && shown > self.source.borrow().target {
            self.meters.target(shown);
            self.source.send_modify(|source| source.target = shown);
        }
    }

    /// Something has come.
    fn seen(&self, event: &NetworkEvent) {
        match event {
            NetworkEvent::Connected { peer } => {
                info!(peer = peer.0, "connected");
                self.meters.connected();
            }
            NetworkEvent::Disconnected { peer } => {
                info!(peer = peer.0, "disconnected");
                self.meters.disconnected();
            }
            NetworkEvent::Request { peer, request, .. } => {
                debug!(peer = peer.0, protocol = ?request.protocol(), "asked by a peer");
                if let Request::Goodbye(reason) = request {
                    self.parting(*peer, *reason);
                }
            }
            NetworkEvent::Response { peer, outcome, .. } => self.answered(*peer, outcome),
            NetworkEvent::Malformed { peer, fault } => {
                warn!(peer = peer.0, ?fault, "malformed");
                self.meters.malformed();
            }
            NetworkEvent::Gossip { .. } => {}
        }
    }
}

/// The heights of the blocks in answers.
fn blocks(responses: &[Response]) -> impl Iterator<Item = u64> {
    responses.iter().filter_map(|response| match response {
        Response::Success(ResponseBody::Block(block)) => Some(block.signed_block.block.header.height),
        _ => None,
    })
}

impl Network for Observed {
    fn command(&mut self, command: NetworkCommand) {
        match &command {
            NetworkCommand::Request { peer, message, .. } => {
                debug!(peer = peer.0, protocol = ?message.protocol(), "asking a peer");
                self.meters.asked();
            }
            NetworkCommand::Respond { responses, .. } => self.meters.served(blocks(responses).count() as u64),
            NetworkCommand::Disconnect { peer, reason } => {
                info!(peer = peer.0, ?reason, "leaving a peer");
                self.parting(*peer, *reason);
            }
            NetworkCommand::Ban { peer, until } => warn!(peer = peer.0, until, "banned"),
            NetworkCommand::Cancel { .. } | NetworkCommand::Publish { .. } => {}
        }
        self.network.command(command);
    }

    /// A network that was told to end says nothing more when it has: its node is not to fail for that.
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<NetworkEvent>> {
        if self.closing.0.asked.get() && !self.is_closing {
            self.is_closing = true;
            self.network.shut_down();
        }
        self.closing.0.waker.replace(Some(cx.waker().clone()));
        match self.network.poll_event(cx) {
            Poll::Ready(None) if self.is_closing => {
                self.closing.0.ended.send_replace(true);
                Poll::Pending
            }
            Poll::Ready(Some(event)) => {
                self.seen(&event);
                Poll::Ready(Some(event))
            }
            other => other,
        }
    }
}
