//! How a supervised system ends.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use thiserror::Error;

use super::shared::Supervision;

/// The system stopped because its root failed (SV-6).
///
/// # Examples
///
/// ```
/// use alys_actor::supervision::Fatal;
///
/// let path = ["root", "sync", "peer"].map(str::to_owned).to_vec();
/// let fatal = Fatal { path, unresponsive: Vec::new() };
/// assert_eq!(fatal.to_string(), "the system stopped: too many failures at root -> sync -> peer");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the system stopped: too many failures at {}", path.join(" -> "))]
pub struct Fatal {
    /// The names from the root to the child whose failure was one too many.
    pub path: Vec<String>,
    /// Who had not gone by the deadline, where somebody has also shut the system down.
    pub unresponsive: Vec<Unresponsive>,
}

/// Somebody who was not gone by the deadline of a shutdown: its handler does not yield (LC-7).
///
/// # Examples
///
/// ```
/// use alys_actor::supervision::Unresponsive;
///
/// let stuck = Unresponsive { name: "chain".to_owned(), arbiter: "arbiter 2".to_owned() };
/// assert_eq!(stuck.to_string(), "`chain` on arbiter 2 is unresponsive");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresponsive {
    /// Its name.
    pub name: String,
    /// The thread that its handler occupies; empty for a supervisor.
    pub arbiter: String,
}

impl std::fmt::Display for Unresponsive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` on {} is unresponsive", self.name, self.arbiter)
    }
}

/// The future of [`Supervision::ended`].
///
/// # Examples
///
/// See [`adopt`](crate::supervised::adopt).
#[derive(Debug)]
#[must_use = "nothing is waited for unless the future is polled"]
pub struct End(Supervision);

impl End {
    pub(super) fn new(supervision: Supervision) -> Self {
        End(supervision)
    }
}

impl Future for End {
    type Output = Result<Vec<Unresponsive>, Fatal>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_ended(context)
    }
}
