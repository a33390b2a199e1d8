//! What can go wrong around the tests; what goes wrong in them is in their results.

use thiserror::Error;

use crate::config::ConfigError;

/// Why the framework cannot go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FrameworkError {
    /// The configuration is refused.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The runtime cannot be made, or cannot be stopped.
    #[error("runtime of {workers} workers: {error}")]
    Runtime {
        /// How many it was to have.
        workers: usize,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// A harness cannot run.
    #[error("{harness}: {reason}")]
    Harness {
        /// Which.
        harness: String,
        /// Why.
        reason: String,
    },
}

/// What the framework returns.
pub type Result<T, E = FrameworkError> = std::result::Result<T, E>;
