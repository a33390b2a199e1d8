//! The clock, which is given to whatever waits or dates.

use std::fmt::Debug;
use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A wait that ends when the clock says so.
pub type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells the time, as the time since the Unix epoch, and waits for it.
pub trait Clock: Debug + Send + Sync {
    /// The time.
    fn now(&self) -> Duration;

    /// Waits until the clock shows this time; returns at once when it does already.
    fn until(&self, at: Duration) -> Wait;
}

/// The clock of the runtime, set once by whoever starts it.
///
/// It goes on by the runtime's own time, which a test can pause, and nothing here ever reads the clock on the wall.
///
/// Note that on most systems the runtime's time stands still while the machine is suspended. From then on this clock is late by so
/// much, and so is the time at which a [token](crate::engine::JwtSecret::token) is issued: an execution client believes none that
/// is a minute old. Whoever wakes up, or sees [`Failure::Unauthorised`](crate::failure::Failure::Unauthorised) with a secret that
/// is right, makes new clients with a clock that was set anew.
#[derive(Clone, Copy, Debug)]
pub struct RuntimeClock {
    started: Instant,
    shown: Duration,
}

impl RuntimeClock {
    /// A clock that shows this time, since the Unix epoch, now.
    #[must_use]
    pub fn set(now: Duration) -> Self {
        RuntimeClock { started: Instant::now(), shown: now }
    }
}

impl Clock for RuntimeClock {
    fn now(&self) -> Duration {
        self.shown.saturating_add(self.started.elapsed())
    }

    fn until(&self, at: Duration) -> Wait {
        match self.started.checked_add(at.saturating_sub(self.shown)) {
            Some(at) => Box::pin(sleep_until(at)),
            // Later than any time that the runtime can show.
            None => Box::pin(pending()),
        }
    }
}
