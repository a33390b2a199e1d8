//! What a node and its network say to each other.
//!
//! The codec of the wire runs inside each network: what is corrupted there are frames, and what comes out is a message or
//! a fault. A network keeps no opinion of peers and no deadlines; both are the engine's.

use std::task::{Context, Poll};

use alys_wire::codes::GoodbyeReason;
use alys_wire::fault::PeerFault;
use alys_wire::gossip::GossipMessage;
use alys_wire::message::{Request, Response};

use crate::engine::RequestId;
use crate::peer::PeerId;

/// A request of a peer, by a number that the network has given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InboundId(pub u64);

/// What a network tells.
#[derive(Clone, Debug, PartialEq)]
pub enum NetworkEvent {
    /// A peer is connected.
    Connected {
        /// Which one.
        peer: PeerId,
    },
    /// A peer is not connected any more. What was asked of it is not answered.
    Disconnected {
        /// Which one.
        peer: PeerId,
    },
    /// A peer asks something. It is answered by [`NetworkCommand::Respond`], at once.
    Request {
        /// Who.
        peer: PeerId,
        /// The number of its request.
        inbound: InboundId,
        /// What.
        request: Request,
    },
    /// What we asked has come to its end: exactly one for each request, unless its peer has left.
    Response {
        /// Who was asked.
        peer: PeerId,
        /// What was asked.
        request: RequestId,
        /// What came of it.
        outcome: Outcome,
    },
    /// A message has come on a topic.
    Gossip {
        /// From whom.
        peer: PeerId,
        /// What.
        message: GossipMessage,
    },
    /// Something malformed has come that is no response: a request, or a message on a topic. The stream is closed.
    Malformed {
        /// From whom.
        peer: PeerId,
        /// What.
        fault: PeerFault,
    },
}

/// What comes of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The stream has ended after these responses, in order; the last one may be a failure.
    Answered(Vec<Response>),
    /// A response was malformed. The stream is closed, and what had come before on it is dropped.
    Malformed(PeerFault),
    /// The stream could not be opened, or broke.
    Unavailable,
}

/// What a network is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum NetworkCommand {
    /// Ask a peer.
    Request {
        /// Whom.
        peer: PeerId,
        /// By which number the answer comes.
        request: RequestId,
        /// What.
        message: Request,
    },
    /// Forget a request that was not answered in time, and close its stream.
    Cancel {
        /// Who was asked.
        peer: PeerId,
        /// What.
        request: RequestId,
    },
    /// Answer a peer, and close the stream.
    Respond {
        /// Whom.
        peer: PeerId,
        /// Its request.
        inbound: InboundId,
        /// The answers, in order.
        responses: Vec<Response>,
    },
    /// Publish a message to all who are subscribed.
    Publish {
        /// What.
        message: GossipMessage,
    },
    /// Say goodbye to a peer, and disconnect it.
    Disconnect {
        /// Which one.
        peer: PeerId,
        /// Why.
        reason: GoodbyeReason,
    },
    /// Let no connection to or from a peer come up before this time. It is disconnected already.
    Ban {
        /// Which one.
        peer: PeerId,
        /// Until when, in milliseconds since the Unix epoch.
        until: u64,
    },
}

/// A network, as a host drives it.
pub trait Network {
    /// Takes a command. What comes of it is an event.
    fn command(&mut self, command: NetworkCommand);

    /// Gives the next event; `None` when the network has ended.
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<NetworkEvent>>;
}
