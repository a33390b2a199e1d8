//! What every engine tells of a failure: the shortest way to it, both sides at each step, and how to see it again.
//!
//! It is text for a terminal ([`Display`](std::fmt::Display)), data for programs (JSON), and a page for a browser
//! ([`Counterexample::page`]). The last two lie under [`directory`] when a suite has failed.

mod diagram;
mod drawing;
mod fields;
mod files;
mod page;
mod steps;
#[cfg(test)]
mod tests;
mod text;

use std::path::PathBuf;

use serde::Serialize;

pub use files::{Written, directory};
pub use steps::{Seen, Step, replayed};

use crate::violation::rule_of;

/// Where a counterexample came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Origin {
    /// Generated: the number of the case, counted from one, and the seed.
    Generated {
        /// How many cases were generated up to and including this one.
        cases: u32,
        /// Where the generator started.
        seed: u64,
    },
    /// A stored seed.
    StoredSeed,
    /// A stored case.
    StoredCase(String),
    /// Bytes, in hexadecimal digits.
    Bytes(String),
    /// An enumeration: of sequences, interleavings, schedules or inputs, so many were tried, this one included.
    Enumerated {
        /// How many.
        tried: u64,
        /// Of what.
        what: String,
    },
}

/// One call of a concurrent history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The thread that made it.
    pub thread: usize,
    /// What was called.
    pub call: String,
    /// The event at which it began; events are numbered in the order in which they were seen.
    pub invoked: u64,
    /// The event at which it returned, and what; `None` if it never did.
    pub returned: Option<(u64, String)>,
}

/// A concurrent history that no sequential order explains.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Concurrent {
    /// The calls, in the order of their beginnings.
    pub calls: Vec<Call>,
    /// The longest sequential order that the model followed, as indices of calls.
    pub longest: Vec<usize>,
    /// Why none of the calls that could come next can.
    pub refused: Vec<String>,
}

/// A failure, made as short as it gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counterexample {
    /// The suite, or the one whose rules were broken.
    pub suite: String,
    /// The engine that found it, as the table of rules names it.
    pub engine: String,
    /// The violation, or the message of a panic in the code under test.
    pub message: String,
    /// Where it begins, in the model's words; `None` when the generator gave up before it had a beginning.
    pub initial_state: Option<String>,
    /// The transitions, with what was compared after each; the first entry is the beginning.
    pub steps: Vec<Step>,
    /// The schedule that it needs, one entry a decision; empty where nothing is scheduled.
    pub schedule: Vec<String>,
    /// The history and its attempted linearization, where threads ran side by side.
    pub concurrent: Option<Concurrent>,
    /// How it was found.
    pub origin: Origin,
    /// The command line that runs it again.
    pub replay: String,
    /// What this run has stored, and where: relative to the repository where it lies in it.
    pub stored: Vec<String>,
}

impl Counterexample {
    /// Returns the id of the broken rule, or `None` when the code under test panicked.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        rule_of(&self.message)
    }

    /// Returns the transitions alone: the beginning is none, nor is the end, where what is left is dropped.
    #[must_use]
    pub fn transitions(&self) -> Vec<&str> {
        self.steps.iter().filter(|step| !step.by.is_empty()).map(|step| &*step.transition).collect()
    }

    /// Returns how many cases were generated up to and including the failing one; 0 when none was.
    #[must_use]
    pub fn generated_cases(&self) -> u32 {
        match self.origin {
            Origin::Generated { cases, .. } => cases,
            _ => 0,
        }
    }

    /// Returns the sentence of the broken rule, from the catalogue.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let rules = crate::rules::rules();
        rules.into_iter().find(|rule| Some(&*rule.id) == self.rule()).map(|rule| rule.sentence)
    }

    /// Writes the page and the JSON under [`directory`] and returns their paths.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub fn write(&self) -> std::io::Result<Written> {
        files::write(self, &directory())
    }

    /// The same where the caller says.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub fn write_to(&self, directory: PathBuf) -> std::io::Result<Written> {
        files::write(self, &directory)
    }
}

impl std::error::Error for Counterexample {}

/// The command line that runs a test of the project again.
///
/// It names no package: with one, cargo would unify features anew and build everything a second time.
#[must_use]
pub fn test_command(test_path: &str) -> String {
    format!("cargo test --release {test_path}")
}
