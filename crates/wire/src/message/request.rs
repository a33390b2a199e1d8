//! What a peer is asked.

use alloy_primitives::FixedBytes;
use ssz::{Decode as _, DecodeError, Encode as _};
use ssz_derive::{Decode, Encode};
use ssz_types::typenum::{U64, U1024};
use ssz_types::{BitVector, VariableList};
use tree_hash_derive::TreeHash;

use super::super::codes::GoodbyeReason;
use super::super::containers::Hash256;
use super::super::protocol::Protocol;

/// What chain a node follows and how far it has come: both the request and its response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct Status {
    /// Which chain and which rules.
    pub fork_digest: FixedBytes<4>,
    /// The last finalised block.
    pub finalised_root: Hash256,
    /// Its height.
    pub finalised_height: u64,
    /// The tip.
    pub head_root: Hash256,
    /// Its slot.
    pub head_slot: u64,
}

/// Asks for certified blocks at `start`, `start + step` and so on, `count` of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct BlocksByRange {
    /// The first height.
    pub start: u64,
    /// How many.
    pub count: u64,
    /// The distance between two of them.
    pub step: u64,
}

/// Asks for certified blocks with these roots: at least one, at most 1024.
pub type BlocksByRoot = VariableList<Hash256, U1024>;

/// One bit for each topic of [`TopicKind`](super::super::gossip::TopicKind), in that order, and others for later ones.
pub type TopicBits = BitVector<U64>;

/// What a node offers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct MetaData {
    /// How often it has changed: what a ping tells.
    pub sequence: u64,
    /// Which topics the node is subscribed to.
    pub topics: TopicBits,
}

/// A request: what one stream carries from who opened it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Says where we are, and asks where the peer is.
    Status(Status),
    /// Says that we leave.
    Goodbye(GoodbyeReason),
    /// Asks for blocks by height.
    BlocksByRange(BlocksByRange),
    /// Asks for blocks by root.
    BlocksByRoot(BlocksByRoot),
    /// Says how often our metadata has changed, and asks the same.
    Ping(u64),
    /// Asks what the peer offers. It has no body: its stream is empty.
    MetaData,
}

impl Request {
    /// Tells the protocol of the request.
    pub fn protocol(&self) -> Protocol {
        match self {
            Self::Status(_) => Protocol::Status,
            Self::Goodbye(_) => Protocol::Goodbye,
            Self::BlocksByRange(_) => Protocol::BlocksByRange,
            Self::BlocksByRoot(_) => Protocol::BlocksByRoot,
            Self::Ping(_) => Protocol::Ping,
            Self::MetaData => Protocol::MetaData,
        }
    }

    /// Tells how many responses the request may have: as many as it asks blocks, or one.
    pub fn responses_max(&self) -> u64 {
        match self {
            Self::BlocksByRange(range) => range.count,
            Self::BlocksByRoot(roots) => roots.len() as u64,
            Self::Status(_) | Self::Goodbye(_) | Self::Ping(_) | Self::MetaData => 1,
        }
    }

    /// Writes the body.
    pub(crate) fn to_ssz(&self) -> Vec<u8> {
        match self {
            Self::Status(status) => status.as_ssz_bytes(),
            Self::Goodbye(reason) => reason.number().as_ssz_bytes(),
            Self::BlocksByRange(range) => range.as_ssz_bytes(),
            Self::BlocksByRoot(roots) => roots.as_ssz_bytes(),
            Self::Ping(sequence) => sequence.as_ssz_bytes(),
            Self::MetaData => Vec::new(),
        }
    }

    /// Reads the body.
    pub(crate) fn from_ssz(protocol: Protocol, bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(match protocol {
            Protocol::Status => Self::Status(Status::from_ssz_bytes(bytes)?),
            Protocol::Goodbye => Self::Goodbye(GoodbyeReason::from_number(u64::from_ssz_bytes(bytes)?)),
            Protocol::BlocksByRange => Self::BlocksByRange(BlocksByRange::from_ssz_bytes(bytes)?),
            Protocol::BlocksByRoot => Self::BlocksByRoot(BlocksByRoot::from_ssz_bytes(bytes)?),
            Protocol::Ping => Self::Ping(u64::from_ssz_bytes(bytes)?),
            Protocol::MetaData => Self::MetaData,
        })
    }
}
