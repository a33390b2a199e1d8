//! Refusals of a monitor.

use thiserror::Error;

use super::{
    state::LifecycleState,
    table::{List, RefusedTrigger, successors},
};

/// What a [`LifecycleMonitor`](super::LifecycleMonitor) refused; it changed nothing.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleError, LifecycleMonitor, LifecycleState};
///
/// let monitor = LifecycleMonitor::default();
/// monitor.register("chain")?;
/// let (from, to) = (LifecycleState::Uninitialized, LifecycleState::Running);
/// let error = monitor.record_transition("chain", from, to, None).unwrap_err();
/// assert_eq!(error, LifecycleError::Forbidden { actor: "chain".to_owned(), from, to });
/// assert_eq!(
///     error.to_string(),
///     "actor `chain` cannot go from Uninitialized to Running: allowed is Starting, Stopped"
/// );
/// # Ok::<(), LifecycleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LifecycleError {
    /// The table has no transition between these states; a state never leads to itself.
    #[error("actor `{actor}` cannot go from {from} to {to}: allowed is {}", List(&successors(*from)))]
    Forbidden {
        /// Whom the report was about.
        actor: String,
        /// The state it would leave.
        from: LifecycleState,
        /// The state it would enter.
        to: LifecycleState,
    },
    /// The actor is not in the state that the report starts from: somebody else was faster.
    #[error("report that actor `{actor}` went from {from} to {to} is stale: it is in {current}")]
    Stale {
        /// Whom the report was about.
        actor: String,
        /// The state it would leave.
        from: LifecycleState,
        /// The state it would enter.
        to: LifecycleState,
        /// The state it is in: the only one that a report may start from.
        current: LifecycleState,
    },
    /// The trigger does not apply in the state of the actor.
    #[error("actor `{actor}`: {refused}")]
    Refused {
        /// Whom the trigger was for.
        actor: String,
        /// The state and the trigger.
        #[source]
        refused: RefusedTrigger,
    },
    /// Nobody of this name is registered.
    #[error("actor `{actor}` is unknown: allowed are registered actors")]
    UnknownActor {
        /// The name.
        actor: String,
    },
    /// The name belongs to an actor that has not stopped (LC-5).
    #[error("name `{actor}` belongs to an actor in {state}: allowed is a name that is new, or Stopped")]
    Taken {
        /// The name.
        actor: String,
        /// The state of the actor that has it.
        state: LifecycleState,
    },
    /// An actor that has not stopped cannot be forgotten.
    #[error("actor `{actor}` in {state} cannot be forgotten: allowed is Stopped")]
    NotStopped {
        /// The name.
        actor: String,
        /// The state it is in.
        state: LifecycleState,
    },
}
