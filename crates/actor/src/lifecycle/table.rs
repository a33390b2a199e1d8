//! The transitions as data, and the questions that are answered from it (LC-1).

use std::fmt;

use thiserror::Error;

use super::state::{LifecycleState, Trigger};

/// Every transition there is: the state it leaves, its trigger, the state it leads to.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::TRANSITIONS;
///
/// assert!(TRANSITIONS.iter().all(|(from, _, to)| from != to && !from.is_terminal()));
/// ```
pub const TRANSITIONS: [(LifecycleState, Trigger, LifecycleState); 15] = {
    use LifecycleState::{Failed, Recovering, Running, Starting, Stopped, Stopping, Uninitialized};
    use Trigger as T;
    [
        (Uninitialized, T::Start, Starting),
        (Uninitialized, T::Stop, Stopped),
        (Starting, T::Started, Running),
        (Starting, T::StartFailed, Failed),
        (Starting, T::Stop, Stopping),
        (Running, T::Stop, Stopping),
        (Running, T::HandlerFailed, Failed),
        (Running, T::RestartPlanned, Recovering),
        (Failed, T::RestartGranted, Recovering),
        (Failed, T::GaveUp, Stopped),
        (Failed, T::Stop, Stopped),
        (Recovering, T::Restarted, Running),
        (Recovering, T::RestartFailed, Failed),
        (Recovering, T::Stop, Stopping),
        (Stopping, T::StopFinished, Stopped),
    ]
};

/// The state that a trigger leads to.
///
/// # Errors
///
/// * [`RefusedTrigger`] when the table has no such transition.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleState, Trigger, next};
///
/// assert_eq!(next(LifecycleState::Uninitialized, Trigger::Stop), Ok(LifecycleState::Stopped));
/// let refused = next(LifecycleState::Stopped, Trigger::Start).unwrap_err();
/// assert_eq!(refused.to_string(), "trigger `start` does not apply in Stopped: allowed is none");
/// ```
pub fn next(from: LifecycleState, trigger: Trigger) -> Result<LifecycleState, RefusedTrigger> {
    let row = TRANSITIONS.iter().find(|(state, on, _)| *state == from && *on == trigger);
    let to = row.map(|(_, _, to)| *to);
    to.ok_or(RefusedTrigger { from, trigger })
}

/// Whether some trigger leads from one state to the other. No state leads to itself.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleState, allowed};
///
/// assert!(allowed(LifecycleState::Failed, LifecycleState::Recovering));
/// assert!(!allowed(LifecycleState::Failed, LifecycleState::Running));
/// assert!(!allowed(LifecycleState::Failed, LifecycleState::Failed));
/// ```
#[must_use]
pub fn allowed(from: LifecycleState, to: LifecycleState) -> bool {
    TRANSITIONS.iter().any(|(state, _, target)| *state == from && *target == to)
}

/// The states that transitions lead to from this one, each once, in the order of the table.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleState, successors};
///
/// let after_failure = successors(LifecycleState::Failed);
/// assert_eq!(after_failure, [LifecycleState::Recovering, LifecycleState::Stopped]);
/// ```
#[must_use]
pub fn successors(from: LifecycleState) -> Vec<LifecycleState> {
    let mut found = Vec::new();
    for (state, _, to) in TRANSITIONS {
        if state == from && !found.contains(&to) {
            found.push(to);
        }
    }
    found
}

/// The triggers that apply in a state, in the order of the table.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleState, Trigger, triggers};
///
/// assert_eq!(triggers(LifecycleState::Stopping), [Trigger::StopFinished]);
/// ```
#[must_use]
pub fn triggers(from: LifecycleState) -> Vec<Trigger> {
    TRANSITIONS.iter().filter(|(state, ..)| *state == from).map(|(_, trigger, _)| *trigger).collect()
}

/// A trigger that does not apply in a state.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleState, RefusedTrigger, Trigger, next};
///
/// let refused = next(LifecycleState::Uninitialized, Trigger::Started).unwrap_err();
/// let (from, trigger) = (LifecycleState::Uninitialized, Trigger::Started);
/// assert_eq!(refused, RefusedTrigger { from, trigger });
/// assert_eq!(
///     refused.to_string(),
///     "trigger `started` does not apply in Uninitialized: allowed is start, stop"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("trigger `{trigger}` does not apply in {from}: allowed is {}", List(&triggers(*from)))]
pub struct RefusedTrigger {
    /// The state in which it came.
    pub from: LifecycleState,
    /// What came.
    pub trigger: Trigger,
}

/// Writes a list for people; an empty one is `none`.
pub(super) struct List<'a, T>(pub(super) &'a [T]);

impl<T: fmt::Display> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.0.split_first() else { return f.write_str("none") };
        write!(f, "{first}")?;
        rest.iter().try_for_each(|one| write!(f, ", {one}"))
    }
}
