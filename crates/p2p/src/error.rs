//! Why a network does not start, or does not reach somebody.

use std::io;

use libp2p::Multiaddr;
use libp2p::swarm::DialError;
use thiserror::Error;

/// Why a network does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// A setting is out of its bounds.
    #[error("{field} is {value}: it must be at least 1")]
    Setting {
        /// Which one.
        field: &'static str,
        /// What it is.
        value: u64,
    },
    /// A text is no address.
    #[error("{text:?} is no multiaddress, such as /ip4/127.0.0.1/tcp/9000: {why}")]
    NoAddress {
        /// The text.
        text: String,
        /// Why not.
        why: libp2p::multiaddr::Error,
    },
    /// An address is of no transport that there is.
    #[error(
        "{address} is of no transport that there is: they are /ip4|ip6/…/tcp/… and /ip4|ip6/…/udp/…/quic-v1"
    )]
    Unsupported {
        /// The address.
        address: Multiaddr,
    },
    /// An address is not of this machine, and must be.
    #[error("{address} is not of this machine: only with `beyond_loopback` is it allowed")]
    NotLoopback {
        /// The address.
        address: Multiaddr,
    },
    /// Somebody listens on an address already.
    #[error("{address} is in use")]
    InUse {
        /// The address.
        address: Multiaddr,
    },
    /// An address cannot be listened on.
    #[error("{address} cannot be listened on: {why}")]
    Listen {
        /// The address.
        address: Multiaddr,
        /// Why not.
        why: io::Error,
    },
    /// The key cannot be used for a handshake.
    #[error("the key of the node makes no handshake: {0}")]
    Key(#[from] libp2p::noise::Error),
    /// Gossip refuses its settings.
    #[error("gossip cannot be set up: {0}")]
    Gossip(String),
}

/// Why somebody was not reached.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReachError {
    /// The address cannot be dialled.
    #[error(transparent)]
    Address(#[from] StartError),
    /// Nobody was reached there.
    #[error("nobody was reached at {address}: {why}")]
    Unreachable {
        /// The address.
        address: Multiaddr,
        /// Why.
        why: Box<DialError>,
    },
    /// The network has ended.
    #[error("{address} was not dialled: the network has ended")]
    Ended {
        /// The address.
        address: Multiaddr,
    },
}
