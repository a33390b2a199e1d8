//! Samples in their order, and percentiles of them.

use maud::{Markup, html};

use super::show;

/// Samples in nanoseconds, the lowest first.
pub(super) struct Sorted {
    // invariant: sorted, and not empty.
    samples: Vec<u64>,
}

impl Sorted {
    /// Sorts them; `None` where there are none.
    pub(super) fn of(samples: &[u64]) -> Option<Self> {
        let mut samples = samples.to_vec();
        samples.sort_unstable();
        (!samples.is_empty()).then_some(Self { samples })
    }

    pub(super) fn all(&self) -> &[u64] {
        &self.samples
    }

    /// The least sample that so many percent of the samples do not exceed (nearest rank, FW-4).
    pub(super) fn percentile(&self, percent: usize) -> u64 {
        let rank = (self.samples.len() * percent).div_ceil(100).max(1);
        self.samples[rank - 1]
    }

    /// The three that everything else is told by.
    pub(super) fn percentiles(&self) -> [(usize, u64); 3] {
        [50, 95, 99].map(|percent| (percent, self.percentile(percent)))
    }

    /// All of it in one line.
    pub(super) fn line(&self) -> Markup {
        html! {
            @for (percent, value) in self.percentiles() { "P" (percent) " " span.measured { (show::nanoseconds(value)) } ", " }
            "of " (show::counted(self.samples.len(), "sample"))
        }
    }
}
