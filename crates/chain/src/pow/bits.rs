//! Targets, and their compact form.

use bitcoin::{BlockHash, CompactTarget, Target, hashes::Hash as _};
use ruint::aliases::U256;
use thiserror::Error;

/// Why a compact target is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BitsError {
    /// It stands for no hash at all: zero, or negative.
    #[error("the compact target {bits:#010x} is zero or negative: at least 1 is allowed")]
    NotPositive {
        /// The compact target.
        bits: u32,
    },
    /// It is not what compaction makes of the target that it stands for, so one target would have two forms.
    #[error("the compact target {bits:#010x} is not canonical: its target is written {canonical:#010x}")]
    NotCanonical {
        /// The compact target.
        bits: u32,
        /// How its target is written.
        canonical: u32,
    },
    /// It is easier than the network allows.
    #[error("the compact target {bits:#010x} is easier than the limit {limit:#010x}")]
    AboveLimit {
        /// The compact target.
        bits: u32,
        /// The easiest one that is allowed.
        limit: u32,
    },
}

/// A target in compact form that is canonical and above zero.
///
/// ```
/// use alys_chain::pow::Bits;
///
/// let bits = Bits::new(0x1d00_ffff)?;
/// assert_eq!(bits.compact(), 0x1d00_ffff);
/// assert!(Bits::new(0).is_err());
/// # Ok::<(), alys_chain::pow::BitsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    compact: u32,
    target: U256,
}

impl Bits {
    /// Reads a compact target.
    ///
    /// # Errors
    ///
    /// [`BitsError::NotPositive`] and [`BitsError::NotCanonical`].
    pub fn new(compact: u32) -> Result<Self, BitsError> {
        let target = Target::from_compact(CompactTarget::from_consensus(compact));
        if target == Target::ZERO {
            return Err(BitsError::NotPositive { bits: compact });
        }
        let canonical = target.to_compact_lossy().to_consensus();
        if canonical != compact {
            return Err(BitsError::NotCanonical { bits: compact, canonical });
        }
        Ok(Bits { compact, target: U256::from_be_bytes(target.to_be_bytes()) })
    }

    /// Reads a compact target that must not be easier than a limit.
    ///
    /// # Errors
    ///
    /// As [`Bits::new`], and [`BitsError::AboveLimit`].
    pub fn within(compact: u32, limit: Bits) -> Result<Self, BitsError> {
        let bits = Bits::new(compact)?;
        if bits.target > limit.target {
            return Err(BitsError::AboveLimit { bits: compact, limit: limit.compact });
        }
        Ok(bits)
    }

    /// Writes a target in compact form, which keeps its 23 highest bits and rounds down: never an easier target.
    ///
    /// Zero, which no hash meets, becomes 1.
    #[must_use]
    pub fn rounded_down(target: U256) -> Self {
        let exact = Target::from_be_bytes(target.max(U256::from(1)).to_be_bytes());
        let compact = exact.to_compact_lossy();
        let target = U256::from_be_bytes(Target::from_compact(compact).to_be_bytes());
        Bits { compact: compact.to_consensus(), target }
    }

    /// The compact form.
    #[must_use]
    pub fn compact(self) -> u32 {
        self.compact
    }

    /// The target itself: the highest hash that meets it.
    #[must_use]
    pub fn target(self) -> U256 {
        self.target
    }

    /// Whether a hash, as the number that it is, is not above the target.
    #[must_use]
    pub fn is_met_by(self, hash: BlockHash) -> bool {
        U256::from_le_bytes(hash.to_byte_array()) <= self.target
    }
}
