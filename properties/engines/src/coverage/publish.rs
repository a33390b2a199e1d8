//! One report for all suites: after each of them what is known of all is written anew, so the last one leaves it whole.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde_json::json;

use super::{SuiteCoverage, page};

/// How the names of the files end that hold one suite each.
const ENDING: &str = "-coverage.json";

/// The suites that have run in this process.
static SUITES: Mutex<BTreeMap<String, SuiteCoverage>> = Mutex::new(BTreeMap::new());

/// A suite in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it went through.
    pub coverage: SuiteCoverage,
    /// Whether that was in this run; else it is what an earlier run has left.
    pub fresh: bool,
}

/// Adds a suite to the report in a directory, and returns the path of the page.
///
/// The suite goes to `<suite>-coverage.json`, the report of all to `coverage.txt`, `coverage.json` and `coverage.html`. Suites
/// that have not run in this process are in it as their files tell, and marked as of an earlier run.
///
/// # Errors
///
/// What the file system says.
pub fn publish(suite: SuiteCoverage, directory: &Path) -> io::Result<PathBuf> {
    // The lock is kept while the files are written: of two suites that end together the later one has both.
    let mut suites = SUITES.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = directory.join(format!("{}{ENDING}", suite.suite));
    fs::write(kept, format!("{:#}\n", json!(suite)))?;
    suites.insert(suite.suite.clone(), suite);
    let entries = entries(&suites, directory)?;
    fs::write(directory.join("coverage.txt"), summary(&entries))?;
    let fresh: Vec<_> = entries.iter().filter(|entry| entry.fresh).map(|entry| &entry.coverage).collect();
    let earlier: Vec<_> = entries.iter().filter(|entry| !entry.fresh).map(|entry| &entry.coverage).collect();
    fs::write(
        directory.join("coverage.json"),
        format!("{:#}\n", json!({ "suites": fresh, "of_earlier_runs": earlier })),
    )?;
    let path = directory.join("coverage.html");
    fs::write(&path, page(&entries))?;
    Ok(path)
}

/// The suites of this process, and those that others have left, by name.
fn entries(suites: &BTreeMap<String, SuiteCoverage>, directory: &Path) -> io::Result<Vec<Entry>> {
    let mut all: BTreeMap<_, _> = earlier(directory)?
        .into_iter()
        .map(|coverage| (coverage.suite.clone(), Entry { coverage, fresh: false }))
        .collect();
    let fresh = suites.values().map(|one| (one.suite.clone(), Entry { coverage: one.clone(), fresh: true }));
    all.extend(fresh);
    Ok(all.into_values().collect())
}

/// What the files in a directory tell; a file of another form is one of another version, and left alone.
fn earlier(directory: &Path) -> io::Result<Vec<SuiteCoverage>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(ENDING) {
            found.extend(serde_json::from_str::<SuiteCoverage>(&fs::read_to_string(&path)?).ok());
        }
    }
    Ok(found)
}

/// The report as text: a line for each suite, and one for each situation that was missed.
#[must_use]
pub fn summary(entries: &[Entry]) -> String {
    let mut text = String::new();
    let names = entries.iter().map(|entry| entry.coverage.suite.len()).max().unwrap_or(0);
    for Entry { coverage, fresh } in entries {
        let (met, required) = coverage.required();
        let (reached, cells) = coverage.cells();
        let states = coverage.sample.states().map_or_else(String::new, |states| {
            format!(", {states} states in the first {} cases", coverage.sample.cases)
        });
        let run = if *fresh { "" } else { " (earlier run)" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:names$} | {} cases, {} transitions | situations {met} of {required} | cells {reached} of \
             {cells}{states}{run}",
            coverage.suite, coverage.cases, coverage.transitions
        );
        for missed in coverage.situations.iter().filter(|one| one.met() == Some(false)) {
            let _ =
                writeln!(text, "  missed: {} ({} of at least {})", missed.name, missed.count, missed.minimum);
        }
    }
    text
}
