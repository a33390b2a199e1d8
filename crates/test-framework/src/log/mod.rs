//! The two files of a run: the event log, which is the same for the same seed and configuration, and beside it the
//! measurements, which never are (FW-2, FW-3).
//!
//! Both are JSON Lines that are appended to, never rewritten. Together they are enough to rebuild every verdict.

mod read;
mod write;

use serde::{Deserialize, Serialize};

pub use read::{LogError, Recorded, RecordedTest, read};
pub use write::RunWriter;
pub(crate) use write::{at, numbered};

use crate::{
    baseline::Baseline,
    chaos::ChaosReport,
    config::TestConfig,
    event::TestEvent,
    measurement::Measurement,
    metrics::{ResourceMetrics, TestMetrics},
    phase::MigrationPhase,
    report::LineCoverage,
    result::{Outcome, Skip},
};

/// The version of both files; one that is newer than the program is refused.
pub(crate) const SCHEMA: u32 = 1;

/// The name of the event log within the folder of a run.
pub(crate) const EVENTS: &str = "events.jsonl";

/// The name of the measurements within the folder of a run.
pub(crate) const MEASUREMENTS: &str = "measurements.jsonl";

/// What a run is: equal for two runs that must have the same event log, but for the shard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The version of the files.
    pub schema: u32,
    /// The version of the framework.
    pub version: String,
    /// The configuration, the seed included.
    pub config: TestConfig,
    /// What the names of its tests contain, where that was asked.
    pub filter: Option<String>,
    /// Which share of the tests it is, where it is one.
    pub shard: Option<String>,
}

/// A line of the event log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LogLine {
    /// The first line.
    Run(Box<Identity>),
    /// A phase begins.
    Phase(MigrationPhase),
    /// A test begins.
    Test {
        /// Its name.
        name: String,
        /// Its seed.
        seed: u64,
    },
    /// Something happened in the test that has begun.
    Event(TestEvent),
    /// The test has ended.
    Ended {
        /// How many checks its events were put to.
        checks: u64,
        /// How many of them do not hold.
        broken: u64,
    },
    /// The test did not run.
    Skipped(Skip),
}

/// A line of the measurements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MeasuredLine {
    /// The first line: the same as that of the event log.
    Run(Box<Identity>),
    /// What the run was compared with.
    Baseline(Baseline),
    /// A test was measured.
    Test {
        /// Its name.
        name: String,
        /// What was measured.
        measurement: Measurement,
        /// What it came to.
        outcome: Outcome,
    },
    /// The shortest way to the failure of a test.
    Shortest {
        /// The name of the test.
        name: String,
        /// How it is seen.
        shortest: Shortest,
    },
    /// A phase has ended.
    Phase {
        /// Which.
        phase: MigrationPhase,
        /// What it came to.
        outcome: Outcome,
        /// How long it took.
        duration: std::time::Duration,
    },
    /// What the process took of its machine while a phase ran.
    Resources {
        /// Which.
        phase: MigrationPhase,
        /// What it took.
        resources: Box<ResourceMetrics>,
    },
    /// The suites of properties ran under a coverage tool, or did not.
    Lines(LineCoverage),
    /// The chaos after the phases is over.
    Chaos(Box<ChaosReport>),
    /// The last line: what the run counted.
    Metrics(Box<TestMetrics>),
}

/// The shortest way to a failure, found by the suite of state machines of the same component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortest {
    /// The broken rule, where there is one.
    pub rule: Option<String>,
    /// For a terminal.
    pub text: String,
    /// For a browser: a page that needs nothing else.
    pub page: String,
    /// The command that runs it again.
    pub replay: String,
}
