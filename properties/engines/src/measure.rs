//! The one place that reads the wall clock.
//!
//! Everything else takes time as an argument, so that a run is a function of its seed. What is measured here is shown
//! to people and compared by gates; no verdict of a property depends on it.

use std::time::{Duration, Instant};

/// Measures how long something took.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    /// Starts measuring now.
    #[allow(clippy::disallowed_methods, reason = "the measuring module is the only reader of the wall clock")]
    #[must_use]
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }

    /// Returns the time since [`Stopwatch::start`].
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}
