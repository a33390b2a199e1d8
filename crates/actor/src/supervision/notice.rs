//! What a tree has to tell, kept until somebody takes it.

use std::collections::VecDeque;

use super::words::{Action, FailureReason, NodeId, Verdict};

/// Something that happened to a tree and that an operator may want to know.
///
/// State transitions are in the histories of the [monitor](crate::lifecycle::LifecycleMonitor).
///
/// # Examples
///
/// See [`Supervision::take_notices`](super::Supervision::take_notices).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// What becomes of a failure.
    Decided {
        /// Who failed.
        name: String,
        /// What becomes of it.
        verdict: Verdict,
    },
    /// A stop hook failed; nothing waits for it any more.
    StopHookFailed {
        /// Whose.
        name: String,
        /// Why.
        reason: FailureReason,
    },
    /// The root failed, and the system stops.
    Fatal {
        /// The names from the root to the child whose failure was one too many.
        path: Vec<String>,
    },
}

/// The notices that nobody has taken yet.
///
/// # Examples
///
/// See [`Supervision::take_notices`](super::Supervision::take_notices).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// How many were not kept, the oldest ones.
    pub dropped: u64,
    /// The others, the oldest first.
    pub kept: Vec<Notice>,
}

/// The book of notices: bounded, since nobody may ever take them.
#[derive(Debug)]
pub(super) struct Book {
    kept_max: usize,
    dropped: u64,
    kept: VecDeque<Notice>,
}

impl Book {
    pub(super) fn new(kept_max: usize) -> Self {
        Book { kept_max, dropped: 0, kept: VecDeque::new() }
    }

    /// Writes an action down, if it is worth a notice.
    pub(super) fn note(&mut self, action: Action, name: impl Fn(NodeId) -> String) {
        let notice = match action {
            Action::Decided { node, verdict } => Notice::Decided { name: name(node), verdict },
            Action::StopHookFailed { node, reason } => Notice::StopHookFailed { name: name(node), reason },
            Action::Fatal { path } => Notice::Fatal { path },
            Action::Transition { .. } | Action::Wake(_) | Action::Down { .. } => return,
        };
        self.kept.push_back(notice);
        if self.kept.len() > self.kept_max {
            self.kept.pop_front();
            self.dropped += 1;
        }
    }

    pub(super) fn take(&mut self) -> Notices {
        Notices { dropped: std::mem::take(&mut self.dropped), kept: self.kept.drain(..).collect() }
    }
}
