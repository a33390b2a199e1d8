//! What monitor and registry are asked, and what they must answer.

use super::words::{ModelState, ModelTrigger};

/// A call. Actors are numbers, which an adapter turns into names; so are reasons.
///
/// # Examples
///
/// ```
/// use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome, LifecycleTransition};
///
/// let census = LifecycleTransition::Census;
/// assert_eq!(LifecycleModel::default().apply(&census), LifecycleOutcome::Counted([0; 7]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum LifecycleTransition {
    /// Register an actor.
    Register {
        /// Its name.
        actor: u8,
        /// What it depends on.
        dependencies: Vec<u8>,
    },
    /// Remove an actor.
    Remove {
        /// Its name.
        actor: u8,
    },
    /// Make the transition that a trigger stands for.
    Fire {
        /// Whose.
        actor: u8,
        /// The trigger.
        trigger: ModelTrigger,
        /// Why.
        reason: Option<u8>,
    },
    /// Report a transition by its two states.
    Report {
        /// Whose.
        actor: u8,
        /// The state it left.
        from: ModelState,
        /// The state it entered.
        to: ModelState,
        /// Why.
        reason: Option<u8>,
    },
    /// Ask whether an actor made exactly these transitions.
    Verify {
        /// Who.
        actor: u8,
        /// The transitions.
        expected: Vec<(ModelState, ModelState)>,
    },
    /// Ask for the state of an actor.
    State {
        /// Who.
        actor: u8,
    },
    /// Ask for the history of an actor.
    History {
        /// Who.
        actor: u8,
    },
    /// Ask how many actors are in each state.
    Census,
    /// Ask who starts after whom.
    StartOrder,
    /// Ask who stops after whom.
    StopOrder,
}

/// The answer to a [`LifecycleTransition`].
///
/// # Examples
///
/// ```
/// use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome, LifecycleTransition};
///
/// let register = LifecycleTransition::Register { actor: 4, dependencies: vec![4] };
/// assert_eq!(LifecycleModel::default().apply(&register), LifecycleOutcome::Cycle(vec![4, 4]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum LifecycleOutcome {
    /// The actor is registered, in Uninitialized.
    Registered,
    /// The name belongs to an actor in this state.
    Taken(ModelState),
    /// This dependency is not registered.
    UnknownDependency(u8),
    /// The actor would depend on itself along this path.
    Cycle(Vec<u8>),
    /// The actor is removed.
    Removed,
    /// These depend on the actor.
    Needed(Vec<u8>),
    /// The actor is in this state, not in Stopped.
    NotStopped(ModelState),
    /// Nobody has the name.
    Unknown,
    /// The actor is now in this state.
    Moved(ModelState),
    /// The trigger does not apply in this state.
    Refused {
        /// The state.
        from: ModelState,
        /// The trigger.
        trigger: ModelTrigger,
    },
    /// There is no such transition.
    Forbidden {
        /// The state it would leave.
        from: ModelState,
        /// The state it would enter.
        to: ModelState,
    },
    /// The actor is in another state than the report says.
    Stale {
        /// The state it would leave.
        from: ModelState,
        /// The state it would enter.
        to: ModelState,
        /// The state it is in.
        current: ModelState,
    },
    /// Whether these were all its transitions.
    Verified(bool),
    /// The state of the actor, if anybody has the name.
    In(Option<ModelState>),
    /// What happened to the actor.
    Lived {
        /// The state it is in.
        state: ModelState,
        /// Entries that are no longer kept.
        dropped: u64,
        /// The entries kept, the oldest first.
        entries: Vec<ModelEntry>,
    },
    /// The number of actors in each state.
    Counted([usize; 7]),
    /// Every registered actor, in an order.
    Ordered(Vec<u8>),
}

/// One entry of a history (LC-3).
///
/// # Examples
///
/// ```
/// use alys_models::lifecycle::{ModelEntry, ModelState};
///
/// let (from, to) = (ModelState::Uninitialized, ModelState::Stopped);
/// assert_eq!(ModelEntry { from, to, reason: None, sequence: 0 }.to, ModelState::Stopped);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ModelEntry {
    /// The state that was left.
    pub from: ModelState,
    /// The state that was entered.
    pub to: ModelState,
    /// Why.
    pub reason: Option<u8>,
    /// Its number in the life of the actor, from 0.
    pub sequence: u64,
}
