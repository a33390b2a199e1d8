//! States and triggers, and the table of docs/rules.md, read line by line.

/// Where an actor is in its life.
///
/// # Examples
///
/// ```
/// use alys_models::lifecycle::ModelState;
///
/// assert_eq!(ModelState::ALL[ModelState::Failed as usize], ModelState::Failed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[allow(missing_docs, reason = "the rules say what each of them is")]
pub enum ModelState {
    Uninitialized,
    Starting,
    Running,
    Stopping,
    Stopped,
    Failed,
    Recovering,
}

impl ModelState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Uninitialized,
        Self::Starting,
        Self::Running,
        Self::Stopping,
        Self::Stopped,
        Self::Failed,
        Self::Recovering,
    ];
}

/// What makes an actor leave a state.
///
/// # Examples
///
/// ```
/// use alys_models::lifecycle::{ModelState, ModelTrigger, next};
///
/// let never = |trigger: &ModelTrigger| next(ModelState::Stopped, *trigger).is_none();
/// assert!(ModelTrigger::ALL.iter().all(never));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[allow(missing_docs, reason = "the rules say what each of them is")]
pub enum ModelTrigger {
    Start,
    Started,
    StartFailed,
    Stop,
    StopFinished,
    HandlerFailed,
    RestartPlanned,
    RestartGranted,
    Restarted,
    RestartFailed,
    GaveUp,
}

impl ModelTrigger {
    /// Every trigger.
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

/// The state that a trigger leads to, if it applies (LC-1).
///
/// # Examples
///
/// ```
/// use alys_models::lifecycle::{ModelState, ModelTrigger, next};
///
/// assert_eq!(next(ModelState::Failed, ModelTrigger::Stop), Some(ModelState::Stopped));
/// assert_eq!(next(ModelState::Stopping, ModelTrigger::Stop), None);
/// ```
#[must_use]
pub fn next(from: ModelState, trigger: ModelTrigger) -> Option<ModelState> {
    use ModelTrigger as T;
    match from {
        ModelState::Uninitialized => match trigger {
            T::Start => Some(ModelState::Starting),
            T::Stop => Some(ModelState::Stopped),
            _ => None,
        },
        ModelState::Starting => match trigger {
            T::Started => Some(ModelState::Running),
            T::StartFailed => Some(ModelState::Failed),
            T::Stop => Some(ModelState::Stopping),
            _ => None,
        },
        ModelState::Running => match trigger {
            T::Stop => Some(ModelState::Stopping),
            T::HandlerFailed => Some(ModelState::Failed),
            T::RestartPlanned => Some(ModelState::Recovering),
            _ => None,
        },
        ModelState::Failed => match trigger {
            T::RestartGranted => Some(ModelState::Recovering),
            T::GaveUp | T::Stop => Some(ModelState::Stopped),
            _ => None,
        },
        ModelState::Recovering => match trigger {
            T::Restarted => Some(ModelState::Running),
            T::RestartFailed => Some(ModelState::Failed),
            T::Stop => Some(ModelState::Stopping),
            _ => None,
        },
        ModelState::Stopping => (trigger == T::StopFinished).then_some(ModelState::Stopped),
        ModelState::Stopped => None,
    }
}

/// Whether any trigger leads from one state to the other.
///
/// # Examples
///
/// ```
/// use alys_models::lifecycle::{ModelState, allowed};
///
/// assert!(!allowed(ModelState::Running, ModelState::Running));
/// ```
#[must_use]
pub fn allowed(from: ModelState, to: ModelState) -> bool {
    ModelTrigger::ALL.iter().any(|trigger| next(from, *trigger) == Some(to))
}
