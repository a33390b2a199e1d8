//! Gossip: topics, messages and their ids.
//!
//! A message is one raw snappy block of SSZ. Its id is derived from the topic and the uncompressed content, as the
//! consensus p2p specification has it since Altair, so a message that is compressed differently is the same message.

use sha2::{Digest, Sha256};
use ssz::{Decode as _, DecodeError, Encode as _};
use thiserror::Error;

use super::containers::{Approval, PegoutSignatures, PowAnchor, SignedBlock};
use super::error::EncodeError;
use super::frame::{Refused, varint};
use super::limits::{Limits, Payload, SizeRange};

mod topic;

pub use topic::{Topic, TopicError, TopicKind};

/// The domain of ids of messages that do not decompress.
const INVALID_SNAPPY: [u8; 4] = [0, 0, 0, 0];

/// The domain of ids of messages that do.
const VALID_SNAPPY: [u8; 4] = [1, 0, 0, 0];

/// What identifies a message on its topic.
pub type MessageId = [u8; 20];

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GossipMessage {
    /// A proposal.
    ConsensusBlock(Box<SignedBlock>),
    /// A vote.
    ApproveBlock(Approval),
    /// Work that anchors a range.
    QueuePow(Box<PowAnchor>),
    /// Signatures under payments.
    PegoutSignatures(PegoutSignatures),
}

impl GossipMessage {
    /// Tells on which topics the message belongs.
    pub fn kind(&self) -> TopicKind {
        match self {
            Self::ConsensusBlock(_) => TopicKind::ConsensusBlock,
            Self::ApproveBlock(_) => TopicKind::ApproveBlock,
            Self::QueuePow(_) => TopicKind::QueuePow,
            Self::PegoutSignatures(_) => TopicKind::PegoutSignatures,
        }
    }

    /// Writes what is published.
    ///
    /// ```
    /// use alys_wire::containers::Approval;
    /// use alys_wire::gossip::{GossipMessage, TopicKind};
    /// use alys_wire::limits::Limits;
    ///
    /// let limits = Limits::default();
    /// let message = GossipMessage::ApproveBlock(Approval::default());
    /// let data = message.encode(&limits)?;
    /// assert_eq!(GossipMessage::decode(TopicKind::ApproveBlock, &data, &limits)?, message);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`EncodeError::Size`] if the limits do not allow the message.
    pub fn encode(&self, limits: &Limits) -> Result<Vec<u8>, EncodeError> {
        let ssz = match self {
            Self::ConsensusBlock(block) => block.as_ssz_bytes(),
            Self::ApproveBlock(approval) => approval.as_ssz_bytes(),
            Self::QueuePow(anchor) => anchor.as_ssz_bytes(),
            Self::PegoutSignatures(signatures) => signatures.as_ssz_bytes(),
        };
        let payload = self.kind().payload();
        let refused = EncodeError::Size { payload, length: ssz.len(), allowed: limits.of(payload) };
        if !limits.of(payload).contains(ssz.len()) {
            return Err(refused);
        }
        snap::raw::Encoder::new().compress_vec(&ssz).map_err(|_| refused)
    }

    /// Reads what was published on a topic of a kind.
    ///
    /// # Errors
    ///
    /// [`GossipError`], if the length in the message's header is not allowed, before anything is decompressed; or if
    /// the rest is not the compressed encoding of such a message.
    pub fn decode(kind: TopicKind, data: &[u8], limits: &Limits) -> Result<Self, GossipError> {
        let payload = kind.payload();
        let ssz = decompress(data, limits.of(payload))?;
        let message = match kind {
            TopicKind::ConsensusBlock => {
                SignedBlock::from_ssz_bytes(&ssz).map(|block| Self::ConsensusBlock(Box::new(block)))
            }
            TopicKind::ApproveBlock => Approval::from_ssz_bytes(&ssz).map(Self::ApproveBlock),
            TopicKind::QueuePow => {
                PowAnchor::from_ssz_bytes(&ssz).map(|anchor| Self::QueuePow(Box::new(anchor)))
            }
            TopicKind::PegoutSignatures => PegoutSignatures::from_ssz_bytes(&ssz).map(Self::PegoutSignatures),
        };
        message.map_err(|reason| GossipError::NotSsz { payload, reason })
    }
}

/// A message that is none.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum GossipError {
    /// The length in the header is not allowed, is not there, or has more bytes than it needs.
    #[error("the message does not begin with a length from {} to {} bytes", allowed.min, allowed.max)]
    Length {
        /// What is allowed.
        allowed: SizeRange,
    },
    /// The rest does not decompress to that length.
    #[error("compressed data is malformed")]
    Compression,
    /// The content is not the SSZ encoding of what it must be.
    #[error("the message is no {payload:?}: {reason:?}")]
    NotSsz {
        /// What it must be.
        payload: Payload,
        /// Why it is not.
        reason: DecodeError,
    },
}

/// Derives the id of a message on a topic.
///
/// What does not decompress, or declares a length that the limits do not allow, has an id derived from its bytes as
/// they are: it is refused, but must be told from others before.
///
/// ```
/// use alys_wire::gossip::{Topic, TopicKind, message_id};
/// use alys_wire::limits::Limits;
///
/// let [one, other] = [[0; 4], [1; 4]].map(|fork_digest| Topic { fork_digest, kind: TopicKind::QueuePow });
/// let limits = Limits::default();
/// assert_ne!(message_id(&one, b"data", &limits), message_id(&other, b"data", &limits));
/// ```
pub fn message_id(topic: &Topic, data: &[u8], limits: &Limits) -> MessageId {
    let topic_name = topic.to_string();
    let mut hasher = Sha256::new();
    match decompress(data, limits.of(topic.kind.payload())) {
        Ok(content) => {
            bind(&mut hasher, VALID_SNAPPY, &topic_name);
            hasher.update(&content);
        }
        Err(_) => {
            bind(&mut hasher, INVALID_SNAPPY, &topic_name);
            hasher.update(data);
        }
    }
    let mut id = MessageId::default();
    let length = id.len();
    id.copy_from_slice(&hasher.finalize()[..length]);
    id
}

/// Binds an id to its domain and topic.
fn bind(hasher: &mut Sha256, domain: [u8; 4], topic: &str) {
    hasher.update(domain);
    hasher.update((topic.len() as u64).to_le_bytes());
    hasher.update(topic);
}

/// Decompresses a raw block whose header is allowed.
fn decompress(data: &[u8], allowed: SizeRange) -> Result<Vec<u8>, GossipError> {
    let length = match varint(data, allowed.min.into(), allowed.max.into()) {
        Ok(Some((length, _))) => length as usize,
        Ok(None) | Err(Refused { .. }) => return Err(GossipError::Length { allowed }),
    };
    let mut ssz = vec![0; length];
    snap::raw::Decoder::new().decompress(data, &mut ssz).map_err(|_| GossipError::Compression)?;
    Ok(ssz)
}
