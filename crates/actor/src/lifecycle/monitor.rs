//! The monitor itself: finds the shard of a name, and holds it while its core decides.

use std::{fmt, hash::Hasher};

use rustc_hash::FxHasher;

use super::{
    actor::{ActorHistory, StateTransition},
    census::Census,
    config::{LifecycleConfig, LifecycleConfigError},
    core::Core,
    error::LifecycleError,
    state::{LifecycleState, Trigger},
    sync::Mutex,
    table::allowed,
};

/// Keeps the states and the histories of any number of actors, reported from any number of threads.
///
/// Share it in an `Arc`. Every method is linearizable, the census with all transitions: it takes effect at one moment
/// between its call and its return.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleMonitor, LifecycleState::*};
///
/// let monitor = LifecycleMonitor::default();
/// monitor.register("chain")?;
/// monitor.record_transition("chain", Uninitialized, Starting, None)?;
/// monitor.record_transition("chain", Starting, Failed, Some("no disk".to_owned()))?;
/// assert_eq!(monitor.current_state("chain"), Some(Failed));
/// assert!(monitor.verify_transitions("chain", &[(Uninitialized, Starting), (Starting, Failed)]));
/// # Ok::<(), alys_actor::lifecycle::LifecycleError>(())
/// ```
pub struct LifecycleMonitor {
    history_kept: usize,
    // invariant: a power of two of them; locked in this order where several are held.
    shards: Box<[Mutex<Core>]>,
}

impl LifecycleMonitor {
    /// Builds a monitor without actors.
    ///
    /// # Errors
    ///
    /// * [`LifecycleConfigError::Shards`] unless `shards` is a power of two in 1..=1024.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleConfig, LifecycleMonitor};
    ///
    /// assert!(LifecycleMonitor::new(LifecycleConfig { shards: 4, ..LifecycleConfig::default() }).is_ok());
    /// assert!(LifecycleMonitor::new(LifecycleConfig { shards: 5, ..LifecycleConfig::default() }).is_err());
    /// ```
    pub fn new(config: LifecycleConfig) -> Result<Self, LifecycleConfigError> {
        config.validate()?;
        Ok(Self::with_valid(config))
    }

    fn with_valid(config: LifecycleConfig) -> Self {
        let shards = (0..config.shards).map(|_| Mutex::new(Core::default())).collect();
        Self { history_kept: config.history_kept, shards }
    }

    fn shard(&self, name: &str) -> &Mutex<Core> {
        let mut hasher = FxHasher::default();
        hasher.write(name.as_bytes());
        &self.shards[hasher.finish() as usize & (self.shards.len() - 1)]
    }

    /// Adds an actor in Uninitialized. A stopped actor of that name makes way, and its history goes (LC-5).
    ///
    /// # Errors
    ///
    /// * [`LifecycleError::Taken`] when the name belongs to an actor that has not stopped, which stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleMonitor, LifecycleState, Trigger};
    ///
    /// let monitor = LifecycleMonitor::default();
    /// monitor.register("chain")?;
    /// assert!(monitor.register("chain").is_err());
    /// monitor.fire("chain", Trigger::Stop, None)?;
    /// monitor.register("chain")?;
    /// assert_eq!(monitor.current_state("chain"), Some(LifecycleState::Uninitialized));
    /// # Ok::<(), alys_actor::lifecycle::LifecycleError>(())
    /// ```
    pub fn register(&self, actor_id: &str) -> Result<(), LifecycleError> {
        self.shard(actor_id).lock().register(actor_id)
    }

    /// Removes a stopped actor with its history.
    ///
    /// # Errors
    ///
    /// * [`LifecycleError::UnknownActor`] when nobody has the name.
    /// * [`LifecycleError::NotStopped`] when the actor has not stopped.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleMonitor, Trigger};
    ///
    /// let monitor = LifecycleMonitor::default();
    /// monitor.register("chain")?;
    /// assert!(monitor.forget("chain").is_err());
    /// monitor.fire("chain", Trigger::Stop, None)?;
    /// monitor.forget("chain")?;
    /// assert_eq!(monitor.current_state("chain"), None);
    /// # Ok::<(), alys_actor::lifecycle::LifecycleError>(())
    /// ```
    pub fn forget(&self, actor_id: &str) -> Result<(), LifecycleError> {
        self.shard(actor_id).lock().forget(actor_id)
    }

    /// Records that an actor went from one state to another (LC-1).
    ///
    /// # Errors
    ///
    /// The first of these that applies; nothing changes then:
    ///
    /// * [`LifecycleError::Forbidden`] when the table has no such transition, whoever the actor is.
    /// * [`LifecycleError::UnknownActor`] when nobody has the name.
    /// * [`LifecycleError::Stale`] when the actor is in another state than `from`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleError, LifecycleMonitor, LifecycleState::*};
    ///
    /// let monitor = LifecycleMonitor::default();
    /// monitor.register("chain")?;
    /// let error = monitor.record_transition("chain", Starting, Running, None).unwrap_err();
    /// assert!(matches!(error, LifecycleError::Stale { current: Uninitialized, .. }));
    /// assert!(monitor.record_transition("chain", Uninitialized, Starting, None).is_ok());
    /// # Ok::<(), LifecycleError>(())
    /// ```
    pub fn record_transition(
        &self,
        actor_id: &str,
        from: LifecycleState,
        to: LifecycleState,
        reason: Option<String>,
    ) -> Result<(), LifecycleError> {
        if !allowed(from, to) {
            return Err(LifecycleError::Forbidden { actor: actor_id.to_owned(), from, to });
        }
        self.shard(actor_id).lock().report(actor_id, from, to, reason, self.history_kept)
    }

    /// Makes the transition that a trigger stands for in the state the actor is in, and returns the state it leads to.
    ///
    /// # Errors
    ///
    /// * [`LifecycleError::UnknownActor`] when nobody has the name.
    /// * [`LifecycleError::Refused`] when the trigger does not apply in the state of the actor.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleMonitor, LifecycleState, Trigger};
    ///
    /// let monitor = LifecycleMonitor::default();
    /// monitor.register("chain")?;
    /// assert_eq!(monitor.fire("chain", Trigger::Start, None)?, LifecycleState::Starting);
    /// assert!(monitor.fire("chain", Trigger::Restarted, None).is_err());
    /// # Ok::<(), alys_actor::lifecycle::LifecycleError>(())
    /// ```
    pub fn fire(
        &self,
        actor_id: &str,
        trigger: Trigger,
        reason: Option<String>,
    ) -> Result<LifecycleState, LifecycleError> {
        self.shard(actor_id).lock().fire(actor_id, trigger, reason, self.history_kept)
    }

    /// The state of an actor, if anybody has the name.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(alys_actor::lifecycle::LifecycleMonitor::default().current_state("nobody"), None);
    /// ```
    #[must_use]
    pub fn current_state(&self, actor_id: &str) -> Option<LifecycleState> {
        self.shard(actor_id).lock().state(actor_id)
    }

    /// The transitions of an actor that are kept, the oldest first; none when nobody has the name.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleMonitor, Trigger};
    ///
    /// let monitor = LifecycleMonitor::default();
    /// monitor.register("chain")?;
    /// for trigger in [Trigger::Start, Trigger::Started, Trigger::HandlerFailed] {
    ///     monitor.fire("chain", trigger, None)?;
    /// }
    /// let history = monitor.get_transitions("chain");
    /// assert!(history.windows(2).all(|pair| pair[0].to == pair[1].from));
    /// assert_eq!(history.len(), 3);
    /// # Ok::<(), alys_actor::lifecycle::LifecycleError>(())
    /// ```
    #[must_use]
    pub fn get_transitions(&self, actor_id: &str) -> Vec<StateTransition> {
        self.shard(actor_id).lock().get(actor_id).map_or_else(Vec::new, |actor| actor.transitions())
    }

    /// State, kept transitions and the number of dropped ones, of one moment, if anybody has the name.
    ///
    /// # Examples
    ///
    /// See [`ActorHistory`].
    #[must_use]
    pub fn history(&self, actor_id: &str) -> Option<ActorHistory> {
        self.shard(actor_id).lock().get(actor_id).map(|actor| actor.history())
    }

    /// Whether the actor made exactly these transitions, in this order, since it was registered.
    ///
    /// False when nobody has the name, and when a transition is no longer kept: then nothing can be shown.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleMonitor, LifecycleState::*, Trigger};
    ///
    /// let monitor = LifecycleMonitor::default();
    /// assert!(!monitor.verify_transitions("chain", &[]));
    /// monitor.register("chain")?;
    /// assert!(monitor.verify_transitions("chain", &[]));
    /// monitor.fire("chain", Trigger::Stop, None)?;
    /// assert!(monitor.verify_transitions("chain", &[(Uninitialized, Stopped)]));
    /// # Ok::<(), alys_actor::lifecycle::LifecycleError>(())
    /// ```
    #[must_use]
    pub fn verify_transitions(&self, actor_id: &str, expected: &[(LifecycleState, LifecycleState)]) -> bool {
        self.shard(actor_id).lock().get(actor_id).is_some_and(|actor| actor.went(expected))
    }

    /// How many actors are in each state (LC-2).
    ///
    /// # Examples
    ///
    /// See [`Census`].
    #[must_use]
    pub fn census(&self) -> Census {
        // Each is held before the first is read, so that no transition falls between two readings.
        let held: Vec<_> = self.shards.iter().map(|shard| shard.lock()).collect();
        held.iter().fold(Census::default(), |sum, core| sum.plus(&core.census))
    }
}

impl Default for LifecycleMonitor {
    /// A monitor of the default configuration.
    fn default() -> Self {
        Self::with_valid(LifecycleConfig::default())
    }
}

impl fmt::Debug for LifecycleMonitor {
    /// Shows the census: the actors may be many.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LifecycleMonitor").field("census", &self.census()).finish_non_exhaustive()
    }
}
