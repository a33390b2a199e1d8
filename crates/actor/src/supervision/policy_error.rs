//! Refusals of specifications.

use std::time::Duration;

use thiserror::Error;

/// Why nobody can be supervised like this.
///
/// # Examples
///
/// ```
/// use alys_actor::supervision::{ChildSpec, PolicyError};
///
/// let refused = ChildSpec { jitter_permille: 1001, ..ChildSpec::default() }.validate().unwrap_err();
/// assert_eq!(refused, PolicyError::JitterOutOfRange { jitter_permille: 1001 });
/// assert_eq!(refused.to_string(), "jitter_permille is 1001: allowed are 0 to 1000");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The field `window` is zero: no restart would ever be counted.
    #[error("window is 0: allowed is a positive duration")]
    ZeroWindow,
    /// A field that bounds a hook is zero: no hook would ever be in time.
    #[error("{field} is 0: allowed is a positive duration")]
    ZeroDeadline {
        /// Which.
        field: &'static str,
    },
    /// The field `multiplier` is below 1, or has no value.
    #[error("multiplier is {numerator}/{denominator}: allowed is a ratio of at least 1")]
    MultiplierBelowOne {
        /// The numerator.
        numerator: u32,
        /// The denominator.
        denominator: u32,
    },
    /// The field `initial` is above the field `max`.
    #[error("initial is {initial:?}: allowed is at most max, which is {max:?}")]
    InitialAboveMax {
        /// The first delay.
        initial: Duration,
        /// The longest one.
        max: Duration,
    },
    /// The field `jitter_permille` is no share.
    #[error("jitter_permille is {jitter_permille}: allowed are 0 to 1000")]
    JitterOutOfRange {
        /// Its value.
        jitter_permille: u16,
    },
}
