//! Planted faults of times without an end.

use super::{Engine, Fault};

const RETRY: &str = "retry.rs";
const BEACON_FOLLOW: &str = "beacon/follow.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Engine::Calls,
        "call_overflows: a call without an end panics",
        &["CL-2"],
        RETRY,
        "now.saturating_add(policy.call)",
        "now + policy.call",
    ),
    Fault::expression(
        Engine::Calls,
        "attempt_overflows: an attempt without an end panics",
        &["CL-2"],
        RETRY,
        "self.end.min(now.saturating_add(self.policy.attempt))",
        "self.end.min(now + self.policy.attempt)",
    ),
    Fault::expression(
        Engine::Calls,
        "wait_overflows: a wait without an end panics",
        &["CL-2"],
        RETRY,
        "now.saturating_add(self.policy.wait(self.attempts))",
        "now + self.policy.wait(self.attempts)",
    ),
    Fault::expression(
        Engine::Heads,
        "stream_overflows: a wait between two streams without an end panics",
        &["CL-1"],
        BEACON_FOLLOW,
        "now.saturating_add(self.policy.wait(self.failures))",
        "now + self.policy.wait(self.failures)",
    ),
];
