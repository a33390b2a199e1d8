//! Which values are allowed.

use std::path::PathBuf;

use thiserror::Error;

use super::TestConfig;

/// Why a configuration is refused, before anything has started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("configuration {path}: {error}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// A field is unknown, missing, or of another type.
    #[error("{place}: {field}{words}")]
    Field {
        /// Where it was said: a file, or the environment.
        place: String,
        /// Which, with the table it is in; empty where the text is no TOML at all.
        field: String,
        /// What it is, and what is allowed.
        words: String,
    },
    /// It has no form in TOML.
    #[error("the configuration cannot be written as TOML: {0}")]
    Unwritable(String),
    /// A field is out of range.
    #[error("`{field}` is {value}; allowed is {allowed}")]
    OutOfRange {
        /// Which, with the table it is in.
        field: &'static str,
        /// What it is.
        value: String,
        /// What it may be.
        allowed: String,
    },
}

impl ConfigError {
    /// Says of which field and which source an error is.
    pub(super) fn field(error: &figment::Error) -> Self {
        let place =
            error.metadata.as_ref().map_or_else(|| "configuration".to_owned(), |data| data.name.to_string());
        let path = error.path.join(".");
        let field = if path.is_empty() { String::new() } else { format!("`{path}`: ") };
        Self::Field { place, field, words: error.kind.to_string() }
    }
}

impl TestConfig {
    /// Says whether a run can be made of it.
    ///
    /// # Errors
    ///
    /// The first field that is out of range, with its value and what is allowed.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let (actors, sync, gates) = (&self.actor_system, &self.sync, &self.performance);
        within("test_deadline_ms", self.test_deadline_ms, 1, 3_600_000)?;
        within("network.peers", self.network.peers, 1, 1000)?;
        within("network.latency_ms", self.network.latency_ms, 0, 60_000)?;
        within("network.failure_rate", self.network.failure_rate, 0.0, 1.0)?;
        within("actor_system.parallel_sessions", actors.parallel_sessions, 1, 64)?;
        within("actor_system.actors", actors.actors, 1000, 100_000)?;
        within("actor_system.messages", actors.messages, 1000, 1_000_000)?;
        within("actor_system.burst", actors.burst, 1000, 1_000_000)?;
        within("actor_system.mailbox_capacity", actors.mailbox_capacity, 1, 999)?;
        within("sync.blocks", sync.blocks, 1, 1_000_000)?;
        within("sync.checkpoint_intervals (how many)", sync.checkpoint_intervals.len(), 1, 100)?;
        for interval in &sync.checkpoint_intervals {
            within("sync.checkpoint_intervals", *interval, 1, u64::MAX)?;
        }
        within("sync.parallel_sessions", sync.parallel_sessions, 1, 64)?;
        within("performance.throughput_min", gates.throughput_min, f64::MIN_POSITIVE, 1e12)?;
        within("performance.latency_mean_ms_max", gates.latency_mean_ms_max, f64::MIN_POSITIVE, 3_600_000.0)?;
        within("performance.success_percent_min", gates.success_percent_min, 0.0, 100.0)?;
        within("performance.regression_percent_max", gates.regression_percent_max, 0.0, 1000.0)?;
        not_empty("docker_compose_file", &self.docker_compose_file)?;
        not_empty("test_data_dir", &self.test_data_dir.to_string_lossy())
    }
}

/// Not a number is in no range.
fn within<T: PartialOrd + std::fmt::Display>(
    field: &'static str,
    value: T,
    least: T,
    most: T,
) -> Result<(), ConfigError> {
    if least <= value && value <= most {
        return Ok(());
    }
    Err(ConfigError::OutOfRange { field, value: value.to_string(), allowed: format!("{least} to {most}") })
}

fn not_empty(field: &'static str, value: &str) -> Result<(), ConfigError> {
    if !value.is_empty() {
        return Ok(());
    }
    Err(ConfigError::OutOfRange { field, value: "empty".to_owned(), allowed: "a path".to_owned() })
}
