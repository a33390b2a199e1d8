//! What a supervisor is told about its children, and what it refuses to be told (SV-3, SV-4).

use std::time::Duration;

use super::policy_error::PolicyError;

/// A ratio of two integers, at least 1.
///
/// # Examples
///
/// ```
/// use alys_actor::supervision::Ratio;
///
/// assert_eq!(Ratio::of(3, 2), Ratio { numerator: 3, denominator: 2 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// At least the denominator.
    pub numerator: u32,
    /// At least 1.
    pub denominator: u32,
}

impl Ratio {
    /// The ratio of one number to another; whether it is at least 1 is asked when a strategy is validated.
    ///
    /// # Examples
    ///
    /// See [`Ratio`].
    #[must_use]
    pub const fn of(numerator: u32, denominator: u32) -> Self {
        Ratio { numerator, denominator }
    }
}

/// Whether and when a failed child is restarted (SV-3).
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use alys_actor::supervision::{Ratio, RestartStrategy};
///
/// let second = Duration::from_secs(1);
/// let backoff = RestartStrategy::ExponentialBackoff {
///     initial: second,
///     multiplier: Ratio::of(3, 2),
///     max: 3 * second,
/// };
/// let delays = [0, 1, 2, 3].map(|attempt| backoff.delay(attempt).unwrap().as_millis());
/// assert_eq!(delays, [1000, 1500, 2250, 3000]);
/// assert_eq!(RestartStrategy::Never.delay(0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RestartStrategy {
    /// At once.
    Always,
    /// Not at all: a failed child stops.
    Never,
    /// After the same while each time.
    FixedDelay {
        /// The while.
        delay: Duration,
    },
    /// After a while that grows with each attempt, up to a longest one.
    ExponentialBackoff {
        /// The first while; at most `max`.
        initial: Duration,
        /// What each while is multiplied by; at least 1.
        multiplier: Ratio,
        /// The longest while.
        max: Duration,
    },
}

impl RestartStrategy {
    /// The while before a restart, by the number of the attempt, counted from 0; `None` where there is no restart.
    ///
    /// `min(max, initial * multiplier^attempt)`, in nanoseconds, rounded down: total, never decreasing, never above the
    /// maximum. The powers are exact while they fit 128 bits; from there on each attempt multiplies the while of the
    /// attempt before it, rounded down.
    ///
    /// # Examples
    ///
    /// See [`RestartStrategy`].
    #[must_use]
    pub fn delay(&self, attempt: u32) -> Option<Duration> {
        match *self {
            RestartStrategy::Always => Some(Duration::ZERO),
            RestartStrategy::Never => None,
            RestartStrategy::FixedDelay { delay } => Some(delay),
            RestartStrategy::ExponentialBackoff { initial, multiplier, max } => {
                Some(grown(initial, multiplier, max, attempt))
            }
        }
    }

    pub(super) fn validate(&self) -> Result<(), PolicyError> {
        let RestartStrategy::ExponentialBackoff { initial, multiplier, max } = *self else { return Ok(()) };
        let Ratio { numerator, denominator } = multiplier;
        if denominator == 0 || numerator < denominator {
            return Err(PolicyError::MultiplierBelowOne { numerator, denominator });
        }
        if initial > max {
            return Err(PolicyError::InitialAboveMax { initial, max });
        }
        Ok(())
    }
}

/// `min(max, initial * multiplier^attempt)`.
fn grown(initial: Duration, multiplier: Ratio, max: Duration, attempt: u32) -> Duration {
    let (numerator, denominator) = (u128::from(multiplier.numerator), u128::from(multiplier.denominator));
    // The fraction that is exact so far, until it does not fit any more.
    let mut exact = Some((initial.as_nanos(), 1_u128));
    let mut nanos = initial.as_nanos();
    let attempt = if nanos == 0 || numerator == denominator { 0 } else { attempt };
    for _ in 0..attempt {
        exact = exact
            .and_then(|(top, bottom)| Some((top.checked_mul(numerator)?, bottom.checked_mul(denominator)?)));
        let next = match exact {
            Some((top, bottom)) => top / bottom,
            None => nanos.saturating_mul(numerator) / denominator,
        };
        if next >= max.as_nanos() {
            return max;
        }
        if exact.is_none() && next == nanos {
            break;
        }
        nanos = next;
    }
    from_nanos(nanos).min(max)
}

pub(super) fn from_nanos(nanos: u128) -> Duration {
    const SECOND: u128 = 1_000_000_000;
    // A part of a second fits any number.
    Duration::new(u64::try_from(nanos / SECOND).unwrap_or(u64::MAX), (nanos % SECOND) as u32)
}

/// Whom a failed child takes along when it is restarted (SV-5).
///
/// # Examples
///
/// ```
/// use alys_actor::supervision::{Group, SupervisorSpec};
///
/// assert_eq!(SupervisorSpec::default().group, Group::OneForOne);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// Nobody.
    OneForOne,
    /// Every child of the same supervisor.
    OneForAll,
    /// The children of the same supervisor that started after it.
    RestForOne,
}

/// How a supervisor supervises, and how it is itself restarted by its parent.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use alys_actor::supervision::{PolicyError, SupervisorSpec};
///
/// let spec = SupervisorSpec { window: Duration::ZERO, ..SupervisorSpec::default() };
/// assert_eq!(spec.validate(), Err(PolicyError::ZeroWindow));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SupervisorSpec {
    /// How its parent restarts it after an escalation. Defaults to [`RestartStrategy::Always`].
    pub restart: RestartStrategy,
    /// By how many thousandths a delay before that may be shortened at random, 0 to 1000. Defaults to 0.
    pub jitter_permille: u16,
    /// Whom a failed child takes along. Defaults to [`Group::OneForOne`].
    pub group: Group,
    /// The restarts that may be granted within `window`; one more is an escalation instead. Defaults to 3.
    pub max_restarts: u32,
    /// The sliding window in which restarts are counted, and the time after which a child that ran for so long counts
    /// its attempts from 0 again; not zero. Defaults to 5 seconds.
    pub window: Duration,
}

impl Default for SupervisorSpec {
    fn default() -> Self {
        SupervisorSpec {
            restart: RestartStrategy::Always,
            jitter_permille: 0,
            group: Group::OneForOne,
            max_restarts: 3,
            window: Duration::from_secs(5),
        }
    }
}

impl SupervisorSpec {
    /// Says whether a supervisor can work like this.
    ///
    /// # Errors
    ///
    /// The first field that is out of range, with its value and what is allowed: see [`PolicyError`].
    ///
    /// # Examples
    ///
    /// See [`SupervisorSpec`].
    pub fn validate(&self) -> Result<(), PolicyError> {
        self.restart.validate()?;
        jitter(self.jitter_permille)?;
        if self.window.is_zero() { Err(PolicyError::ZeroWindow) } else { Ok(()) }
    }
}

/// How a child is restarted, and how long its hooks may take.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use alys_actor::supervision::{ChildSpec, PolicyError, Ratio, RestartStrategy};
///
/// let second = Duration::from_secs(1);
/// let restart = RestartStrategy::ExponentialBackoff {
///     initial: second,
///     multiplier: Ratio::of(1, 2),
///     max: 8 * second,
/// };
/// let refused = ChildSpec { restart, ..ChildSpec::default() }.validate();
/// assert_eq!(refused, Err(PolicyError::MultiplierBelowOne { numerator: 1, denominator: 2 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChildSpec {
    /// Whether and when it is restarted after a failure. Defaults to [`RestartStrategy::Always`].
    pub restart: RestartStrategy,
    /// By how many thousandths a delay before a restart may be shortened at random, 0 to 1000. Defaults to 0.
    pub jitter_permille: u16,
    /// How long a start or restart hook may take; not zero. Defaults to 30 seconds.
    pub start_within: Duration,
    /// How long a stop hook may take; not zero. Defaults to 30 seconds.
    pub stop_within: Duration,
}

impl Default for ChildSpec {
    fn default() -> Self {
        let within = Duration::from_secs(30);
        ChildSpec {
            restart: RestartStrategy::Always,
            jitter_permille: 0,
            start_within: within,
            stop_within: within,
        }
    }
}

impl ChildSpec {
    /// Says whether a child can be kept like this.
    ///
    /// # Errors
    ///
    /// The first field that is out of range, with its value and what is allowed: see [`PolicyError`].
    ///
    /// # Examples
    ///
    /// See [`ChildSpec`].
    pub fn validate(&self) -> Result<(), PolicyError> {
        self.restart.validate()?;
        jitter(self.jitter_permille)?;
        if self.start_within.is_zero() {
            return Err(PolicyError::ZeroDeadline { field: "start_within" });
        }
        if self.stop_within.is_zero() {
            return Err(PolicyError::ZeroDeadline { field: "stop_within" });
        }
        Ok(())
    }
}

fn jitter(jitter_permille: u16) -> Result<(), PolicyError> {
    if jitter_permille <= 1000 { Ok(()) } else { Err(PolicyError::JitterOutOfRange { jitter_permille }) }
}
