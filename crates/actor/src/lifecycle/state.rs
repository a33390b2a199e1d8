//! The words of a lifecycle: states, and what makes an actor leave one.

use std::fmt;

/// Where an actor is in its life.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::LifecycleState;
///
/// assert!(LifecycleState::Stopped.is_terminal());
/// assert_eq!(LifecycleState::ALL.iter().filter(|state| state.is_terminal()).count(), 1);
/// assert_eq!(LifecycleState::Recovering.to_string(), "Recovering");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LifecycleState {
    /// Registered, and nothing has happened yet.
    Uninitialized,
    /// Its start hook runs.
    Starting,
    /// It handles messages.
    Running,
    /// Its stop hook runs.
    Stopping,
    /// It has ended, for good; its name is free.
    Stopped,
    /// It failed, and its supervisor has not decided yet.
    Failed,
    /// Its restart hook runs.
    Recovering,
}

impl LifecycleState {
    /// How many states there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Every state, in the order of the declaration.
    pub const ALL: [Self; 7] = [
        Self::Uninitialized,
        Self::Starting,
        Self::Running,
        Self::Stopping,
        Self::Stopped,
        Self::Failed,
        Self::Recovering,
    ];

    /// Whether no transition leaves this state.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::LifecycleState;
    ///
    /// assert!(LifecycleState::Stopped.is_terminal());
    /// assert!(!LifecycleState::Failed.is_terminal());
    /// ```
    #[must_use]
    pub fn is_terminal(self) -> bool {
        self == Self::Stopped
    }

    /// Its place in [`LifecycleState::ALL`].
    pub(super) fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for LifecycleState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// What makes an actor leave a state; details such as the text of an error belong into the reason of the transition.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleState, Trigger, next};
///
/// assert_eq!(next(LifecycleState::Running, Trigger::Stop), Ok(LifecycleState::Stopping));
/// assert_eq!(Trigger::RestartGranted.to_string(), "restart granted");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trigger {
    /// Somebody starts the actor.
    Start,
    /// The start hook succeeded.
    Started,
    /// The start hook erred, panicked or timed out.
    StartFailed,
    /// Somebody stops the actor.
    Stop,
    /// The stop hook is done, failed, panicked or timed out.
    StopFinished,
    /// A handler erred fatally or panicked.
    HandlerFailed,
    /// The supervisor restarts a healthy actor: planned, or with its group.
    RestartPlanned,
    /// The supervisor restarts a failed actor, after its backoff.
    RestartGranted,
    /// The restart hook succeeded.
    Restarted,
    /// The restart attempt failed.
    RestartFailed,
    /// The supervisor gave a failed actor up.
    GaveUp,
}

impl Trigger {
    /// Every trigger, in the order of the declaration.
    pub const ALL: [Self; 11] = [
        Self::Start,
        Self::Started,
        Self::StartFailed,
        Self::Stop,
        Self::StopFinished,
        Self::HandlerFailed,
        Self::RestartPlanned,
        Self::RestartGranted,
        Self::Restarted,
        Self::RestartFailed,
        Self::GaveUp,
    ];
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Start => "start",
            Self::Started => "started",
            Self::StartFailed => "start failed",
            Self::Stop => "stop",
            Self::StopFinished => "stop finished",
            Self::HandlerFailed => "handler failed",
            Self::RestartPlanned => "restart planned",
            Self::RestartGranted => "restart granted",
            Self::Restarted => "restarted",
            Self::RestartFailed => "restart failed",
            Self::GaveUp => "gave up",
        })
    }
}
