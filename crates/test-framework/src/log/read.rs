//! Reading a run back.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::de::DeserializeOwned;
use thiserror::Error;

use super::{EVENTS, Identity, LogLine, MEASUREMENTS, MeasuredLine, SCHEMA, Shortest};
use crate::{
    baseline::Baseline,
    chaos::ChaosReport,
    event::TestEvent,
    measurement::Measurement,
    metrics::{ResourceMetrics, TestMetrics},
    phase::MigrationPhase,
    report::LineCoverage,
    result::{Outcome, Skip},
};

/// Why the files of a run cannot be read; they are left as they are.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LogError {
    /// A file cannot be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: std::io::Error,
    },
    /// A line is none of this file.
    #[error("{path}, line {line}: {words}")]
    Line {
        /// In which file.
        path: PathBuf,
        /// Which, counted from 1.
        line: usize,
        /// What is wrong, and what is allowed.
        words: String,
    },
    /// The two files are not of one run.
    #[error(
        "{path}: its first line is not that of the event log beside it; allowed are the two files of one run"
    )]
    TwoRuns {
        /// The measurements.
        path: PathBuf,
    },
}

/// One test as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedTest {
    /// Its name.
    pub name: String,
    /// The phase that had begun.
    pub phase: MigrationPhase,
    /// The seed that it got.
    pub seed: u64,
    /// What it saw.
    pub events: Vec<TestEvent>,
    /// How many checks there were, and how many did not hold; `None` where it has no recorded end.
    pub ended: Option<(u64, u64)>,
    /// Why it did not run, where it did not.
    pub skip: Option<Skip>,
    /// What was measured, and what it came to.
    pub measured: Option<(Measurement, Outcome)>,
    /// The shortest way to its failure.
    pub shortest: Option<Shortest>,
}

/// A run as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// What it was.
    pub identity: Identity,
    /// What it was compared with.
    pub baseline: Option<Baseline>,
    /// Its tests, in their order.
    pub tests: Vec<RecordedTest>,
    /// What its phases came to.
    pub phases: BTreeMap<MigrationPhase, (Outcome, Duration)>,
    /// What its phases took of their machine.
    pub resources: BTreeMap<MigrationPhase, ResourceMetrics>,
    /// What its chaos came to, where it had one.
    pub chaos: Option<ChaosReport>,
    /// Which lines the suites of properties went through, where that was asked.
    pub lines: Option<LineCoverage>,
    /// What it counted; `None` where it never came to its end.
    pub metrics: Option<TestMetrics>,
}

/// Reads the run that has its files in a folder; the path of either file does as well.
///
/// # Errors
///
/// See [`LogError`]; each names the file, and the line where it is one.
pub fn read(path: &Path) -> Result<Recorded, LogError> {
    let found = fs::metadata(path).map_err(|error| LogError::Unreadable { path: path.to_owned(), error })?;
    let directory = if found.is_dir() { path } else { path.parent().unwrap_or(path) };
    let events = directory.join(EVENTS);
    let mut lines = lines::<LogLine>(&events)?.into_iter();
    let first = lines.next();
    let Some((_, LogLine::Run(identity))) = first else {
        return Err(line(&events, 1, "the first line must say what was run"));
    };
    if identity.schema != SCHEMA {
        let words = format!("it has schema {}; allowed is {SCHEMA}", identity.schema);
        return Err(line(&events, 1, &words));
    }
    let tests = tests(&events, lines)?;
    let (phases, resources) = (BTreeMap::new(), BTreeMap::new());
    let mut recorded = Recorded {
        identity: *identity,
        baseline: None,
        tests,
        phases,
        resources,
        chaos: None,
        lines: None,
        metrics: None,
    };
    measurements(&directory.join(MEASUREMENTS), &mut recorded)?;
    Ok(recorded)
}

fn tests(path: &Path, lines: impl Iterator<Item = (usize, LogLine)>) -> Result<Vec<RecordedTest>, LogError> {
    let (mut tests, mut phase): (Vec<RecordedTest>, _) = (Vec::new(), None);
    for (number, read) in lines {
        let refused = |words: &str| line(path, number, words);
        match (read, tests.last_mut()) {
            (LogLine::Run(_), _) => return Err(refused("a second run begins; allowed is one")),
            (LogLine::Phase(begun), _) => phase = Some(begun),
            (LogLine::Test { name, seed }, _) => {
                let phase = phase.ok_or_else(|| refused("a test before any phase"))?;
                tests.push(RecordedTest {
                    name,
                    phase,
                    seed,
                    events: Vec::new(),
                    ended: None,
                    skip: None,
                    measured: None,
                    shortest: None,
                });
            }
            (_, None) => return Err(refused("it belongs to a test, and none has begun")),
            (LogLine::Event(event), Some(test)) => {
                if test.ended.is_some() || event.event_id != test.events.len() as u64 {
                    return Err(refused(
                        "events are numbered from 0 without a gap, up to the end of their test",
                    ));
                }
                test.events.push(event);
            }
            (LogLine::Ended { checks, broken }, Some(test)) => test.ended = Some((checks, broken)),
            (LogLine::Skipped(skip), Some(test)) => test.skip = Some(skip),
        }
    }
    Ok(tests)
}

fn measurements(path: &Path, recorded: &mut Recorded) -> Result<(), LogError> {
    let mut lines = lines::<MeasuredLine>(path)?.into_iter();
    match lines.next() {
        Some((_, MeasuredLine::Run(identity))) if *identity == recorded.identity => {}
        _ => return Err(LogError::TwoRuns { path: path.to_owned() }),
    }
    for (number, read) in lines {
        let named = |name: &str| {
            let at = recorded.tests.iter().position(|test| test.name == name);
            at.ok_or_else(|| line(path, number, &format!("test `{name}` is not in the event log")))
        };
        match read {
            MeasuredLine::Run(_) => return Err(line(path, number, "a second run begins; allowed is one")),
            MeasuredLine::Baseline(baseline) => recorded.baseline = Some(baseline),
            MeasuredLine::Test { name, measurement, outcome } => {
                let at = named(&name)?;
                recorded.tests[at].measured = Some((measurement, outcome));
            }
            MeasuredLine::Shortest { name, shortest } => {
                let at = named(&name)?;
                recorded.tests[at].shortest = Some(shortest);
            }
            MeasuredLine::Phase { phase, outcome, duration } => {
                recorded.phases.insert(phase, (outcome, duration));
            }
            MeasuredLine::Resources { phase, resources } => {
                recorded.resources.insert(phase, *resources);
            }
            MeasuredLine::Chaos(chaos) => recorded.chaos = Some(*chaos),
            MeasuredLine::Lines(lines) => recorded.lines = Some(lines),
            MeasuredLine::Metrics(metrics) => recorded.metrics = Some(*metrics),
        }
    }
    Ok(())
}

fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<(usize, T)>, LogError> {
    let text =
        fs::read_to_string(path).map_err(|error| LogError::Unreadable { path: path.to_owned(), error })?;
    let parsed = |(at, text): (usize, &str)| {
        let parsed = serde_json::from_str(text).map_err(|error| line(path, at + 1, &error.to_string()))?;
        Ok((at + 1, parsed))
    };
    text.lines().enumerate().map(parsed).collect()
}

fn line(path: &Path, line: usize, words: &str) -> LogError {
    LogError::Line { path: path.to_owned(), line, words: words.to_owned() }
}
