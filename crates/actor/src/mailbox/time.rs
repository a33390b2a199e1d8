//! Time as an argument: integer instants and the clocks that tell them.

use std::{future::Future, pin::Pin, time::Duration};

/// An instant: nanoseconds since the origin of the clock that told it.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use alys_actor::mailbox::Time;
///
/// assert!(Time::from_nanos(5) < Time::ZERO.saturating_add(Duration::from_nanos(6)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(u64);

impl Time {
    /// The origin of the clock.
    pub const ZERO: Time = Time(0);

    /// The last instant that can be told: more than 584 years after the origin.
    pub const MAX: Time = Time(u64::MAX);

    /// The instant `nanos` nanoseconds after the origin.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::Time;
    ///
    /// assert_eq!(Time::from_nanos(0), Time::ZERO);
    /// ```
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Time {
        Time(nanos)
    }

    /// Nanoseconds since the origin.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::Time;
    ///
    /// assert_eq!(Time::from_nanos(9).as_nanos(), 9);
    /// ```
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// This instant and a while, at most [`Time::MAX`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use alys_actor::mailbox::Time;
    ///
    /// assert_eq!(Time::ZERO.saturating_add(Duration::from_micros(1)), Time::from_nanos(1000));
    /// assert_eq!(Time::ZERO.saturating_add(Duration::MAX), Time::MAX);
    /// ```
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Time {
        Time(self.0.saturating_add(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)))
    }
}

/// A future that is ready once a clock has reached an instant.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What tells a mailbox the time: for message deadlines and the timeouts of asks.
///
/// The mailbox calls [`now`](Clock::now) while it holds its lock, so a clock must not use the mailbox. Time must
/// not run backwards.
///
/// # Examples
///
/// ```
/// use alys_actor::{TokioClock, mailbox::{Clock, Time}};
///
/// let clock = TokioClock::new();
/// let earlier = clock.now();
/// assert!(clock.now() >= earlier);
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Time;

    /// A future that is ready, and wakes its task, once [`now`](Clock::now) is `at` or later.
    fn sleep_until(&self, at: Time) -> Sleep;
}
