//! What a run tells: a summary, a counterexample, or how a planted fault died.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{counterexample::Counterexample, violation::rule_of};

/// A suite that passed.
#[derive(Clone, Debug)]
pub struct RunReport {
    /// The suite.
    pub suite: &'static str,
    /// Cases that were generated.
    pub cases: u32,
    /// Stored counterexamples that were replayed first.
    pub replayed: u32,
    /// Stored cases that were replayed before all others.
    pub cases_held: u32,
    /// Transitions of all of them.
    pub transitions: u64,
    /// Where the generator started.
    pub seed: u64,
    /// How long it took, for people only.
    pub elapsed: Duration,
}

impl fmt::Display for RunReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { suite, cases, replayed, cases_held, transitions, seed, elapsed } = self;
        let seconds = elapsed.as_secs_f64();
        write!(f, "{suite}: {cases} cases, {transitions} transitions, {seconds:.2} s, seed {seed}")?;
        if *replayed > 0 {
            write!(f, ", {replayed} stored")?;
        }
        if *cases_held > 0 {
            write!(f, ", {cases_held} stored cases hold")?;
        }
        Ok(())
    }
}

impl RunReport {
    /// Adds a further round.
    pub(super) fn and(mut self, further: &Self) -> Self {
        self.cases += further.cases;
        self.transitions += further.transitions;
        self.elapsed += further.elapsed;
        self
    }

    /// Returns the same as data.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "cases": self.cases,
            "stored_seeds": self.replayed,
            "stored_cases": self.cases_held,
            "transitions": self.transitions,
            "seed": self.seed,
            "seconds": self.elapsed.as_secs_f64(),
        })
    }
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

impl From<Counterexample> for Kill {
    /// # Panics
    ///
    /// When the generator gave up: that is no fault found.
    fn from(found: Counterexample) -> Self {
        assert!(found.initial_state.is_some(), "suite `{}`: {}", found.suite, found.message);
        let (cases, steps) = (found.generated_cases(), found.transitions().len());
        Kill { cases, steps, message: found.message }
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
