//! Counts that were taken: shown and checked.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

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

    /// Returns how many of the situations that have a minimum were met at all, and how many there are.
    #[must_use]
    pub fn required_met(&self) -> (usize, usize) {
        let required = self.situations.iter().filter(|(situation, _)| situation.minimum > 0);
        (required.clone().filter(|(_, count)| *count > 0).count(), required.count())
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

    /// The kinds and outcomes that occurred, by index, with their counts by class.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, usize, Vec<u64>)> {
        let pairs = (0..self.kinds.len())
            .flat_map(|kind| (0..self.outcomes.len()).map(move |outcome| (kind, outcome)));
        let row = |(kind, outcome)| {
            let counts = (0..self.classes.len()).map(|class| self.count(kind, class, outcome));
            (kind, outcome, counts.collect::<Vec<_>>())
        };
        pairs.map(row).filter(|(.., counts)| counts.iter().any(|count| *count > 0))
    }

    /// Lays the counts out: a row for each kind and outcome that occurred, a column a class, then the situations.
    #[must_use]
    pub fn table(&self) -> String {
        let names = widest(self.situations.iter().map(|(situation, _)| situation.name));
        let (kinds, outcomes) = (widest(self.kinds.iter().copied()), widest(self.outcomes.iter().copied()));
        let head = names.max(kinds + 1 + outcomes);
        let widths: Vec<_> = (0..self.classes.len()).map(|class| self.column_width(class)).collect();

        let mut rows = vec![(String::new(), self.classes.iter().map(ToString::to_string).collect())];
        rows.extend(self.rows().map(|(kind, outcome, counts)| {
            let cells = counts.iter().map(ToString::to_string).collect::<Vec<_>>();
            (format!("{:<kinds$} {}", self.kinds[kind], self.outcomes[outcome]), cells)
        }));
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
}

/// Returns the directory of what runs leave behind, `properties` under the target directory, and creates it.
#[must_use]
pub fn artifacts() -> PathBuf {
    let workspace = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
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
