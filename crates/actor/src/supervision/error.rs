//! Refusals of registrations and requests.

use thiserror::Error;

use super::{
    lifecycle::{LifecycleConfigError, LifecycleState, RegistryError},
    policy_error::PolicyError,
};

/// Why nobody can be put into a tree like this; nothing was changed.
///
/// # Examples
///
/// ```
/// use alys_actor::supervision::{ChildSpec, SpecError, SupervisorSpec, Tree};
///
/// let mut tree = Tree::new("root", &SupervisorSpec::default(), 0)?;
/// let peer = tree.add_child("peer", tree.root(), &ChildSpec::default())?;
/// let refused = tree.add_child("stream", peer, &ChildSpec::default()).unwrap_err();
/// assert_eq!(refused.to_string(), "parent of `stream` is `peer`, a child: allowed is a supervisor");
/// # Ok::<(), SpecError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpecError {
    /// A field of the specification is out of range.
    #[error("specification of `{name}`: {policy}")]
    Policy {
        /// Whose.
        name: String,
        /// Which.
        #[source]
        policy: PolicyError,
    },
    /// Nobody of the parent's name is in the tree.
    #[error("parent of `{name}` is `{parent}`, which is unknown: allowed is a supervisor of the tree")]
    UnknownParent {
        /// Who was to be added.
        name: String,
        /// Where.
        parent: String,
    },
    /// The parent is a child without children of its own.
    #[error("parent of `{name}` is `{parent}`, a child: allowed is a supervisor")]
    ParentNotSupervisor {
        /// Who was to be added.
        name: String,
        /// Where.
        parent: String,
    },
    /// The parent stops, or has stopped.
    #[error(
        "parent of `{name}` is `{parent}`, which stops or has stopped (it is in {state}): allowed is a supervisor that goes on"
    )]
    ParentStopped {
        /// Who was to be added.
        name: String,
        /// Where.
        parent: String,
        /// The state the parent is in.
        state: LifecycleState,
    },
    /// The name or the dependencies are refused (LC-5, LC-6).
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The monitor cannot be made like this.
    #[error(transparent)]
    Lifecycle(#[from] LifecycleConfigError),
}

/// Why a request to a tree cannot be met; nothing was changed.
///
/// # Examples
///
/// ```
/// use alys_actor::{
///     lifecycle::LifecycleState,
///     mailbox::Time,
///     supervision::{ChildSpec, Event, Refusal, SupervisorSpec, Tree},
/// };
///
/// let mut tree = Tree::new("root", &SupervisorSpec::default(), 0)?;
/// let peer = tree.add_child("peer", tree.root(), &ChildSpec::default())?;
/// let refused = tree.handle(Event::Restart(peer), Time::ZERO).unwrap_err();
/// let (name, state) = ("peer".to_owned(), LifecycleState::Uninitialized);
/// assert_eq!(refused, Refusal::NotRunning { name, state });
/// # Ok::<(), alys_actor::supervision::SpecError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Nobody of this name is in the tree.
    #[error("`{name}` is unknown: allowed are names in the tree")]
    Unknown {
        /// The name.
        name: String,
    },
    /// What stops or has stopped cannot be started.
    #[error(
        "`{name}` stops or has stopped, and cannot be started (it is in {state}): allowed is a new registration"
    )]
    Stopped {
        /// Who.
        name: String,
        /// The state it is in.
        state: LifecycleState,
    },
    /// Only what runs can be restarted on request.
    #[error("`{name}` in {state} cannot be restarted: allowed is Running, with no stop on its way")]
    NotRunning {
        /// Who.
        name: String,
        /// The state it is in.
        state: LifecycleState,
    },
    /// It, or somebody below it, is being restarted already (SV-9).
    #[error("`{name}` is part of a restart that was granted or is under way: allowed is a request after it")]
    RestartUnderWay {
        /// Who.
        name: String,
    },
    /// A child starts only under a supervisor that runs.
    #[error("`{name}` cannot be started under `{parent}` in {state}: allowed is a parent in Running")]
    ParentNotRunning {
        /// Who.
        name: String,
        /// Its supervisor.
        parent: String,
        /// The state the supervisor is in.
        state: LifecycleState,
    },
}
