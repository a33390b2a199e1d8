//! Refusals of a registry.

use thiserror::Error;

use super::{state::LifecycleState, table::List};

/// What a [`Registry`](super::Registry) refused; it changed nothing.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{Registry, RegistryError};
///
/// let registry = Registry::default();
/// let error = registry.register("chain", &["storage"]).unwrap_err();
/// let (name, dependency) = ("chain".to_owned(), "storage".to_owned());
/// assert_eq!(error, RegistryError::UnknownDependency { name, dependency });
/// assert_eq!(
///     error.to_string(),
///     "actor `chain` depends on `storage`, which is unknown: allowed are registered actors"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The name belongs to an actor that has not stopped (LC-5).
    #[error("name `{name}` belongs to an actor in {state}: allowed is a name that is new, or Stopped")]
    Taken {
        /// The name.
        name: String,
        /// The state of the actor that has it.
        state: LifecycleState,
    },
    /// A dependency is not registered; the first one that is not.
    #[error("actor `{name}` depends on `{dependency}`, which is unknown: allowed are registered actors")]
    UnknownDependency {
        /// Who was to be registered.
        name: String,
        /// What it declared.
        dependency: String,
    },
    /// The actor would depend on itself (LC-6).
    #[error("dependencies must not form a cycle: {}", path.join(" -> "))]
    Cycle {
        /// From the actor along its dependencies back to the actor, which stands at both ends. A shortest such path; of
        /// several, the one whose dependencies were declared first.
        path: Vec<String>,
    },
    /// Nobody of this name is registered.
    #[error("actor `{name}` is unknown: allowed are registered actors")]
    Unknown {
        /// The name.
        name: String,
    },
    /// An actor that has not stopped cannot be removed.
    #[error("actor `{name}` in {state} cannot be removed: allowed is Stopped")]
    NotStopped {
        /// The name.
        name: String,
        /// The state it is in.
        state: LifecycleState,
    },
    /// The root of a supervised system stays for as long as the system does.
    #[error("actor `{name}` cannot be removed: it is the root, allowed are those below it")]
    Root {
        /// The name.
        name: String,
    },
    /// An actor that others declare as a dependency cannot be removed.
    #[error("actor `{name}` cannot be removed before those that depend on it: {}", List(dependents))]
    Needed {
        /// The name.
        name: String,
        /// Who declares it, in the order of registration.
        dependents: Vec<String>,
    },
}
