//! What a run tells: a summary, a counterexample, or how a planted fault died.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::violation::rule_of;

/// A suite that passed.
#[derive(Clone, Debug)]
pub struct RunReport {
    /// The suite.
    pub suite: &'static str,
    /// Cases that were generated.
    pub cases: u32,
    /// Stored counterexamples that were replayed first.
    pub replayed: u32,
    /// Transitions of all of them.
    pub transitions: u64,
    /// Where the generator started.
    pub seed: u64,
    /// How long it took, for people only.
    pub elapsed: Duration,
}

impl fmt::Display for RunReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { suite, cases, replayed, transitions, seed, elapsed } = self;
        let seconds = elapsed.as_secs_f64();
        write!(f, "{suite}: {cases} cases, {transitions} transitions, {seconds:.2} s, seed {seed}")?;
        if *replayed > 0 {
            write!(f, ", {replayed} stored")?;
        }
        Ok(())
    }
}

/// A counterexample, shrunk, and how to see it again.
#[derive(Clone, Debug)]
pub struct FoundCounterexample {
    /// The suite.
    pub suite: &'static str,
    /// The full path of the test.
    pub test_path: &'static str,
    /// The violation, or the message of a panic in the code under test.
    pub message: String,
    /// The model's initial state; `None` when the generator gave up before it had one.
    pub initial_state: Option<String>,
    /// The shrunk transitions.
    pub transitions: Vec<String>,
    /// How many cases were generated up to and including the failing one; 0 when a stored one failed.
    pub generated_cases: u32,
    /// Whether a stored counterexample failed.
    pub from_stored_seed: bool,
    /// Where the generator started.
    pub seed: u64,
    /// The file of stored counterexamples.
    pub seed_file: Option<PathBuf>,
    /// The seed that this run has stored there.
    pub stored: Option<String>,
}

impl FoundCounterexample {
    /// Returns the id of the broken rule, or `None` when the code under test panicked.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        rule_of(&self.message)
    }

    /// Returns the command line that runs it again.
    ///
    /// A case that was not stored needs its generator back: the seed, and enough cases.
    #[must_use]
    pub fn replay(&self) -> String {
        let test = format!("cargo test --release -p alys-properties --test properties {}", self.test_path);
        if self.from_stored_seed || self.stored.is_some() {
            return test;
        }
        format!("PROPTEST_RNG_SEED={} PROPTEST_CASES={} {test}", self.seed, self.generated_cases.max(1))
    }
}

impl fmt::Display for FoundCounterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suite = self.suite;
        if self.from_stored_seed {
            writeln!(f, "suite `{suite}`: a stored counterexample fails")?;
        } else {
            let cases = self.generated_cases;
            writeln!(f, "suite `{suite}`: counterexample in generated case {cases} of seed {}", self.seed)?;
        }
        writeln!(f, "{}", self.message)?;
        if let Some(state) = &self.initial_state {
            writeln!(f, "from {state}, shrunk to {} transitions:", self.transitions.len())?;
        }
        for (number, transition) in (1..).zip(&self.transitions) {
            writeln!(f, "{number:>4}. {transition}")?;
        }
        writeln!(f, "replay: {}", self.replay())?;
        if let Some(path) = &self.seed_file {
            let file = in_repository(path).display();
            match &self.stored {
                Some(seed) => writeln!(f, "stored: {seed} in {file}")?,
                None => writeln!(f, "stored counterexamples: {file}")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for FoundCounterexample {}

/// Shortens a path of this repository to one that means the same on every machine.
fn in_repository(path: &Path) -> &Path {
    path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap_or(path)
}

/// How a planted fault died.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kill {
    /// How many cases were generated up to and including the one that found it.
    pub cases: u32,
    /// The violation, or the message of a panic in the code under test.
    pub message: String,
    /// How many transitions the shrunk counterexample has.
    pub steps: usize,
}

impl From<FoundCounterexample> for Kill {
    /// # Panics
    ///
    /// When the generator gave up: that is no fault found.
    fn from(found: FoundCounterexample) -> Self {
        assert!(found.initial_state.is_some(), "suite `{}`: {}", found.suite, found.message);
        Kill { cases: found.generated_cases, steps: found.transitions.len(), message: found.message }
    }
}

impl Kill {
    /// Returns the id of the rule that the counterexample breaks, or `None` when the code under test panicked.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        rule_of(&self.message)
    }
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "case {}, {} steps, {}", self.cases, self.steps, self.message)
    }
}
