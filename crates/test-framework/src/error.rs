//! What can go wrong around the tests; what goes wrong in them is in their results.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::{
    chaos::PlanError, config::ConfigError, headers::HeadersError, log::LogError, report::MergeError,
};

/// Why the framework cannot go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FrameworkError {
    /// The configuration is refused.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The chaos plan is refused.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The runtime cannot be made, or cannot be stopped.
    #[error("runtime of {workers} workers: {error}")]
    Runtime {
        /// How many it was to have.
        workers: usize,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// A file or folder cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// The data directory cannot be used.
    #[error(
        "`test_data_dir` is {data}, and {path} cannot be used there: {error}; allowed is a folder that can be made, read and \
         written"
    )]
    DataDirectory {
        /// The data directory.
        data: PathBuf,
        /// What of it cannot be used.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// The stored baseline is none.
    #[error("{path} is no baseline ({error}); mend it, or move it away to have a new one measured")]
    Baseline {
        /// Where it lies.
        path: PathBuf,
        /// What is wrong.
        #[source]
        error: serde_json::Error,
    },
    /// A report cannot be written as XML.
    #[error("the report cannot be written as XML: {0}")]
    Junit(String),
    /// A report cannot be written as JSON.
    #[error("the report cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Runs cannot be merged.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// Headers cannot be fetched.
    #[error(transparent)]
    Headers(#[from] HeadersError),
    /// No test is selected.
    #[error("no test is called like `{filter}`; `list` shows all names")]
    NothingSelected {
        /// What their names were to contain.
        filter: String,
    },
    /// The record of a run cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A node does not run, or not any more.
    #[cfg(feature = "p2p")]
    #[error(transparent)]
    Node(#[from] crate::node::NodeFailure),
    /// The program was built without what a command needs.
    #[error(
        "this program was built without `{feature}`; `cargo run --release -p alys-test-framework --features {feature} -- \
         {command}` builds one that has it"
    )]
    NotBuilt {
        /// The feature that it needs.
        feature: &'static str,
        /// The command.
        command: &'static str,
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

impl FrameworkError {
    /// The same, said of the data directory where it is about a file there.
    pub(crate) fn in_data(self, data: &Path) -> Self {
        match self {
            Self::File { path, error } if path.starts_with(data) => {
                Self::DataDirectory { data: data.to_owned(), path, error }
            }
            other => other,
        }
    }
}

/// What the framework returns.
pub type Result<T, E = FrameworkError> = std::result::Result<T, E>;
