//! What can be wrong with bytes that arrive, and with values that are to be sent.

use thiserror::Error;

use super::limits::{Payload, SizeRange};

/// Bytes that are no message, and where that was seen.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("after {at} bytes: {cause}")]
pub struct WireError {
    /// How many bytes had been looked at: the last of them is the one that made the frame hopeless.
    ///
    /// Counted from the beginning of the frame, or for bytes after the last frame from its end.
    pub at: usize,
    /// What is wrong.
    pub cause: Cause,
}

/// What is wrong with the bytes.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Cause {
    /// The declared length is below what the payload needs.
    #[error("a payload of {length} bytes is declared, and at least {min} are needed")]
    LengthTooSmall {
        /// What is declared.
        length: u64,
        /// What is allowed.
        min: u64,
    },
    /// The declared length is above the limit, whatever bytes follow.
    #[error("a payload of at least {at_least} bytes is declared, and at most {max} are allowed")]
    LengthTooLarge {
        /// The least length that the bytes so far can still mean, and that is not too small.
        at_least: u64,
        /// What is allowed.
        max: u64,
    },
    /// A length has more bytes than it needs.
    #[error("a length ends with an empty byte: lengths are written with as few bytes as they need")]
    LengthNotMinimal,
    /// The first chunk is not the stream identifier.
    #[error("the compressed stream begins with a chunk of kind {kind:#04x}, not with its identifier")]
    NoIdentifier {
        /// The kind of the first chunk.
        kind: u8,
    },
    /// A stream identifier has another length or other content.
    #[error("a stream identifier is not ff 06 00 00 and `sNaPpY`")]
    WrongIdentifier,
    /// A chunk of a kind that must not be skipped and that nobody has defined.
    #[error("a chunk has the reserved kind {kind:#04x}: only kinds from 0x80 can be skipped")]
    ReservedChunk {
        /// Its kind.
        kind: u8,
    },
    /// A chunk without data, or too short to have any.
    #[error("a data chunk is empty: it needs a checksum and at least one byte")]
    EmptyChunk,
    /// A chunk of more data than any chunk may have.
    #[error("a chunk has at least {at_least} bytes of data, and at most 65536 are allowed")]
    ChunkTooLarge {
        /// The least that the bytes so far can mean.
        at_least: u64,
    },
    /// A chunk of more data than the declared length leaves.
    #[error("a chunk has at least {at_least} bytes of data, and only {left} of the declared ones are left")]
    Overshoot {
        /// The least that the bytes so far can mean.
        at_least: u64,
        /// What is left.
        left: u64,
    },
    /// A compressed stream longer than any that is needed for the declared length.
    #[error("the compressed stream does not end within {budget} bytes, which is enough for what is declared")]
    OverBudget {
        /// How many bytes are enough.
        budget: u64,
    },
    /// A compressed block that does not decompress to the length in its header.
    #[error("compressed data is malformed")]
    Compression,
    /// Data that is not what the checksum was made of.
    #[error("the checksum is {found:#010x}, and the data has {computed:#010x}")]
    Checksum {
        /// The checksum sent.
        found: u32,
        /// The checksum of the data received.
        computed: u32,
    },
    /// A payload that is not the SSZ encoding of what it must be.
    #[error("the payload is no {payload:?}: {reason:?}")]
    NotSsz {
        /// What it must be.
        payload: Payload,
        /// Why it is not.
        reason: ssz::DecodeError,
    },
    /// The stream has ended within a frame, or before the request that it must carry.
    #[error("the stream ends within a message")]
    Truncated,
    /// Bytes after the last frame that the stream may carry.
    #[error("bytes follow the last message that the stream may carry")]
    Trailing,
}

impl WireError {
    pub(super) const fn new(at: usize, cause: Cause) -> Self {
        Self { at, cause }
    }
}

/// A message that is not sent, because no decoder would accept it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The payload is too small or too large.
    #[error("a {payload:?} of {length} bytes is not sent: from {} to {} bytes are allowed", allowed.min, allowed.max)]
    Size {
        /// What was to be sent.
        payload: Payload,
        /// How many bytes it has.
        length: usize,
        /// What is allowed.
        allowed: SizeRange,
    },
    /// The message belongs to another protocol than the stream.
    #[error("the message does not belong on a stream of {stream:?}")]
    WrongStream {
        /// The stream's protocol.
        stream: super::protocol::Protocol,
    },
    /// The stream has carried all messages that it may carry.
    #[error("the stream has already carried its last message")]
    Finished,
}
