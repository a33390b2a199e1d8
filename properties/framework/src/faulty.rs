//! The same laws, about the twin in which faults can be planted.

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::{
        baseline::Baseline,
        case::{Pace, TestCase},
        config::{ConfigError, TestConfig},
        error::FrameworkError,
        event::{EventMetadata, EventSource, TestEvent, TestEventType},
        evidence::Evidence,
        framework::MigrationTestFramework,
        judge::{Check, Judge, Limit, Quantity},
        log::{Identity, LogError, Recorded, RunWriter, Shortest, read},
        measurement::Measurement,
        metrics::{Percentiles, PhaseMetrics, ResourceMetrics, TestMetrics, Transferred},
        phase::MigrationPhase,
        replay::replay,
        report::{LineCoverage, MergeError, Report, junit, merge, trend},
        result::{Outcome, Skip, TestResult, ValidationResult},
        run::{Context, Progress, Selection, Shard},
        session::run_recorded,
        stage::{DriveError, Driven, Stage},
        validators::{PhaseValidator, ResultValidator},
    };
}

#[path = "target/laws/mod.rs"]
pub mod laws;
#[path = "target/made.rs"]
pub mod made;
