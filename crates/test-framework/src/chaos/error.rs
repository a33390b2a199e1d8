//! Which plans are refused, and why.

use std::{fmt::Display, path::PathBuf};

use thiserror::Error;

use super::{plan::ChaosPlan, strategy::Strategy};

/// Why a plan is refused, before anything has started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The file cannot be read.
    #[error("plan {path}: {error}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// A field is unknown, missing, or of another type; or the text is no TOML.
    #[error("plan, line {line} (`{text}`): {words}")]
    Field {
        /// In which line, counted from 1.
        line: usize,
        /// What stands there.
        text: String,
        /// What is wrong, and what is allowed.
        words: String,
    },
    /// A field is out of range.
    #[error("`{field}` is {value}; allowed is {allowed}")]
    OutOfRange {
        /// Which, with the step it is in.
        field: String,
        /// What it is.
        value: String,
        /// What it may be.
        allowed: String,
    },
}

impl PlanError {
    /// Says where in the text an error is.
    pub(super) fn of_toml(error: &toml::de::Error, text: &str) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count();
        let text = text.lines().nth(line).unwrap_or_default().trim().to_owned();
        Self::Field { line: line + 1, text, words: error.message().to_owned() }
    }
}

/// Not below the first, not above the second.
fn within<T: PartialOrd + Display>(field: &str, value: T, (least, most): (T, T)) -> Result<(), PlanError> {
    if least <= value && value <= most {
        return Ok(());
    }
    let allowed = format!("{least} to {most}");
    Err(PlanError::OutOfRange { field: field.to_owned(), value: value.to_string(), allowed })
}

impl ChaosPlan {
    /// Says whether it can be run.
    ///
    /// # Errors
    ///
    /// The first field that is out of range, with its value and what is allowed.
    pub fn validate(&self) -> Result<(), PlanError> {
        within("workers", self.workers, (1, 64))?;
        within("mailbox_capacity", self.mailbox_capacity, (1, 100_000))?;
        within("probe_every_ms", self.probe_every_ms, (1, 60_000))?;
        within("probe_timeout_ms", self.probe_timeout_ms, (1, 60_000))?;
        within("backoff_ms", self.backoff_ms, (0, 60_000))?;
        within("max_restarts", self.max_restarts, (0, 10_000))?;
        within("window_ms", self.window_ms, (1, 3_600_000))?;
        within("steps (how many)", self.steps.len(), (0, 100))?;
        let mut earliest = 0;
        for (at, step) in self.steps.iter().enumerate() {
            within(&format!("steps[{at}].at_ms"), step.at_ms, (earliest, 86_400_000))?;
            earliest = step.at_ms;
            let field = format!("steps[{at}].strategy.{}", step.strategy.name());
            if let Some(Some(worker)) = step.strategy.worker() {
                within(&format!("{field}.worker"), worker, (0, self.workers - 1))?;
            }
            step.strategy.validate(&field)?;
        }
        Ok(())
    }
}

impl Strategy {
    fn validate(&self, step: &str) -> Result<(), PlanError> {
        let field = |name: &str| format!("{step}.{name}");
        match *self {
            Self::Panics { count, .. } => within(&field("count"), count, (1, 100)),
            Self::Stalls { for_ms, .. } => within(&field("for_ms"), for_ms, (1, 600_000)),
            Self::Floods { messages, each_ms, .. } => {
                within(&field("messages"), messages, (1, 100_000))?;
                within(&field("each_ms"), each_ms, (0, 1000))
            }
            Self::SlowConsumers { messages, each_ms, .. } => {
                within(&field("messages"), messages, (1, 100_000))?;
                within(&field("each_ms"), each_ms, (1, 10_000))
            }
            Self::ClockSkew { by_ms, timeout_ms, .. } => {
                within(&field("by_ms"), by_ms, (1, 86_400_000))?;
                within(&field("timeout_ms"), timeout_ms, (4, 600_000))
            }
            Self::KilledArbiter {} => Ok(()),
            Self::MemoryPressure { budget_bytes, chunk_bytes, chunks } => {
                within(&field("budget_bytes"), budget_bytes, (1 << 20, 16 << 30))?;
                within(&field("chunk_bytes"), chunk_bytes, (256 << 10, budget_bytes))?;
                within(&field("chunks"), chunks, (1, 100_000))
            }
            Self::CpuStress { threads, iterations, slowdown_permille_min } => {
                within(&field("threads"), threads, (1, 256))?;
                within(&field("iterations"), iterations, (1, 1_000_000_000_000))?;
                within(&field("slowdown_permille_min"), slowdown_permille_min, (1001, 1_000_000))
            }
            Self::MessageCorruption { frames, permille } => {
                within(&field("frames"), frames, (1, 100_000))?;
                within(&field("permille"), permille, (1, 1000))
            }
            Self::RandomDisconnects { per_minute } => within(&field("per_minute"), per_minute, (1, 600)),
            Self::SlowNetwork { latency_ms } => within(&field("latency_ms"), latency_ms, (1, 60_000)),
            Self::LossyNetwork { permille } => within(&field("permille"), permille, (1, 200)),
            Self::NoisyNetwork { permille } => within(&field("permille"), permille, (1, 100)),
            Self::Congestion { bytes_per_ms } => within(&field("bytes_per_ms"), bytes_per_ms, (1, 1000)),
            Self::NetworkPartition { percent, for_ms } => {
                within(&field("percent"), percent, (1, 100))?;
                within(&field("for_ms"), for_ms, (1, 60_000))
            }
            Self::ByzantinePeers { peers, count } => {
                within(&field("peers"), peers, (3, 64))?;
                within(&field("count"), count, (1, peers / 3))
            }
            Self::DiskFailures { count, .. } => within(&field("count"), count, (1, 100)),
            Self::ClientFailures { count, .. } | Self::LyingClients { count, .. } => {
                within(&field("count"), count, (1, 50))
            }
            Self::ByzantineActors { members, count } => {
                within(&field("members"), members, (2, 64))?;
                within(&field("count"), count, (1, members))
            }
        }
    }
}
