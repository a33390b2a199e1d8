//! What is tried again, and when: pure decisions, the time is an argument.

use std::time::Duration;

use crate::failure::{Again, Failure};

/// After so many doublings no time but none at all is below any limit.
const DOUBLINGS: u32 = 128;

/// How often and how long is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How many attempts there are at most; 0 counts as 1. Default 4.
    pub attempts: u32,
    /// How many of them may be refused for the token. Default 2.
    pub refused_tokens: u32,
    /// How long one attempt may take. Default 8 s, which the Engine API asks for.
    pub attempt: Duration,
    /// How long all attempts and the waits between them may take. Default 20 s.
    pub call: Duration,
    /// How long is waited after the first attempt. Default 100 ms; doubled after each further one.
    pub backoff: Duration,
    /// How long is waited at most. Default 2 s.
    pub backoff_max: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            attempts: 4,
            refused_tokens: 2,
            attempt: Duration::from_secs(8),
            call: Duration::from_secs(20),
            backoff: Duration::from_millis(100),
            backoff_max: Duration::from_secs(2),
        }
    }
}

impl Policy {
    /// The same with another time for one attempt.
    #[must_use]
    pub fn within(self, attempt: Duration) -> Self {
        Policy { attempt, ..self }
    }

    /// How long is waited after so many failures in a row, of which there is one at least: doubled each time, bounded.
    #[must_use]
    pub fn wait(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(DOUBLINGS);
        let doubled = |wait: Duration, _| wait.saturating_mul(2).min(self.backoff_max);
        (0..doublings).fold(self.backoff.min(self.backoff_max), doubled)
    }
}

/// The attempts at one call.
///
/// ```
/// use std::time::Duration;
/// use alys_consensus::{failure::Failure, retry::{Policy, Retry}};
///
/// let start = Duration::from_secs(1_000);
/// let mut retry = Retry::new(Policy::default(), start);
/// assert_eq!(retry.attempt(start), start + Duration::from_secs(8));
/// let lost = Failure::Lost("reset".to_owned());
/// assert_eq!(retry.after(&lost, start), Some(start + Duration::from_millis(100)));
/// assert_eq!(retry.after(&Failure::malformed("no JSON"), start), None);
/// ```
#[derive(Clone, Debug)]
pub struct Retry {
    policy: Policy,
    end: Duration,
    attempts: u32,
    refused: u32,
}

impl Retry {
    /// A call that begins now.
    #[must_use]
    pub fn new(policy: Policy, now: Duration) -> Self {
        Retry { policy, end: now.saturating_add(policy.call), attempts: 0, refused: 0 }
    }

    /// Begins an attempt, and tells until when its answer must have come.
    pub fn attempt(&mut self, now: Duration) -> Duration {
        self.attempts += 1;
        self.end.min(now.saturating_add(self.policy.attempt))
    }

    /// How many attempts have begun.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Tells when the next attempt begins after one has failed; `None` when that was the last.
    ///
    /// A wait that would end when the call has ended is not begun.
    pub fn after(&mut self, failure: &Failure, now: Duration) -> Option<Duration> {
        match failure.again() {
            Again::Never => return None,
            Again::WithNewToken => self.refused += 1,
            Again::Yes => {}
        }
        let is_last = self.attempts >= self.policy.attempts;
        let is_refused = self.refused >= self.policy.refused_tokens && self.refused > 0;
        let at = now.saturating_add(self.policy.wait(self.attempts));
        (!is_last && !is_refused && at < self.end).then_some(at)
    }
}
