//! One actor: its state, and how it came there (LC-3).

use std::collections::VecDeque;

use super::state::LifecycleState;

/// One entry of an actor's history.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleMonitor, LifecycleState, StateTransition};
///
/// let monitor = LifecycleMonitor::default();
/// monitor.register("chain")?;
/// let (from, to) = (LifecycleState::Uninitialized, LifecycleState::Stopped);
/// let reason = Some("never needed".to_owned());
/// monitor.record_transition("chain", from, to, reason.clone())?;
/// assert_eq!(monitor.get_transitions("chain"), [StateTransition { from, to, reason, sequence: 0 }]);
/// # Ok::<(), alys_actor::lifecycle::LifecycleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateTransition {
    /// The state that was left.
    pub from: LifecycleState,
    /// The state that was entered.
    pub to: LifecycleState,
    /// Why, in the words of who reported it.
    pub reason: Option<String>,
    /// Its number in the life of the actor, counted from 0; entries that are no longer kept have had theirs.
    pub sequence: u64,
}

/// Everything about one actor, at one moment.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleMonitor, LifecycleState, Trigger};
///
/// let monitor = LifecycleMonitor::default();
/// monitor.register("chain")?;
/// monitor.fire("chain", Trigger::Start, None)?;
/// let history = monitor.history("chain").unwrap();
/// assert_eq!(history.state, LifecycleState::Starting);
/// assert_eq!((history.dropped, history.transitions.len()), (0, 1));
/// # Ok::<(), alys_actor::lifecycle::LifecycleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorHistory {
    /// The state it is in.
    pub state: LifecycleState,
    /// Transitions that are no longer kept, the oldest ones.
    pub dropped: u64,
    /// The transitions kept, the oldest first: each begins where the one before it ended.
    pub transitions: Vec<StateTransition>,
}

/// An actor that was registered.
#[derive(Debug)]
pub(super) struct Actor {
    pub(super) state: LifecycleState,
    /// How many transitions it made.
    made: u64,
    // invariant: a chain that ends in `state`, with the last numbers below `made`.
    kept: VecDeque<StateTransition>,
}

impl Actor {
    pub(super) fn new() -> Self {
        Self { state: LifecycleState::Uninitialized, made: 0, kept: VecDeque::new() }
    }

    /// Goes on to a state that the caller has found to be allowed.
    pub(super) fn enter(&mut self, to: LifecycleState, reason: Option<String>, kept_max: usize) {
        let from = self.state;
        self.state = to;
        self.note(StateTransition { from, to, reason, sequence: self.made }, kept_max);
        self.made += 1;
    }

    fn note(&mut self, entry: StateTransition, kept_max: usize) {
        self.kept.push_back(entry);
        if self.kept.len() > kept_max {
            self.kept.pop_front();
        }
    }

    pub(super) fn transitions(&self) -> Vec<StateTransition> {
        self.kept.iter().cloned().collect()
    }

    pub(super) fn history(&self) -> ActorHistory {
        let dropped = self.made - self.kept.len() as u64;
        ActorHistory { state: self.state, dropped, transitions: self.transitions() }
    }

    /// Whether these are all transitions it ever made.
    pub(super) fn went(&self, expected: &[(LifecycleState, LifecycleState)]) -> bool {
        let all_kept = self.made == self.kept.len() as u64;
        all_kept && self.kept.iter().map(|entry| (entry.from, entry.to)).eq(expected.iter().copied())
    }
}
