//! Names, each for one actor, with what their actors depend on: the shell around the order.

use std::fmt;

use super::{
    config::{LifecycleConfig, LifecycleConfigError},
    dependencies::Dependencies,
    error::LifecycleError,
    monitor::LifecycleMonitor,
    registry_error::RegistryError,
    sync::Mutex,
};

/// Gives names to actors and puts them into the order of their dependencies; the monitor it owns knows their states.
///
/// A stopped actor stays, with its place in both orders, until its name is registered again or removed: those that
/// depend on it keep what they declared. Registered again, it comes behind all others and declares its dependencies
/// anew.
///
/// Note that actors which the monitor is told of directly have no entry here: nobody can depend on them.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{Registry, RegistryError, Trigger};
///
/// let registry = Registry::default();
/// registry.register("storage", &[])?;
/// registry.register("network", &[])?;
/// registry.register("chain", &["network", "storage"])?;
/// assert_eq!(registry.start_order(), ["storage", "network", "chain"]);
///
/// registry.monitor().fire("storage", Trigger::Stop, None)?;
/// let error = registry.register("storage", &["chain"]).unwrap_err();
/// let path = ["storage", "chain", "storage"].map(str::to_owned).to_vec();
/// assert_eq!(error, RegistryError::Cycle { path });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Registry {
    monitor: LifecycleMonitor,
    // Locked before a shard of the monitor, never after one.
    dependencies: Mutex<Dependencies>,
}

impl Registry {
    /// Builds a registry without names, and its monitor.
    ///
    /// # Errors
    ///
    /// * [`LifecycleConfigError::Shards`] unless `shards` is a power of two in 1..=1024.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleConfig, Registry};
    ///
    /// assert!(Registry::new(LifecycleConfig::default()).is_ok());
    /// assert!(Registry::new(LifecycleConfig { shards: 0, ..LifecycleConfig::default() }).is_err());
    /// ```
    pub fn new(config: LifecycleConfig) -> Result<Self, LifecycleConfigError> {
        Ok(Self::around(LifecycleMonitor::new(config)?))
    }

    fn around(monitor: LifecycleMonitor) -> Self {
        Self { monitor, dependencies: Mutex::new(Dependencies::default()) }
    }

    /// The monitor that is told what the actors do.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleState, Registry};
    ///
    /// let registry = Registry::default();
    /// registry.register("chain", &[])?;
    /// assert_eq!(registry.monitor().current_state("chain"), Some(LifecycleState::Uninitialized));
    /// # Ok::<(), alys_actor::lifecycle::RegistryError>(())
    /// ```
    #[must_use]
    pub fn monitor(&self) -> &LifecycleMonitor {
        &self.monitor
    }

    /// Registers an actor, in Uninitialized, with the names of those that must start before it (LC-5, LC-6).
    ///
    /// A dependency that is declared twice counts once. Since a dependency must be registered already, a longer cycle
    /// can only come about where a name is registered again.
    ///
    /// # Errors
    ///
    /// The first of these that applies; nothing changes then:
    ///
    /// * [`RegistryError::UnknownDependency`] when a dependency is not registered; the name itself counts as registered.
    /// * [`RegistryError::Cycle`] when the actor would depend on itself.
    /// * [`RegistryError::Taken`] when the name belongs to an actor that has not stopped, which stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::Registry;
    ///
    /// let registry = Registry::default();
    /// registry.register("chain", &[])?;
    /// let taken = registry.register("chain", &[]).unwrap_err();
    /// assert_eq!(
    ///     taken.to_string(),
    ///     "name `chain` belongs to an actor in Uninitialized: allowed is a name that is new, or Stopped"
    /// );
    /// let selfish = registry.register("miner", &["miner"]).unwrap_err();
    /// assert_eq!(selfish.to_string(), "dependencies must not form a cycle: miner -> miner");
    /// # Ok::<(), alys_actor::lifecycle::RegistryError>(())
    /// ```
    pub fn register(&self, name: &str, dependencies: &[&str]) -> Result<(), RegistryError> {
        let mut registered = self.dependencies.lock();
        if let Some(dependency) = registered.unknown(name, dependencies) {
            let (name, dependency) = (name.to_owned(), dependency.to_owned());
            return Err(RegistryError::UnknownDependency { name, dependency });
        }
        if let Some(path) = registered.cycle(name, dependencies) {
            return Err(RegistryError::Cycle { path });
        }
        self.monitor.register(name).map_err(in_registry)?;
        registered.insert(name, dependencies);
        Ok(())
    }

    /// Removes a stopped actor that nobody declares as a dependency, and its history.
    ///
    /// # Errors
    ///
    /// The first of these that applies; nothing changes then:
    ///
    /// * [`RegistryError::Unknown`] when nobody of this name is registered here.
    /// * [`RegistryError::Needed`] when others declare it, stopped ones included: remove those first.
    /// * [`RegistryError::NotStopped`] when the actor has not stopped.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{Registry, Trigger};
    ///
    /// let registry = Registry::default();
    /// registry.register("storage", &[])?;
    /// registry.register("chain", &["storage"])?;
    /// for name in registry.stop_order() {
    ///     registry.monitor().fire(&name, Trigger::Stop, None)?;
    /// }
    /// let needed = registry.remove("storage").unwrap_err();
    /// assert_eq!(
    ///     needed.to_string(),
    ///     "actor `storage` cannot be removed before those that depend on it: chain"
    /// );
    /// registry.remove("chain")?;
    /// registry.remove("storage")?;
    /// assert!(registry.start_order().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn remove(&self, name: &str) -> Result<(), RegistryError> {
        let mut registered = self.dependencies.lock();
        if registered.of(name).is_none() {
            return Err(RegistryError::Unknown { name: name.to_owned() });
        }
        let dependents = registered.dependents(name);
        if !dependents.is_empty() {
            return Err(RegistryError::Needed { name: name.to_owned(), dependents });
        }
        match self.monitor.forget(name) {
            // Somebody forgot it at the monitor: what is left of it goes now.
            Ok(()) | Err(LifecycleError::UnknownActor { .. }) => {
                registered.remove(name);
                Ok(())
            }
            Err(error) => Err(in_registry(error)),
        }
    }

    /// What an actor declared, each dependency once, if anybody of this name is registered here.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::Registry;
    ///
    /// let registry = Registry::default();
    /// registry.register("storage", &[])?;
    /// registry.register("chain", &["storage", "storage"])?;
    /// assert_eq!(registry.dependencies("chain"), Some(vec!["storage".to_owned()]));
    /// assert_eq!(registry.dependencies("nobody"), None);
    /// # Ok::<(), alys_actor::lifecycle::RegistryError>(())
    /// ```
    #[must_use]
    pub fn dependencies(&self, name: &str) -> Option<Vec<String>> {
        self.dependencies.lock().of(name).map(<[String]>::to_vec)
    }

    /// Every registered actor after all those it depends on (LC-6).
    ///
    /// Of several that could come next, the one registered first does: the order is a function of the registrations.
    ///
    /// # Examples
    ///
    /// See [`Registry`].
    #[must_use]
    pub fn start_order(&self) -> Vec<String> {
        self.dependencies.lock().start_order()
    }

    /// The reverse of [`Registry::start_order`] (LC-6).
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::Registry;
    ///
    /// let registry = Registry::default();
    /// registry.register("storage", &[])?;
    /// registry.register("chain", &["storage"])?;
    /// assert_eq!(registry.stop_order(), ["chain", "storage"]);
    /// # Ok::<(), alys_actor::lifecycle::RegistryError>(())
    /// ```
    #[must_use]
    pub fn stop_order(&self) -> Vec<String> {
        let mut order = self.start_order();
        order.reverse();
        order
    }

    /// Whether anybody declares this name as a dependency.
    pub(crate) fn is_needed(&self, name: &str) -> bool {
        self.dependencies.lock().is_needed(name)
    }
}

/// A refusal of the monitor in the words of the registry.
fn in_registry(error: LifecycleError) -> RegistryError {
    match error {
        LifecycleError::Taken { actor: name, state } => RegistryError::Taken { name, state },
        LifecycleError::NotStopped { actor: name, state } => RegistryError::NotStopped { name, state },
        LifecycleError::UnknownActor { actor: name }
        | LifecycleError::Forbidden { actor: name, .. }
        | LifecycleError::Stale { actor: name, .. }
        | LifecycleError::Refused { actor: name, .. } => RegistryError::Unknown { name },
    }
}

impl Default for Registry {
    /// A registry around a monitor of the default configuration.
    fn default() -> Self {
        Self::around(LifecycleMonitor::default())
    }
}

impl fmt::Debug for Registry {
    /// Shows the start order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("start_order", &self.start_order()).finish_non_exhaustive()
    }
}
