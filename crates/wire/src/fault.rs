//! What is held against a peer whose frames are malformed.

use std::fmt;

use thiserror::Error;

use super::error::WireError;
use super::gossip::{GossipError, TopicKind};
use super::protocol::Protocol;

/// Where a malformed message came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// A stream that the peer has opened.
    Request(Protocol),
    /// A stream that we have opened.
    Response(Protocol),
    /// A topic.
    Gossip(TopicKind),
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(protocol) => write!(f, "request on {}", protocol.id()),
            Self::Response(protocol) => write!(f, "response on {}", protocol.id()),
            Self::Gossip(kind) => write!(f, "message on {}", kind.name()),
        }
    }
}

/// A malformed message: it costs its sender score and the stream it came on.
///
/// Who keeps the peers decides how much, and closes the stream. A decoder that has failed keeps saying so, so nothing
/// more can come of that stream, and nothing of the frame is left.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("malformed {channel}: {cause}")]
pub struct PeerFault {
    /// Where it came from.
    pub channel: Channel,
    /// What was wrong.
    #[source]
    pub cause: FaultCause,
}

/// What was wrong with a message.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum FaultCause {
    /// A frame of a stream.
    #[error(transparent)]
    Stream(#[from] WireError),
    /// A gossiped message.
    #[error(transparent)]
    Gossip(#[from] GossipError),
}

impl PeerFault {
    /// Says where something malformed came from.
    pub fn new(channel: Channel, cause: impl Into<FaultCause>) -> Self {
        Self { channel, cause: cause.into() }
    }
}
