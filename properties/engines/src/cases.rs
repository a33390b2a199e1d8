//! Stored cases: counterexamples as files that a person can read, review, commit and replay.
//!
//! A seed is a state of the generator, and means something else once a strategy has changed. A case is the transitions
//! themselves, in `proptest-regressions/cases/<suite>/<name>.ron`. Cases run before anything is generated. Each keeps the
//! comparison that it was made for, its [`Witness`]; where that comparison is not made any more, with the same word of the
//! model, the case has lost its purpose and is reported as stale.

mod file;
mod replay;
#[cfg(test)]
mod tests;

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

pub use file::{Filed, parse, read_all, store, store_as, text};
pub use replay::{Replayed, Verdict, replay_all};

use crate::{counterexample::Step, sequential::StateOf, small::Small};

/// A description whose cases can lie in files.
pub trait Stored: Small<Transition: Serialize + DeserializeOwned> {
    /// What a case begins with: parameters of the thing, and nothing of the generator.
    type Parameters: Serialize + DeserializeOwned + fmt::Debug;

    /// Returns what a beginning is made from.
    fn parameters(initial: &Self::State) -> Self::Parameters;

    /// Makes a beginning.
    fn initial(parameters: Self::Parameters) -> Self::State;
}

/// The parameters of a state machine test.
pub type ParametersOf<T> = <<T as proptest_state_machine::StateMachineTest>::Reference as Stored>::Parameters;

/// The version of the form in which cases are written.
pub const FORM: u32 = 2;

/// What a case must come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expected {
    /// The rule holds: what every component must show.
    Holds,
    /// The rule holds, and is broken where this fault is planted: the case shows that the suite would see it.
    BrokenBy(String),
}

impl Expected {
    /// The fault that breaks it, if it was made with one.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        match self {
            Expected::Holds => None,
            Expected::BrokenBy(fault) => Some(fault),
        }
    }
}

/// The comparison that a case was made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// The step after which it is made; 0 is the beginning.
    pub step: usize,
    /// What is compared.
    pub what: String,
    /// What the model says.
    pub model: String,
}

impl Witness {
    /// The first difference of a failing case, if a comparison failed.
    #[must_use]
    pub fn of(steps: &[Step]) -> Option<Self> {
        let differing = steps.iter().enumerate();
        let mut differing = differing.filter_map(|(step, one)| one.difference().map(|seen| (step, seen)));
        let (step, seen) = differing.next()?;
        Some(Witness { step, what: seen.what.clone(), model: seen.model.clone() })
    }

    /// Whether the comparison is still made.
    #[must_use]
    pub fn is_met(&self, steps: &[Step]) -> bool {
        let at = steps.get(self.step);
        at.is_some_and(|step| step.seen.iter().any(|seen| seen.what == self.what && seen.model == self.model))
    }
}

/// A case as it lies in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case<P, T> {
    /// The version of this form: [`FORM`].
    pub form: u32,
    /// The versions of what wrote it.
    pub versions: Vec<(String, String)>,
    /// The suite that replays it.
    pub suite: String,
    /// The rule that it broke; `None` for a panic.
    pub rule: Option<String>,
    /// What was seen, and what the model said.
    pub message: String,
    /// What it must come to.
    pub expected: Expected,
    /// The comparison that it was made for; `None` for a panic.
    pub witness: Option<Witness>,
    /// What it begins with.
    pub parameters: P,
    /// What is done, one after the other.
    pub transitions: Vec<T>,
    /// What is done side by side afterwards, a list a thread.
    pub branches: Vec<Vec<T>>,
    /// The schedule of the branches, where it is part of the case.
    pub schedule: Option<String>,
}

impl<P, T> Case<P, T> {
    /// Who made it: what a case means may have changed since.
    #[must_use]
    pub fn made_with(&self) -> String {
        let versions: Vec<_> =
            self.versions.iter().map(|(what, version)| format!("{what} {version}")).collect();
        format!("made with {}", versions.join(", "))
    }
}

/// The case of a state machine test.
pub type CaseOf<T> = Case<ParametersOf<T>, crate::sequential::TransitionOf<T>>;

/// Why a file is no case.
#[derive(Debug, Error)]
pub enum CaseError {
    /// The file system says no.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The text does not say a case of this suite.
    #[error("{}: {error}; allowed is a case of this suite as the suite writes it", path.display())]
    Text {
        /// The file.
        path: PathBuf,
        /// Where, and what was expected.
        error: Box<ron::error::SpannedError>,
    },
    /// The form is of another time.
    #[error("{}: form {form}, allowed is {FORM}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The form that it has.
        form: u32,
    },
    /// The case belongs to another suite.
    #[error("{}: a case of suite `{found}`, allowed here is `{wanted}`", path.display())]
    Suite {
        /// The file.
        path: PathBuf,
        /// The suite in it.
        found: String,
        /// The suite whose directory it lies in.
        wanted: String,
    },
    /// The schedule of a concurrent case is none.
    #[error("{}: the schedule is {schedule:?}, allowed are switches such as \"12>1 20>0\"", path.display())]
    Schedule {
        /// The file.
        path: PathBuf,
        /// What it says.
        schedule: String,
    },
    /// A concurrent case has no branches: nothing in it is done side by side.
    #[error("{}: there are no branches, allowed is at least one", path.display())]
    Branches {
        /// The file.
        path: PathBuf,
    },
    /// The model panics at what the case says, where no transition was made on the real thing yet.
    #[error("{}: the model cannot follow the case, it {message}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// Where and how.
        message: String,
    },
    /// A case cannot be said in this form.
    #[error("a case of suite `{suite}` cannot be written: {error}")]
    Unwritable {
        /// The suite.
        suite: String,
        /// Why.
        error: ron::Error,
    },
}

/// The versions of what writes cases.
#[must_use]
pub fn versions() -> Vec<(String, String)> {
    vec![(env!("CARGO_PKG_NAME").to_owned(), env!("CARGO_PKG_VERSION").to_owned())]
}

/// Makes the case of a failure.
#[must_use]
pub fn of<T: proptest_state_machine::StateMachineTest>(
    found: &crate::counterexample::Counterexample,
    initial: &StateOf<T>,
    transitions: &[crate::sequential::TransitionOf<T>],
) -> CaseOf<T>
where
    T::Reference: Stored,
{
    Case {
        form: FORM,
        versions: versions(),
        suite: found.suite.clone(),
        rule: found.rule().map(str::to_owned),
        message: found.message.clone(),
        expected: Expected::Holds,
        witness: Witness::of(&found.steps),
        parameters: T::Reference::parameters(initial),
        transitions: transitions.to_vec(),
        branches: Vec::new(),
        schedule: None,
    }
}
