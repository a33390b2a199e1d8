//! Which requests there are, and how their streams are named.

use thiserror::Error;

use super::limits::Payload;

/// A kind of request with its responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// What chain and which blocks each side has.
    Status,
    /// A peer leaves.
    Goodbye,
    /// Certified blocks by their heights.
    BlocksByRange,
    /// Certified blocks by their roots.
    BlocksByRoot,
    /// Whether the other side is there, and whether its metadata is new.
    Ping,
    /// What the other side offers.
    MetaData,
}

impl Protocol {
    /// Every protocol.
    pub const ALL: [Self; 6] =
        [Self::Status, Self::Goodbye, Self::BlocksByRange, Self::BlocksByRoot, Self::Ping, Self::MetaData];

    /// Tells the id under which streams of the protocol are negotiated.
    ///
    /// ```
    /// use alys_wire::protocol::Protocol;
    ///
    /// assert_eq!(Protocol::Ping.id(), "/eth2/chain/req/ping/1/ssz_snappy");
    /// assert_eq!(Protocol::from_id("/eth2/chain/req/ping/1/ssz_snappy"), Ok(Protocol::Ping));
    /// assert!(Protocol::from_id("/eth2/chain/req/ping/2/ssz_snappy").is_err());
    /// ```
    pub const fn id(self) -> &'static str {
        match self {
            Self::Status => "/eth2/chain/req/status/1/ssz_snappy",
            Self::Goodbye => "/eth2/chain/req/goodbye/1/ssz_snappy",
            Self::BlocksByRange => "/eth2/chain/req/blocks_by_range/1/ssz_snappy",
            Self::BlocksByRoot => "/eth2/chain/req/blocks_by_root/1/ssz_snappy",
            Self::Ping => "/eth2/chain/req/ping/1/ssz_snappy",
            Self::MetaData => "/eth2/chain/req/metadata/1/ssz_snappy",
        }
    }

    /// Finds the protocol of an id.
    ///
    /// # Errors
    ///
    /// [`UnknownProtocol`] if no protocol has exactly this id.
    pub fn from_id(id: &str) -> Result<Self, UnknownProtocol> {
        let found = Self::ALL.into_iter().find(|protocol| protocol.id() == id);
        found.ok_or_else(|| UnknownProtocol { id: id.to_owned() })
    }

    /// Tells what a request consists of, or nothing if its body is empty.
    pub fn request(self) -> Option<Payload> {
        match self {
            Self::Status => Some(Payload::Status),
            Self::Goodbye => Some(Payload::Goodbye),
            Self::BlocksByRange => Some(Payload::BlocksByRange),
            Self::BlocksByRoot => Some(Payload::BlocksByRoot),
            Self::Ping => Some(Payload::Ping),
            Self::MetaData => None,
        }
    }

    /// Tells what a successful response consists of.
    pub fn response(self) -> Payload {
        match self {
            Self::Status => Payload::Status,
            Self::Goodbye => Payload::Goodbye,
            Self::BlocksByRange | Self::BlocksByRoot => Payload::CertifiedBlock,
            Self::Ping => Payload::Ping,
            Self::MetaData => Payload::MetaData,
        }
    }
}

/// An id that names no protocol of ours.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{id:?} is not the id of a protocol: they are /eth2/chain/req/<name>/1/ssz_snappy")]
pub struct UnknownProtocol {
    /// The id.
    pub id: String,
}
