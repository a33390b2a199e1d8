//! At which heights checkpoints are due.

use std::num::NonZeroU64;

use thiserror::Error;

/// Why a number is no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IntervalError {
    /// No height is a multiple of 0.
    #[error("the checkpoint interval is 0: at least 1 is allowed")]
    Zero,
}

/// How many heights lie between two checkpoints.
///
/// ```
/// use alys_chain::checkpoint::Interval;
///
/// let interval = Interval::new(10)?;
/// assert_eq!(interval.due(5, 30).collect::<Vec<_>>(), [10, 20, 30]);
/// assert!(Interval::new(0).is_err());
/// # Ok::<(), alys_chain::checkpoint::IntervalError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval(NonZeroU64);

impl Interval {
    /// An interval of so many heights.
    ///
    /// # Errors
    ///
    /// [`IntervalError::Zero`].
    pub fn new(heights: u64) -> Result<Self, IntervalError> {
        NonZeroU64::new(heights).map(Interval).ok_or(IntervalError::Zero)
    }

    /// The number of heights.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }

    /// Whether a checkpoint is due at a height: a multiple of the interval, and not the genesis.
    #[must_use]
    pub fn is_due(self, height: u64) -> bool {
        height > 0 && height.is_multiple_of(self.get())
    }

    /// The last height at or below this one at which a checkpoint is due; 0 where there is none.
    #[must_use]
    pub fn last_due(self, height: u64) -> u64 {
        height - height % self.0
    }

    /// The heights above `after` and up to `to` at which checkpoints are due.
    pub fn due(self, after: u64, to: u64) -> impl Iterator<Item = u64> + use<> {
        let first = self.last_due(after).checked_add(self.get());
        std::iter::successors(first, move |height| height.checked_add(self.get()))
            .take_while(move |height| *height <= to)
    }
}
