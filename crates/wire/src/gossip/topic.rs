//! Topics and their names.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::super::limits::Payload;

/// What a topic is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TopicKind {
    /// Proposals.
    ConsensusBlock,
    /// Votes for proposals.
    ApproveBlock,
    /// Work that anchors ranges of blocks.
    QueuePow,
    /// The federation's signatures under payments.
    PegoutSignatures,
}

impl TopicKind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::ConsensusBlock, Self::ApproveBlock, Self::QueuePow, Self::PegoutSignatures];

    /// Tells the part of a topic's name that says its kind.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConsensusBlock => "consensus_block",
            Self::ApproveBlock => "approve_block",
            Self::QueuePow => "queue_pow",
            Self::PegoutSignatures => "pegout_signatures",
        }
    }

    /// Tells what its messages consist of.
    pub const fn payload(self) -> Payload {
        match self {
            Self::ConsensusBlock => Payload::SignedBlock,
            Self::ApproveBlock => Payload::Approval,
            Self::QueuePow => Payload::PowAnchor,
            Self::PegoutSignatures => Payload::PegoutSignatures,
        }
    }
}

/// A topic of one chain.
///
/// ```
/// use alys_wire::gossip::{Topic, TopicKind};
///
/// let topic = Topic { fork_digest: [0, 1, 0xab, 0xff], kind: TopicKind::QueuePow };
/// assert_eq!(topic.to_string(), "/eth2/0001abff/queue_pow/ssz_snappy");
/// assert_eq!("/eth2/0001abff/queue_pow/ssz_snappy".parse(), Ok(topic));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic {
    /// Which chain and which rules.
    pub fork_digest: [u8; 4],
    /// What the topic is about.
    pub kind: TopicKind,
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digest = u32::from_be_bytes(self.fork_digest);
        write!(f, "/eth2/{digest:08x}/{}/ssz_snappy", self.kind.name())
    }
}

impl FromStr for Topic {
    type Err = TopicError;

    fn from_str(name: &str) -> Result<Self, TopicError> {
        let unknown = || TopicError { name: name.to_owned() };
        let digest = name.get(6..14).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let fork_digest = digest.ok_or_else(unknown)?.to_be_bytes();
        let topics = TopicKind::ALL.map(|kind| Self { fork_digest, kind });
        topics.into_iter().find(|topic| topic.to_string() == name).ok_or_else(unknown)
    }
}

/// A name that is no topic's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{name:?} is no topic: they are /eth2/<fork digest>/<name>/ssz_snappy, with eight lower-case digits")]
pub struct TopicError {
    /// The name.
    pub name: String,
}
