//! How large every payload may be: the one table that encoder and decoder share.

use thiserror::Error;

/// A payload that is sent: what stands uncompressed inside a frame or a gossip message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Payload {
    /// A [`Status`](super::message::Status).
    Status,
    /// A [`GoodbyeReason`](super::codes::GoodbyeReason).
    Goodbye,
    /// A [`BlocksByRange`](super::message::BlocksByRange).
    BlocksByRange,
    /// A [`BlocksByRoot`](super::message::BlocksByRoot).
    BlocksByRoot,
    /// A sequence number.
    Ping,
    /// A [`MetaData`](super::message::MetaData).
    MetaData,
    /// A [`CertifiedBlock`](super::containers::CertifiedBlock).
    CertifiedBlock,
    /// An [`ErrorText`](super::message::ErrorText).
    ErrorText,
    /// A [`SignedBlock`](super::containers::SignedBlock).
    SignedBlock,
    /// An [`Approval`](super::containers::Approval).
    Approval,
    /// A [`PowAnchor`](super::containers::PowAnchor).
    PowAnchor,
    /// A [`PegoutSignatures`](super::containers::PegoutSignatures).
    PegoutSignatures,
}

impl Payload {
    /// Every kind of payload.
    pub const ALL: [Self; 12] = [
        Self::Status,
        Self::Goodbye,
        Self::BlocksByRange,
        Self::BlocksByRoot,
        Self::Ping,
        Self::MetaData,
        Self::CertifiedBlock,
        Self::ErrorText,
        Self::SignedBlock,
        Self::Approval,
        Self::PowAnchor,
        Self::PegoutSignatures,
    ];

    /// Tells what SSZ allows: the fewest and the most bytes that an encoding of the type can have.
    fn ssz_size(self) -> SizeRange {
        let (min, max) = match self {
            Self::Status => (84, 84),
            Self::Goodbye | Self::Ping => (8, 8),
            Self::BlocksByRange => (24, 24),
            Self::BlocksByRoot => (32, 32 * 1_024),
            Self::MetaData => (16, 16),
            Self::CertifiedBlock => (385, 244 + TRANSACTIONS + 173),
            Self::ErrorText => (1, 256),
            Self::SignedBlock => (236, 236 + TRANSACTIONS),
            Self::Approval => (144, 144),
            Self::PowAnchor => (168, 168 + 65_536 + 2 * 32 * 32),
            Self::PegoutSignatures => (12, 12 + 64 * (4 + 36 + 256 * 64)),
        };
        SizeRange { min, max }
    }
}

/// The bytes of the fullest list of transactions: an offset and the most bytes for each.
const TRANSACTIONS: u32 = 1_024 * (4 + 65_536);

/// From how many to how many bytes, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeRange {
    /// The fewest; at least 1.
    pub min: u32,
    /// The most.
    pub max: u32,
}

impl SizeRange {
    /// Tells whether a payload of so many bytes is allowed.
    pub fn contains(self, length: usize) -> bool {
        u32::try_from(length).is_ok_and(|length| self.min <= length && length <= self.max)
    }
}

/// The table of limits.
///
/// What SSZ allows bounds each payload, and one configured maximum bounds them all. Whoever encodes and whoever
/// decodes takes its limits from here, so what is sent by a node is accepted by one that is configured alike.
///
/// ```
/// use alys_wire::limits::{Limits, Payload};
///
/// let limits = Limits::default();
/// assert_eq!(limits.of(Payload::Status).max, 84);
/// assert_eq!(limits.of(Payload::SignedBlock).max, 1 << 20);
/// assert!(Limits::new(100).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// invariant: from [`Limits::SMALLEST`] to [`Limits::LARGEST`].
    max_payload: u32,
}

impl Limits {
    /// The smallest maximum that can be configured: every payload of a fixed size fits.
    pub const SMALLEST: u32 = 1_024;

    /// The maximum where none is configured.
    pub const DEFAULT: u32 = 1 << 20;

    /// The largest maximum that can be configured.
    pub const LARGEST: u32 = 1 << 26;

    /// Makes the table with a configured maximum, in bytes of uncompressed SSZ.
    ///
    /// # Errors
    ///
    /// [`LimitsError`] if the maximum is below [`Limits::SMALLEST`] or above [`Limits::LARGEST`].
    pub fn new(max_payload: u32) -> Result<Self, LimitsError> {
        if (Self::SMALLEST..=Self::LARGEST).contains(&max_payload) {
            Ok(Self { max_payload })
        } else {
            Err(LimitsError { max_payload })
        }
    }

    /// Tells how large a payload may be.
    pub fn of(&self, payload: Payload) -> SizeRange {
        let ssz = payload.ssz_size();
        SizeRange { min: ssz.min, max: ssz.max.min(self.max_payload) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_payload: Self::DEFAULT }
    }
}

/// A maximum that cannot be configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "a maximum payload of {max_payload} bytes is not from {} to {} bytes",
    Limits::SMALLEST,
    Limits::LARGEST
)]
pub struct LimitsError {
    /// What was to be configured.
    pub max_payload: u32,
}
