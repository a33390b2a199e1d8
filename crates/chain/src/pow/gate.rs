//! When production stops for want of work.

use thiserror::Error;

/// Why a gate is closed, or cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GateError {
    /// With 0 nothing could ever be produced.
    #[error("max_blocks_without_pow is 0: at least 1 is allowed")]
    NoBlocks,
    /// Too many finalised blocks are not anchored.
    #[error(
        "{unanchored} finalised blocks are not anchored (finalised {finalised}, anchored {anchored}): production goes \
         on below {max}"
    )]
    Closed {
        /// The height of the last finalised block.
        finalised: u64,
        /// The height of the last anchored block.
        anchored: u64,
        /// How many finalised blocks are not anchored.
        unanchored: u64,
        /// How many stop production.
        max: u64,
    },
}

/// Stops production while too many finalised blocks are not anchored.
///
/// Blocks that are not final yet do not count: there is always a range that can be anchored, so a closed gate can be
/// opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    max_blocks_without_pow: u64,
}

impl Gate {
    /// A gate that closes at so many finalised blocks without an anchor.
    ///
    /// # Errors
    ///
    /// [`GateError::NoBlocks`] for 0.
    pub fn new(max_blocks_without_pow: u64) -> Result<Self, GateError> {
        if max_blocks_without_pow == 0 {
            return Err(GateError::NoBlocks);
        }
        Ok(Gate { max_blocks_without_pow })
    }

    /// Asks whether a block may be produced.
    ///
    /// # Errors
    ///
    /// [`GateError::Closed`] says how many are not anchored.
    pub fn open(&self, finalised: u64, anchored: u64) -> Result<(), GateError> {
        let unanchored = finalised.saturating_sub(anchored);
        if unanchored >= self.max_blocks_without_pow {
            return Err(GateError::Closed {
                finalised,
                anchored,
                unanchored,
                max: self.max_blocks_without_pow,
            });
        }
        Ok(())
    }
}
