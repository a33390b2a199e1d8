//! What a directory hands out, and why it does not.

use thiserror::Error;

use super::mailbox::Sender;

/// Whose turn it is.
///
/// # Examples
///
/// See [`Directory`](super::Directory).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Balance {
    /// The healthy instance registered next after the one this policy picked last for the service, round and round. All
    /// who pick by it share the turn.
    RoundRobin,
    /// The healthy instance with the fewest messages queued; of equal ones the first registered.
    LeastLoaded,
}

/// A healthy instance, as it is handed out.
///
/// # Examples
///
/// See [`Directory`](super::Directory).
#[derive(Debug)]
pub struct Instance<M, R = ()> {
    /// Its name.
    pub name: String,
    /// The way to it.
    pub sender: Sender<M, R>,
}

/// Why a directory was not changed.
///
/// # Examples
///
/// See [`Directory`](super::Directory).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DirectoryError {
    /// Another instance has the name, of whichever service.
    #[error("instance name `{name}` belongs to service `{service}`: allowed is a name that is free")]
    Taken {
        /// The name.
        name: String,
        /// The service of the instance that has it.
        service: String,
    },
    /// No instance has the name.
    #[error("instance name `{name}` is not registered")]
    Unknown {
        /// The name.
        name: String,
    },
}

/// A service has nobody to hand out.
///
/// # Examples
///
/// ```
/// use alys_actor::comm::{Balance, Directory};
///
/// let error = Directory::<u32>::default().pick("signer", Balance::LeastLoaded).unwrap_err();
/// assert_eq!(error.to_string(), "service `signer` has no healthy instance (of 0 registered)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("service `{service}` has no healthy instance (of {registered} registered)")]
pub struct NoInstance {
    /// The service.
    pub service: String,
    /// How many instances it has, none of them healthy.
    pub registered: usize,
}
