//! What the suites of properties have left under the target directory.

use std::{collections::BTreeMap, fs, path::Path};

use alys_properties::coverage::SuiteCoverage;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{error::Result, judge::Quantity, log::at};

/// How the names of the files end that say what a suite did when it last passed.
const RESULT: &str = "-result.json";

/// How the names of the files end that say what a suite went through.
const WENT_THROUGH: &str = "-coverage.json";

/// The suites of properties, as their files tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PropertyCoverage {
    /// The suites, by name.
    pub suites: BTreeMap<String, SuiteLine>,
    /// The names of files that are of another form, perhaps of another version; they are left alone.
    pub unreadable: Vec<String>,
}

/// One suite.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SuiteLine {
    /// What it did when it last passed, by name, e.g. how many cases; `None` where it has left no result.
    pub did: Option<BTreeMap<String, Quantity>>,
    /// What it met; `None` where it has no situations.
    pub met: Option<Met>,
}

/// What a suite met of what it must meet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Met {
    /// How many situations were met as often as required.
    pub situations: usize,
    /// How many situations are required.
    pub situations_required: usize,
    /// The required ones that were not.
    pub missed: Vec<String>,
    /// How many pairs of a transition and a class of states occurred.
    pub pairs: usize,
    /// How many pairs there are; many cannot occur.
    pub pairs_of: usize,
}

/// A result as a suite writes it.
#[derive(Deserialize)]
struct Passed {
    suite: String,
    did: BTreeMap<String, Quantity>,
}

impl PropertyCoverage {
    /// Reads what suites have left in a folder: `properties` under the target directory; `None` where there is nothing.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::File`](crate::FrameworkError::File) when the folder or a file in it cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        if !folder.is_dir() {
            return Ok(None);
        }
        let mut found = Self::default();
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(|error| at(folder, error))? {
            paths.push(entry.map_err(|error| at(folder, error))?.path());
        }
        paths.sort_unstable();
        for path in paths {
            found.add(&path)?;
        }
        Ok((found != Self::default()).then_some(found))
    }

    fn add(&mut self, path: &Path) -> Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(RESULT) {
            if let Some(Passed { suite, did }) = self.parsed(path)? {
                self.suites.entry(suite).or_default().did = Some(did);
            }
        } else if name.ends_with(WENT_THROUGH)
            && let Some(coverage) = self.parsed::<SuiteCoverage>(path)?
        {
            self.suites.entry(coverage.suite.clone()).or_default().met = Some(Met::of(&coverage));
        }
        Ok(())
    }

    fn parsed<T: DeserializeOwned>(&mut self, path: &Path) -> Result<Option<T>> {
        let text = fs::read_to_string(path).map_err(|error| at(path, error))?;
        let parsed = serde_json::from_str(&text).ok();
        if parsed.is_none() {
            self.unreadable.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
        Ok(parsed)
    }
}

impl Met {
    fn of(coverage: &SuiteCoverage) -> Self {
        let (situations, situations_required) = coverage.required();
        let (pairs, pairs_of) = coverage.cells();
        let missed = coverage.situations.iter().filter(|one| one.met() == Some(false));
        let missed = missed.map(|one| one.name.clone()).collect();
        Self { situations, situations_required, missed, pairs, pairs_of }
    }
}
