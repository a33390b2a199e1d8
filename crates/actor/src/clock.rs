//! The clock of a node: tokio's, which tests can pause.

use tokio::time::{Instant, sleep_until};

use super::mailbox::{Clock, Sleep, Time};

/// Tokio's monotonic clock, counted from the making of this value; it follows a paused runtime's virtual time.
///
/// # Examples
///
/// ```
/// use alys_actor::{TokioClock, mailbox::Clock};
///
/// let clock = TokioClock::new();
/// assert!(clock.now() <= clock.now());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    origin: Instant,
}

impl TokioClock {
    /// A clock whose origin is now.
    ///
    /// # Examples
    ///
    /// See [`TokioClock`].
    #[must_use]
    pub fn new() -> Self {
        TokioClock { origin: Instant::now() }
    }
}

impl Default for TokioClock {
    fn default() -> Self {
        TokioClock::new()
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Time {
        Time::ZERO.saturating_add(self.origin.elapsed())
    }

    /// # Panics
    ///
    /// Outside a tokio runtime that has its timers on.
    fn sleep_until(&self, at: Time) -> Sleep {
        Box::pin(sleep_until(self.origin + std::time::Duration::from_nanos(at.as_nanos())))
    }
}
