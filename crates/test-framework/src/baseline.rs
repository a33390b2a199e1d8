//! The stored baseline: what this machine has measured before, and never made up (FW-4).

use std::{collections::BTreeMap, fs, io, path::Path};

use serde::{Deserialize, Serialize};

use crate::{
    error::{FrameworkError, Result},
    judge::Judge,
    log::at,
    result::{Outcome, TestResult},
};

/// The name of the file under the data directory.
const FILE: &str = "baseline.json";

/// Figures of passed tests, as `test: value`.
///
/// Of a figure a second, more is better; of any other, less.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The figures by name.
    pub figures: BTreeMap<String, f64>,
}

/// One figure beside its baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Which.
    pub figure: String,
    /// What the baseline says.
    pub baseline: f64,
    /// What was measured.
    pub measured: f64,
    /// By how many percent it is worse; negative where it is better.
    pub worse_percent: f64,
}

impl Baseline {
    /// Reads that of a data directory; `None` where there is none yet.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::File`] when it is there and cannot be read;
    /// * [`FrameworkError::Baseline`] when it is no baseline; it is left as it is.
    pub fn load(data: &Path) -> Result<Option<Self>> {
        let path = data.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(at(&path, error)),
        };
        serde_json::from_str(&text).map(Some).map_err(|error| FrameworkError::Baseline { path, error })
    }

    /// Adds the figures of passed tests that it does not have yet; those that it has stay as they are.
    ///
    /// Returns whether there were any.
    pub fn add(&mut self, results: &[TestResult]) -> bool {
        let before = self.figures.len();
        for (figure, value) in figures(results) {
            self.figures.entry(figure).or_insert(value);
        }
        self.figures.len() > before
    }

    /// Stores it under a data directory, whole or not at all.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::File`] when it cannot be written.
    pub fn store(&self, data: &Path) -> Result<()> {
        let (path, new) = (data.join(FILE), data.join(format!("{FILE}.new")));
        let write = || {
            fs::create_dir_all(data)?;
            fs::write(&new, serde_json::to_vec_pretty(self)?)?;
            fs::rename(&new, &path)
        };
        write().map_err(|error| at(&path, error))
    }

    /// Compares the figures of passed tests with it; those that it does not have are left out.
    #[must_use]
    pub fn compare(&self, results: &[TestResult]) -> Vec<Compared> {
        let compared = |(figure, measured): (String, f64)| {
            let baseline = *self.figures.get(&figure)?;
            let worse = if more_is_better(&figure) { baseline - measured } else { measured - baseline };
            let worse_percent = if baseline > 0.0 { worse / baseline * 100.0 } else { 0.0 };
            Some(Compared { figure, baseline, measured, worse_percent })
        };
        figures(results).into_iter().filter_map(compared).collect()
    }

    /// Checks that no figure is worse than it may be.
    pub(crate) fn judge(&self, results: &[TestResult], percent_max: f64, judge: &mut Judge) {
        for Compared { figure, baseline, measured, worse_percent } in self.compare(results) {
            let subject = format!("{figure}: percent worse ({measured:.1} after {baseline:.1})");
            judge.at_most("PerformanceRegressionValidator", &subject, percent_max, worse_percent);
        }
    }
}

/// Says of which kind a figure is.
pub(crate) fn more_is_better(figure: &str) -> bool {
    figure.ends_with("per second")
}

fn figures(results: &[TestResult]) -> Vec<(String, f64)> {
    let passed = results.iter().filter(|result| result.outcome == Outcome::Passed);
    let of = |result: &TestResult| {
        let name = result.test_name.clone();
        let values = result.measurement.values.clone().into_iter();
        values.map(move |(value, measured)| (format!("{name}: {value}"), measured)).collect::<Vec<_>>()
    };
    passed.flat_map(of).filter(|(_, measured)| measured.is_finite()).collect()
}
