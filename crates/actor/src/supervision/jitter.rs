//! The seeded source that shortens delays at random (SV-3).

use std::time::Duration;

use super::policy::from_nanos;

/// Shares are counted in parts of so many.
const BILLION: u128 = 1_000_000_000;

/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).
#[derive(Debug, Clone)]
pub(super) struct Jitter(u64);

impl Jitter {
    pub(super) fn seeded(seed: u64) -> Self {
        Jitter(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Takes up to so many thousandths off a delay: never more than there is, so a delay stays under its maximum.
    pub(super) fn shorten(&mut self, delay: Duration, permille: u16) -> Duration {
        if permille == 0 || delay.is_zero() {
            return delay;
        }
        let share = self.next() % (u64::from(permille) * (BILLION / 1000) as u64 + 1);
        // At most 94 bits times 30.
        delay.saturating_sub(from_nanos(delay.as_nanos() * u128::from(share) / BILLION))
    }
}
