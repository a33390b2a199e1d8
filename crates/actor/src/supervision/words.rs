//! The words between a tree and its shells: events in, actions and orders out.

use std::{fmt, time::Duration};

use super::{
    lifecycle::{LifecycleState, Trigger},
    mailbox::Time,
};

/// Names a supervisor or a child of one tree; never given out twice.
///
/// # Examples
///
/// See [`Tree`](super::Tree).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u64);

/// Names one life of a child, from a start or restart to its end; never given out twice, and growing.
///
/// # Examples
///
/// See [`Tree`](super::Tree).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IncarnationId(pub(super) u64);

/// Why somebody failed.
///
/// # Examples
///
/// ```
/// use alys_actor::supervision::FailureReason;
///
/// assert_eq!(FailureReason::Panicked("index out of bounds".to_owned()).to_string(), "panicked: index out of bounds");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureReason {
    /// A hook, a handler, a timer or a spawned future panicked, with this message.
    Panicked(String),
    /// A hook erred, or the actor said that it cannot go on.
    Erred(String),
    /// A hook was not done in time, or a stop did not come to its end before the system was to be down.
    TimedOut,
    /// A child failed more often than is allowed.
    Escalated {
        /// The child's name.
        child: String,
    },
}

impl fmt::Display for FailureReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FailureReason::Panicked(message) => f.write_str("panicked: ").and_then(|()| f.write_str(message)),
            FailureReason::Erred(message) => f.write_str("erred: ").and_then(|()| f.write_str(message)),
            FailureReason::TimedOut => f.write_str("timed out"),
            FailureReason::Escalated { child } => write!(f, "escalated by `{child}`"),
        }
    }
}

/// What happens to a tree.
///
/// # Examples
///
/// See [`Tree`](super::Tree).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Somebody starts all that is below a node, the node included, and was not started yet.
    Start(NodeId),
    /// Somebody stops a node, and what is below it.
    Stop(NodeId),
    /// Somebody restarts a node that runs, and what is below it.
    Restart(NodeId),
    /// Stops everything: hooks have `graceful` from now on, then what is left is dropped and has `forced` to go.
    Shutdown {
        /// How long stop hooks may take in all.
        graceful: Duration,
        /// How long actors that were dropped may take to be gone.
        forced: Duration,
    },
    /// A start or restart hook succeeded.
    Started(NodeId, IncarnationId),
    /// An incarnation is gone: it failed, or it did as it was ordered.
    Ended(NodeId, IncarnationId, Option<FailureReason>),
    /// Time has passed.
    Tick,
}

/// What the shell of a child is to do with the incarnation that it has.
///
/// # Examples
///
/// See [`Tree`](super::Tree).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Make it, and run its start hook, or its restart hook where it is not the first of its child.
    Start {
        /// Whether it is the first.
        first: bool,
    },
    /// Let it handle messages.
    Run,
    /// Run its stop hook, then drop it.
    Stop,
    /// Drop it as it is.
    Drop,
}

/// What becomes of a failure (SV-1).
///
/// # Examples
///
/// See [`Tree`](super::Tree).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// A restart was granted, and begins at this time at the earliest.
    Restart {
        /// The number of the attempt, from 0.
        attempt: u32,
        /// When the backoff ends.
        at: Time,
    },
    /// It is restarted with a group whose restart was granted before, or goes the way of its supervisor.
    Join,
    /// It stops.
    Stop,
    /// It is a failure of its supervisor.
    Escalate,
}

/// What a tree says when something has happened to it, in order.
///
/// # Examples
///
/// See [`Tree`](super::Tree).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// A node goes from one state to the next.
    Transition {
        /// Which.
        node: NodeId,
        /// The state that it leaves.
        from: LifecycleState,
        /// Why.
        trigger: Trigger,
        /// Why, in words.
        reason: Option<String>,
    },
    /// The order of a child has changed, or it has ended: its shell must look.
    Wake(NodeId),
    /// What becomes of a failure.
    Decided {
        /// Who failed.
        node: NodeId,
        /// What becomes of it.
        verdict: Verdict,
    },
    /// A stop hook failed; nothing waits for it any more.
    StopHookFailed {
        /// Whose.
        node: NodeId,
        /// Why.
        reason: FailureReason,
    },
    /// The root failed, and the system stops.
    Fatal {
        /// The names from the root to the child whose failure was one too many.
        path: Vec<String>,
    },
    /// A shutdown has ended.
    Down {
        /// Who had not gone by the deadline: its handler does not yield.
        unresponsive: Vec<NodeId>,
    },
}
