//! Writing a run.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{EVENTS, Identity, LogLine, MEASUREMENTS, MeasuredLine};
use crate::{
    baseline::Baseline,
    chaos::ChaosReport,
    error::{FrameworkError, Result},
    metrics::TestMetrics,
    report::LineCoverage,
    result::{Outcome, TestResult, ValidationResult},
};

/// Writes the two files of a run, in a folder of its own.
#[derive(Debug)]
pub struct RunWriter {
    directory: PathBuf,
    events: BufWriter<File>,
    measurements: BufWriter<File>,
}

impl RunWriter {
    /// Makes the folder of the next run under `data`, and begins both files.
    ///
    /// Folders are numbered; none that is there is touched.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::File`] when the folder or a file cannot be made.
    pub fn create(data: &Path, identity: &Identity, baseline: Option<&Baseline>) -> Result<Self> {
        let directory = next_directory(&data.join("runs"))?;
        let (events, measurements) = (begun(&directory.join(EVENTS))?, begun(&directory.join(MEASUREMENTS))?);
        let mut writer = Self { directory, events, measurements };
        writer.event(&LogLine::Run(Box::new(identity.clone())))?;
        writer.measured(&MeasuredLine::Run(Box::new(identity.clone())))?;
        if let Some(baseline) = baseline {
            writer.measured(&MeasuredLine::Baseline(baseline.clone()))?;
        }
        Ok(writer)
    }

    /// Returns the folder of the run.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Writes a phase down, its tests in their order.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::File`] when a file cannot be written.
    pub fn phase(&mut self, result: &ValidationResult) -> Result<()> {
        self.event(&LogLine::Phase(result.phase))?;
        for test in &result.results {
            self.test(test)?;
        }
        let ValidationResult { phase, outcome, duration, .. } = *result;
        self.measured(&MeasuredLine::Phase { phase, outcome, duration })?;
        self.flush()
    }

    fn test(&mut self, result: &TestResult) -> Result<()> {
        self.event(&LogLine::Test { name: result.test_name.clone(), seed: result.seed })?;
        if let Some(skip) = &result.skip {
            return self.event(&LogLine::Skipped(skip.clone()));
        }
        // What a cancelled test has seen depends on when it was cancelled.
        if result.outcome != Outcome::TimedOut {
            for event in &result.events {
                self.event(&LogLine::Event(event.clone()))?;
            }
            let broken = result.checks.iter().filter(|check| !check.holds()).count() as u64;
            self.event(&LogLine::Ended { checks: result.checks.len() as u64, broken })?;
        }
        let (name, measurement) = (result.test_name.clone(), result.measurement.clone());
        self.measured(&MeasuredLine::Test { name, measurement, outcome: result.outcome })?;
        if let Some(shortest) = &result.shortest {
            let (name, shortest) = (result.test_name.clone(), shortest.clone());
            self.measured(&MeasuredLine::Shortest { name, shortest })?;
        }
        Ok(())
    }

    /// Writes down what the chaos came to.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::File`] when the file cannot be written.
    pub fn chaos(&mut self, report: &ChaosReport) -> Result<()> {
        self.measured(&MeasuredLine::Chaos(Box::new(report.clone())))
    }

    /// Writes down what came of measuring the lines.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::File`] when the file cannot be written.
    pub fn lines(&mut self, lines: &LineCoverage) -> Result<()> {
        self.measured(&MeasuredLine::Lines(lines.clone()))
    }

    /// Writes the end of the run.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::File`] when a file cannot be written.
    pub fn end(mut self, metrics: &TestMetrics) -> Result<PathBuf> {
        for (&phase, resources) in &metrics.resources {
            self.measured(&MeasuredLine::Resources { phase, resources: Box::new(resources.clone()) })?;
        }
        self.measured(&MeasuredLine::Metrics(Box::new(metrics.clone())))?;
        self.flush()?;
        Ok(self.directory)
    }

    fn event(&mut self, line: &LogLine) -> Result<()> {
        write_line(&mut self.events, line).map_err(|error| at(&self.directory.join(EVENTS), error))
    }

    fn measured(&mut self, line: &MeasuredLine) -> Result<()> {
        write_line(&mut self.measurements, line)
            .map_err(|error| at(&self.directory.join(MEASUREMENTS), error))
    }

    fn flush(&mut self) -> Result<()> {
        self.events.flush().map_err(|error| at(&self.directory.join(EVENTS), error))?;
        self.measurements.flush().map_err(|error| at(&self.directory.join(MEASUREMENTS), error))
    }
}

pub(crate) fn at(path: &Path, error: io::Error) -> FrameworkError {
    FrameworkError::File { path: path.to_owned(), error }
}

fn write_line(file: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *file, line)?;
    file.write_all(b"\n")
}

/// A new file; one that is there already is left alone.
fn begun(path: &Path) -> Result<BufWriter<File>> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.map(BufWriter::new).map_err(|error| at(path, error))
}

/// Makes the folder with the next free number; two runs that begin at once get two.
fn next_directory(runs: &Path) -> Result<PathBuf> {
    fs::create_dir_all(runs).map_err(|error| at(runs, error))?;
    let mut number = numbered(runs)?.last().map_or(1, |(number, _)| number + 1);
    loop {
        let directory = runs.join(format!("{number:06}"));
        match fs::create_dir(&directory) {
            Ok(()) => return Ok(directory),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(at(&directory, error)),
        }
    }
}

/// Returns the folders of runs with their numbers, in their order; what else lies there is not asked.
///
/// # Errors
///
/// * [`FrameworkError::File`] when the folder cannot be read.
pub(crate) fn numbered(runs: &Path) -> Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(runs).map_err(|error| at(runs, error))? {
        let path = entry.map_err(|error| at(runs, error))?.path();
        let number = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        found.extend(number.map(|number| (number, path)));
    }
    found.sort_unstable();
    Ok(found)
}
