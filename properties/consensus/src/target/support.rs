//! What the laws share: a clock for the crate, and short words for what went wrong.

use std::sync::Arc;
use std::time::Duration;

use super::alys::clock::{Clock, Wait};
use super::alys::failure::Failure;
use super::alys::retry::Policy;
use crate::hands::Hands;

/// When every law begins: 100 ms before a full second.
pub const BEGIN: Duration = Duration::from_millis(1_700_000_000_900);

/// The hands of a test's clock, as the crate wants them.
#[derive(Debug)]
pub struct TestClock(pub Hands);

impl Clock for TestClock {
    fn now(&self) -> Duration {
        self.0.now()
    }

    fn until(&self, at: Duration) -> Wait {
        self.0.until(at)
    }
}

/// A clock for a client.
#[must_use]
pub fn clock(hands: &Hands) -> Arc<dyn Clock> {
    Arc::new(TestClock(hands.clone()))
}

/// A policy whose waits are short ones of the test's clock.
#[must_use]
pub fn policy() -> Policy {
    Policy {
        attempts: 3,
        refused_tokens: 2,
        attempt: Duration::from_secs(8),
        call: Duration::from_secs(1_000),
        backoff: Duration::from_millis(200),
        backoff_max: Duration::from_millis(300),
    }
}

/// A failure as a word, with what matters of it.
#[must_use]
pub fn word(failure: &Failure) -> String {
    match failure {
        Failure::Connect(_) => "connect".to_owned(),
        Failure::Lost(_) => "lost".to_owned(),
        Failure::Timeout { after } => format!("timeout {}", after.as_millis()),
        Failure::TooLarge { limit } => format!("too large {limit}"),
        Failure::Unauthorised => "unauthorised".to_owned(),
        Failure::Status { status, .. } => format!("status {status}"),
        Failure::Malformed(_) => "malformed".to_owned(),
        Failure::OtherRequest { .. } => "other request".to_owned(),
        Failure::OtherBlock { .. } => "other block".to_owned(),
        Failure::Rpc { code, .. } => format!("rpc {code}"),
    }
}
