//! Results and records made by hand or by a short run, for laws to be stated about.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use alys_engines::coverage::artifacts;

use super::alys::{
    Check, EventMetadata, EventSource, FrameworkError, Identity, Judge, Measurement, MigrationPhase, Outcome,
    Recorded, Report, RunWriter, Selection, Skip, TestConfig, TestEvent, TestEventType, TestResult,
    ValidationResult, read, run_recorded,
};

/// A test that both harnesses have, and that is quick.
pub const QUICK: &str = "test_virtual_time";

/// Another one, that comes later in the same phase.
pub const SECOND: &str = "test_shards_partition_the_tests";

/// One of a later phase, that does not end within milliseconds.
pub const LATER: &str = "test_actors_at_once";

/// An empty folder for a law; one a thread, since laws run side by side.
pub fn folder(law: &str) -> PathBuf {
    let thread: String =
        format!("{:?}", std::thread::current().id()).chars().filter(char::is_ascii_digit).collect();
    let folder = artifacts().join(format!("framework-{}-{thread}-{law}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("a folder of this law alone");
    }
    fs::create_dir_all(&folder).expect("the target directory can be written");
    folder
}

/// A configuration whose data lies in a folder, and that compares nothing with a baseline.
pub fn config(folder: &Path) -> TestConfig {
    TestConfig { test_data_dir: folder.to_owned(), performance_tracking: false, ..TestConfig::development() }
}

/// What a run of this configuration is.
pub fn identity(config: &TestConfig) -> Identity {
    Identity { schema: 1, version: "0.1.0".to_owned(), config: config.clone(), filter: None, shard: None }
}

/// Tests whose name contains this.
pub fn only(filter: &str) -> Selection {
    Selection { filter: Some(filter.to_owned()), shard: None }
}

/// Runs phases on this thread as the command line does.
pub fn run(
    config: TestConfig,
    selection: Selection,
    phases: &[MigrationPhase],
) -> Result<(PathBuf, Report), FrameworkError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers");
    let ended = runtime.block_on(run_recorded(config, selection, phases, Arc::new(|_| ())))?;
    Ok((ended.directory, ended.report))
}

/// The record of a run of the two quick tests.
pub fn recorded(law: &str) -> Recorded {
    let selection = only("_t");
    let config = config(&folder(law));
    let (directory, report) =
        run(config, selection, &[MigrationPhase::Foundation]).expect("a run in its folder");
    assert_eq!(report.outcome, Outcome::Passed);
    let mut recorded = read(&directory).expect("the record of a run");
    recorded.tests.retain(|test| [QUICK, SECOND].contains(&test.name.as_str()));
    recorded
}

/// A check that holds, or one that does not.
pub fn check(holds: bool) -> Check {
    let mut judge = Judge::default();
    judge.equal("MB-7", "messages received", 3_u64, if holds { 3_u64 } else { 2 });
    judge.into_checks().remove(0)
}

/// An event of this number.
pub fn event(event_id: u64) -> TestEvent {
    TestEvent {
        event_id,
        timestamp: Some(event_id * 1000),
        event_type: TestEventType::Observed,
        source: EventSource("it".to_owned()),
        metadata: EventMetadata([("count".to_owned(), event_id.into())].into()),
    }
}

/// A result of a test that ran for a millisecond, saw one event and was checked once.
pub fn result(test_name: &str, phase: MigrationPhase, outcome: Outcome) -> TestResult {
    let skipped = outcome == Outcome::Skipped;
    TestResult {
        test_name: test_name.to_owned(),
        phase,
        category: "framework".to_owned(),
        summary: String::new(),
        outcome,
        skip: skipped.then(|| Skip { required: true, reason: "it is missing".to_owned() }),
        seed: 7,
        checks: if skipped { Vec::new() } else { vec![check(outcome != Outcome::Failed)] },
        gates: Vec::new(),
        events: if skipped { Vec::new() } else { vec![event(0)] },
        measurement: Measurement {
            wall: Duration::from_millis(u64::from(!skipped)),
            timed_out: outcome == Outcome::TimedOut,
            ..Measurement::default()
        },
        shortest: None,
        replay: "again".to_owned(),
    }
}

/// A result with these figures.
pub fn figures(test_name: &str, outcome: Outcome, values: &[(&str, f64)]) -> TestResult {
    let values: BTreeMap<_, _> = values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    let mut result = result(test_name, MigrationPhase::Foundation, outcome);
    result.measurement.values = values;
    result
}

/// A phase that came to this.
pub fn phase(phase: MigrationPhase, outcome: Outcome, results: Vec<TestResult>) -> ValidationResult {
    let (success, violations, duration) =
        (outcome == Outcome::Passed, Vec::new(), Duration::from_millis(250));
    ValidationResult { phase, success, outcome, results, violations, duration }
}

/// Writes one phase down as a run without an end, and returns its folder.
pub fn written(data: &Path, result: &ValidationResult) -> PathBuf {
    let mut writer = RunWriter::create(data, &identity(&config(data)), None).expect("a folder of this law");
    writer.phase(result).expect("a folder of this law");
    writer.directory().to_owned()
}

/// What was measured of a test, and what it came to.
pub type Measured = (Measurement, Outcome);
