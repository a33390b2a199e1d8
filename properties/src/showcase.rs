//! Planted faults, shown: each to be found, looked at, stored and replayed by name.

use std::path::{Path, PathBuf};

use proptest_state_machine::StateMachineTest;
use thiserror::Error;

use crate::{
    cases::{self, CaseError, CaseOf, Expected, Replayed, Stored},
    counterexample::Counterexample,
    machines::{self, Visit},
    planted::{self, Fault},
    sequential::{self, Persistence, Seed, Suite},
};

/// Why a fault cannot be shown.
#[derive(Debug, Error)]
pub enum ShowError {
    /// No such fault.
    #[error("no planted fault is called `{0}`; `list` names those that can be shown")]
    Unknown(String),
    /// No such suite, or one that runs no transitions.
    #[error("no suite is called `{0}` that replays cases; allowed are {allowed}", allowed = suites().join(", "))]
    UnknownSuite(String),
    /// A case names a fault that there is not.
    #[error(
        "{}: no planted fault is called `{fault}`; `list` names those that can be shown",
        sequential::shown(path)
    )]
    UnknownFault {
        /// The file.
        path: PathBuf,
        /// What it names.
        fault: String,
    },
    /// Its engine has no transitions to show.
    #[error("`{0}` is found by {1:?}, which runs no transitions; allowed are those that `list` names")]
    NoTransitions(&'static str, planted::Engine),
    /// It was not found.
    #[error("`{0}` survived {1} cases")]
    Survived(&'static str, u32),
    /// A case could not be written or read.
    #[error(transparent)]
    Case(#[from] CaseError),
}

/// Returns the planted faults that show in transitions.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    planted::live().filter(|fault| machines::with(fault.engine, machines::NameOf).is_some())
}

/// Hunts a fault, and returns its shortest counterexample.
///
/// # Errors
///
/// When there is no such fault, or when it has no transitions.
pub fn show(fault: &str) -> Result<Counterexample, ShowError> {
    on(fault, |fault| Show { fault, record: false }).map(|(found, _)| found)
}

/// Hunts a fault, and stores its shortest counterexample as a case of its suite under the fault's name.
///
/// # Errors
///
/// As [`show`]; and what the file system says.
pub fn record(fault: &str) -> Result<PathBuf, ShowError> {
    let (_, path) = on(fault, |fault| Show { fault, record: true })?;
    path.ok_or_else(|| ShowError::Unknown(fault.to_owned()))
}

/// Replays the stored cases of a suite twice: against the twin with nothing planted, and each with its fault planted.
///
/// # Errors
///
/// When there is no such suite; the first file that is no case of it, or that names no planted fault.
pub fn replay(suite: &str) -> Result<Vec<Twice>, ShowError> {
    let Some(directory) = Persistence::Committed.cases(suite) else { return Ok(Vec::new()) };
    replay_in(suite, &directory)
}

/// The same where the caller says.
///
/// # Errors
///
/// As [`replay`].
pub fn replay_in(suite: &str, directory: &Path) -> Result<Vec<Twice>, ShowError> {
    let all = || -> Result<Vec<Replayed>, ShowError> {
        let replayed = machines::named(suite, Replay { directory });
        Ok(replayed.ok_or_else(|| ShowError::UnknownSuite(suite.to_owned()))??)
    };
    let with_its_fault = |sound: Replayed| {
        let Some(fault) = sound.expected.fault().map(str::to_owned) else {
            return Ok(Twice { sound, with_fault: None });
        };
        if !planted::live().any(|one| one.id == fault) {
            return Err(ShowError::UnknownFault { path: sound.path, fault });
        }
        let _planted = planted::plant(&fault);
        let with_fault = all()?.into_iter().find(|one| one.path == sound.path);
        Ok(Twice { sound, with_fault })
    };
    all()?.into_iter().map(with_its_fault).collect()
}

/// A stored case that was run with nothing planted, and with its fault, if it was made with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twice {
    /// Where nothing is planted.
    pub sound: Replayed,
    /// With its fault.
    pub with_fault: Option<Replayed>,
}

impl Twice {
    /// Whether it holds where nothing is planted, and breaks its rule with its fault.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        let with_fault = self.with_fault.as_ref();
        self.sound.is_as_expected(None)
            && with_fault.is_none_or(|one| one.is_as_expected(one.expected.fault()))
    }
}

/// The suites that replay cases.
fn suites() -> Vec<&'static str> {
    machines::ENGINES.into_iter().filter_map(|engine| machines::with(engine, machines::NameOf)).collect()
}

fn on(
    id: &str,
    visit: impl Fn(&'static Fault) -> Show,
) -> Result<(Counterexample, Option<PathBuf>), ShowError> {
    let fault =
        planted::live().find(|fault| fault.id == id).ok_or_else(|| ShowError::Unknown(id.to_owned()))?;
    let _planted = planted::plant(fault.id);
    let shown = machines::with(fault.engine, visit(fault));
    shown.ok_or(ShowError::NoTransitions(fault.id, fault.engine))?
}

struct Show {
    fault: &'static Fault,
    record: bool,
}

impl Visit for Show {
    type Output = Result<(Counterexample, Option<PathBuf>), ShowError>;

    fn visit<T: StateMachineTest + 'static>(self, suite: &'static Suite) -> Self::Output
    where
        T::Reference: Stored,
    {
        let id = self.fault.id;
        let found = sequential::find::<T>(suite, suite.cases, Seed::Fixed);
        let (mut found, initial, transitions) = found.ok_or(ShowError::Survived(id, suite.cases))?;
        found.replay = format!("cargo run --release --example planted -- show {id}");
        let Some(directory) = Persistence::Committed.cases(suite.name).filter(|_| self.record) else {
            return Ok((found, None));
        };
        let case = CaseOf::<T> {
            expected: Expected::BrokenBy(id.to_owned()),
            ..cases::of::<T>(&found, &initial, &transitions)
        };
        let path = cases::store_as(&directory, id, &case)?;
        Ok((found, Some(path)))
    }
}

struct Replay<'a> {
    directory: &'a Path,
}

impl Visit for Replay<'_> {
    type Output = Result<Vec<Replayed>, CaseError>;

    fn visit<T: StateMachineTest + 'static>(self, suite: &'static Suite) -> Self::Output
    where
        T::Reference: Stored,
    {
        cases::replay_all::<T>(suite, self.directory)
    }
}
