//! The runs before this one.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;

use crate::{
    error::Result,
    log::{LogError, numbered, read},
    result::Outcome,
};

use super::LineCoverage;

/// How many runs are kept in sight.
const RUNS_MAX: usize = 50;

/// What one run came to, in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrendPoint {
    /// The number of the run.
    pub run: u64,
    /// How many tests passed.
    pub passed: u64,
    /// How many tests ran and did not pass.
    pub failed: u64,
    /// How many tests did not run.
    pub skipped: u64,
    /// The time of all tests in milliseconds.
    pub tests_ms: f64,
    /// The figures of its tests.
    pub figures: BTreeMap<String, f64>,
}

/// Reads the runs of a data directory, the oldest first, up to the newest fifty; and names those that cannot be read.
///
/// # Errors
///
/// * [`FrameworkError::File`](crate::FrameworkError::File) when the folder of runs cannot be read.
pub fn trend(data: &Path) -> Result<(Vec<TrendPoint>, Vec<LogError>)> {
    let runs = numbered(&data.join("runs"))?;
    let (mut points, mut unreadable) = (Vec::new(), Vec::new());
    for (run, path) in runs.iter().rev().take(RUNS_MAX).rev() {
        match read(path) {
            Ok(recorded) => points.push(point(*run, &recorded)),
            Err(error) => unreadable.push(error),
        }
    }
    Ok((points, unreadable))
}

fn point(run: u64, recorded: &crate::log::Recorded) -> TrendPoint {
    let outcomes =
        || recorded.tests.iter().filter_map(|test| test.measured.as_ref().map(|(_, outcome)| *outcome));
    let passed = outcomes().filter(|outcome| *outcome == Outcome::Passed).count() as u64;
    let measured = || recorded.tests.iter().filter_map(|test| Some((&test.name, &test.measured.as_ref()?.0)));
    let figures = measured().flat_map(|(name, measured)| {
        measured.values.iter().map(move |(value, figure)| (format!("{name}: {value}"), *figure))
    });
    let lines = recorded.lines.as_ref().and_then(LineCoverage::percent);
    let lines = lines.map(|percent| ("lines gone through in percent".to_owned(), percent));
    TrendPoint {
        run,
        passed,
        failed: outcomes().count() as u64 - passed,
        skipped: recorded.tests.iter().filter(|test| test.skip.is_some()).count() as u64,
        tests_ms: measured().map(|(_, measured)| measured.wall.as_secs_f64() * 1e3).sum(),
        figures: figures.chain(lines).collect(),
    }
}
