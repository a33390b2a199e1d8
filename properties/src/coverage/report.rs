//! Counts that were taken: shown, written down, checked.

use std::env;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::Situation;

/// What a run went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageReport {
    pub(super) kinds: &'static [&'static str],
    pub(super) classes: &'static [&'static str],
    pub(super) outcomes: &'static [&'static str],
    // invariant: one count a kind, outcome and class, in this order of significance.
    pub(super) cells: Vec<u64>,
    pub(super) situations: Vec<(Situation, u64)>,
}

/// Why a run does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// No transition was recorded: the suite looked at nothing.
    Nothing,
    /// These situations were met less often than required.
    Situations(Vec<(Situation, u64)>),
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing was recorded"),
            Self::Situations(missed) => {
                let list: Vec<_> = missed
                    .iter()
                    .map(|(situation, count)| {
                        format!("{} ({count} of at least {})", situation.name, situation.minimum)
                    })
                    .collect();
                write!(f, "situations not reached: {}", list.join(", "))
            }
        }
    }
}

impl std::error::Error for Missed {}

impl CoverageReport {
    /// Returns one count.
    ///
    /// # Panics
    ///
    /// When an index lies outside its labels.
    #[must_use]
    pub fn count(&self, kind: usize, class: usize, outcome: usize) -> u64 {
        assert!(class < self.classes.len() && outcome < self.outcomes.len(), "no such label");
        self.cells[(kind * self.outcomes.len() + outcome) * self.classes.len() + class]
    }

    /// Returns how often a situation was met.
    ///
    /// # Panics
    ///
    /// When the index lies outside the labels.
    #[must_use]
    pub fn situation(&self, index: usize) -> u64 {
        self.situations[index].1
    }

    /// Returns the number of transitions recorded.
    #[must_use]
    pub fn transitions(&self) -> u64 {
        self.cells.iter().sum()
    }

    /// Adds the counts of another thread.
    ///
    /// # Panics
    ///
    /// When the other report has other labels.
    pub fn merge(&mut self, other: &Self) {
        let same = (self.kinds, self.classes, self.outcomes) == (other.kinds, other.classes, other.outcomes);
        assert!(same && self.situations.len() == other.situations.len(), "reports of different labels");
        for (sum, more) in self.cells.iter_mut().zip(&other.cells) {
            *sum += more;
        }
        for ((_, sum), (_, more)) in self.situations.iter_mut().zip(&other.situations) {
            *sum += more;
        }
    }

    /// Holds the run to its labels: something was recorded, and every situation as often as required.
    ///
    /// # Errors
    ///
    /// - [`Missed::Nothing`] when no transition was recorded.
    /// - [`Missed::Situations`] names what was met less often than its minimum.
    pub fn check(&self) -> Result<(), Missed> {
        self.check_recorded()?;
        let short = |(situation, count): &&(Situation, u64)| *count < situation.minimum;
        let missed: Vec<_> = self.situations.iter().filter(short).copied().collect();
        if missed.is_empty() { Ok(()) } else { Err(Missed::Situations(missed)) }
    }

    /// Holds the run only to having recorded something, for runs of fewer cases than the minima are made for.
    ///
    /// # Errors
    ///
    /// [`Missed::Nothing`] when no transition was recorded.
    pub fn check_recorded(&self) -> Result<(), Missed> {
        if self.transitions() == 0 { Err(Missed::Nothing) } else { Ok(()) }
    }

    /// Lays the counts out: a row for each kind and outcome that occurred, a column a class, then the situations.
    #[must_use]
    pub fn table(&self) -> String {
        let names = widest(self.situations.iter().map(|(situation, _)| situation.name));
        let (kinds, outcomes) = (widest(self.kinds.iter().copied()), widest(self.outcomes.iter().copied()));
        let head = names.max(kinds + 1 + outcomes);
        let widths: Vec<_> = (0..self.classes.len()).map(|class| self.column_width(class)).collect();

        let mut rows = vec![(String::new(), self.classes.iter().map(ToString::to_string).collect())];
        for (kind, kind_name) in self.kinds.iter().enumerate() {
            for (outcome, outcome_name) in self.outcomes.iter().enumerate() {
                let counts = (0..widths.len()).map(|class| self.count(kind, class, outcome));
                if counts.clone().any(|count| count > 0) {
                    let cells = counts.map(|count| count.to_string()).collect::<Vec<_>>();
                    rows.push((format!("{kind_name:<kinds$} {outcome_name}"), cells));
                }
            }
        }
        let mut text: String = rows.iter().map(|(name, cells)| row(name, head, cells, &widths)).collect();
        let first = widths.first().copied().unwrap_or(0);
        for (Situation { name, minimum }, count) in &self.situations {
            let required = if *minimum > 0 { format!(" of at least {minimum}") } else { String::new() };
            text.push_str(&format!("{name:<head$} | {count:>first$}{required}\n"));
        }
        text
    }

    /// Wide enough for the class's name and its counts.
    fn column_width(&self, class: usize) -> usize {
        let counts = self.cells.iter().skip(class).step_by(self.classes.len());
        let digits = counts.map(|count| count.to_string().len()).max().unwrap_or(0);
        digits.max(self.classes[class].chars().count())
    }

    /// Returns the same counts as a tree: kind, outcome, class; and the situations by name.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let by_class = |kind, outcome| -> Map<String, Value> {
            let counts = (0..self.classes.len()).map(|class| self.count(kind, class, outcome).into());
            self.classes.iter().map(ToString::to_string).zip(counts).collect()
        };
        let by_outcome = |kind| -> Map<String, Value> {
            let counts = (0..self.outcomes.len()).map(|outcome| by_class(kind, outcome).into());
            self.outcomes.iter().map(ToString::to_string).zip(counts).collect()
        };
        let by_kind: Map<String, Value> = self
            .kinds
            .iter()
            .enumerate()
            .map(|(kind, name)| (name.to_string(), by_outcome(kind).into()))
            .collect();
        let situations: Map<String, Value> = self
            .situations
            .iter()
            .map(|(situation, count)| {
                (situation.name.to_owned(), json!({ "count": count, "minimum": situation.minimum }))
            })
            .collect();
        json!({ "transitions": by_kind, "situations": situations })
    }

    /// Writes the tree to `<suite>-coverage.json` among the [`artifacts`] and returns its path.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub fn write_json(&self, suite: &str) -> io::Result<PathBuf> {
        let path = artifacts().join(format!("{suite}-coverage.json"));
        fs::write(&path, format!("{:#}\n", self.to_json()))?;
        Ok(path)
    }
}

/// Returns the directory of what runs leave behind, `properties` under the target directory, and creates it.
#[must_use]
pub fn artifacts() -> PathBuf {
    let workspace = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    // A relative CARGO_TARGET_DIR is relative to where cargo was called, which a test is not told: the root it is.
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), |dir| workspace.join(dir));
    let directory = target.join("properties");
    // Failing to create it shows at the first write, with the path.
    let _ = fs::create_dir_all(&directory);
    directory
}

fn widest<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or(0)
}

fn row(name: &str, head: usize, cells: &[String], widths: &[usize]) -> String {
    let cells: String = cells.iter().zip(widths).map(|(cell, width)| format!(" | {cell:>width$}")).collect();
    format!("{name:<head$}{cells}\n")
}
