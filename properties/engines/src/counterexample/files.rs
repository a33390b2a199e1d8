//! Where counterexamples lie after a run: a page and its data, named by what they show.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::Counterexample;
use crate::coverage::artifacts;

/// The files of one counterexample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The page.
    pub page: PathBuf,
    /// The same as data.
    pub json: PathBuf,
}

/// Returns the directory of counterexamples, `counterexamples` under the target directory.
#[must_use]
pub fn directory() -> PathBuf {
    artifacts().with_file_name("counterexamples")
}

pub(super) fn write(counterexample: &Counterexample, directory: &Path) -> io::Result<Written> {
    fs::create_dir_all(directory)?;
    let rule = counterexample.rule().unwrap_or("panic").to_lowercase();
    let named = |ending: &str| directory.join(format!("{}-{rule}.{ending}", counterexample.suite));
    let written = Written { page: named("html"), json: named("json") };
    fs::write(&written.page, counterexample.page())?;
    let mut json = serde_json::to_value(counterexample).map_err(io::Error::other)?;
    json["rule"] = counterexample.rule().into();
    fs::write(&written.json, format!("{json:#}\n"))?;
    Ok(written)
}
