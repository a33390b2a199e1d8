//! How far long runs are, on a terminal; elsewhere nothing is drawn.

use std::{cell::Cell, sync::LazyLock};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// A bar moves at least once in so many steps, and so seldom in long runs: it must not weigh on suites of a million steps a
/// second.
const STEPS_MAX: u64 = 256;

/// The bars of everything that runs side by side.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// How far one run is; its bar goes when it is dropped.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    steps: Cell<u64>,
    /// The bar moves once in so many steps.
    every: u64,
}

impl Progress {
    /// Begins a bar of so many steps, or none where the run is not worth one.
    #[must_use]
    pub fn of(name: &str, steps: u64, shown: bool) -> Self {
        let bar = shown.then(|| {
            let style = ProgressStyle::with_template("{msg:24} {wide_bar} {pos}/{len} {eta}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
            BARS.add(ProgressBar::new(steps).with_style(style).with_message(name.to_owned()))
        });
        Progress { bar, steps: Cell::new(0), every: (steps / 200).clamp(1, STEPS_MAX) }
    }

    /// Makes one step.
    #[inline]
    pub fn step(&self) {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps.is_multiple_of(self.every)
            && let Some(bar) = &self.bar
        {
            bar.inc(self.every);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}
