//! How a target follows the time that was needed.

use ruint::{Uint, aliases::U256};
use thiserror::Error;

use super::{Bits, Network};

/// Wide enough for a target times any number of seconds.
type Wide = Uint<320, 5>;

/// `target * numerator / denominator`, rounded down, at most the largest target.
fn scaled(target: U256, numerator: u64, denominator: u64) -> U256 {
    U256::saturating_from(Wide::from(target) * Wide::from(numerator) / Wide::from(denominator))
}

/// The bits behind an interval of Bitcoin: see [`Network::next_bits`].
pub(super) fn of_bitcoin(network: Network, bits: Bits, seconds: i64) -> Bits {
    let wanted = network.retarget_seconds();
    let seconds = u64::try_from(seconds).unwrap_or(0).clamp(wanted / 4, wanted * 4);
    let next = scaled(bits.target(), seconds, wanted).min(network.limit().target());
    Bits::rounded_down(next)
}

/// Why a retarget cannot be configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RetargetError {
    /// The percentage is out of range.
    #[error("percent_max is {percent}: 1 to 100 are allowed")]
    Percent {
        /// What was asked for.
        percent: u32,
    },
    /// A range that should take no time has no difficulty.
    #[error("seconds_wanted is 0: at least 1 is allowed")]
    NoTime,
}

/// The retarget of our own chain: what an anchor must meet, after how long the last one took.
///
/// The target is scaled by the time that was needed over the time that was wanted. Before it is rounded down to its
/// compact form it differs from the old one by at most `percent_max` percent, and lies in 1 to the limit.
///
/// ```
/// use alys_chain::pow::{Bits, Retarget};
///
/// let limit = Bits::new(0x207f_ffff)?;
/// let retarget = Retarget::new(25, 600, limit).unwrap();
/// let bits = Bits::new(0x1d01_0000)?;
/// // It took four times too long: easier, but by no more than a quarter.
/// assert_eq!(retarget.next(bits, 2400).compact(), 0x1d01_4000);
/// # Ok::<(), alys_chain::pow::BitsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retarget {
    percent_max: u32,
    seconds_wanted: u64,
    limit: Bits,
}

impl Retarget {
    /// States how far one step goes, how long an anchor should take, and what is the easiest target.
    ///
    /// # Errors
    ///
    /// [`RetargetError`] says which argument is out of range.
    pub fn new(percent_max: u32, seconds_wanted: u64, limit: Bits) -> Result<Self, RetargetError> {
        if !(1..=100).contains(&percent_max) {
            return Err(RetargetError::Percent { percent: percent_max });
        }
        if seconds_wanted == 0 {
            return Err(RetargetError::NoTime);
        }
        Ok(Retarget { percent_max, seconds_wanted, limit })
    }

    /// The easiest target.
    #[must_use]
    pub fn limit(&self) -> Bits {
        self.limit
    }

    /// The bits after an anchor that took so many seconds.
    #[must_use]
    pub fn next(&self, bits: Bits, seconds: u64) -> Bits {
        let old = bits.target();
        let change_max = scaled(old, u64::from(self.percent_max), 100);
        let wanted = scaled(old, seconds, self.seconds_wanted);
        let next = wanted.clamp(old - change_max, old.saturating_add(change_max));
        Bits::rounded_down(next.min(self.limit.target()))
    }
}
