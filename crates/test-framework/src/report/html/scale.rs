//! A logarithmic scale over nanoseconds: latencies of microseconds and of seconds stand on one page.

use std::time::Duration;

use super::{samples::Sorted, show};

/// From one power of ten to another.
pub(super) struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// The scale that has room for all of them.
    pub(super) fn over<'a>(all: impl Iterator<Item = &'a Sorted> + Clone) -> Self {
        let low = all.clone().map(|sorted| sorted.percentile(0)).min().unwrap_or(1);
        let high = all.map(|sorted| sorted.percentile(100)).max().unwrap_or(1);
        let (low, high) = (logarithm(low).floor(), logarithm(high).ceil());
        Self { low, high: high.max(low + 1.0) }
    }

    /// Where a value is, in percent of the scale.
    pub(super) fn share(&self, nanoseconds: u64) -> f64 {
        (logarithm(nanoseconds) - self.low) / (self.high - self.low) * 100.0
    }

    /// In which of so many columns a value is.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share is from 0 to 100, and there are tens of columns"
    )]
    pub(super) fn column(&self, nanoseconds: u64, columns: usize) -> usize {
        ((self.share(nanoseconds) / 100.0 * columns as f64) as usize).min(columns - 1)
    }

    /// The powers of ten, each with where it is.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let powers = (0..19).filter(|power| (self.low..=self.high).contains(&f64::from(*power)));
        let tick = |power: u32| {
            let value = 10_u64.pow(power);
            (self.share(value), show::duration_words(Duration::from_nanos(value)))
        };
        powers.map(tick).collect()
    }
}

#[allow(clippy::cast_precision_loss, reason = "a position on a picture")]
fn logarithm(nanoseconds: u64) -> f64 {
    (nanoseconds.max(1) as f64).log10()
}
