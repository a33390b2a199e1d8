//! Running with what is stored: cases first, then seeds, then generated cases; a new counterexample is stored as both.

use std::{fmt, path::Path};

use proptest_state_machine::StateMachineTest;

use super::{
    Failed, Persistence, RunReport, Seed, Settings, Suite, cases_wanted, rounds::Rounds, run_as, shown,
};
use crate::{
    cases::{self, CaseError, Stored, Verdict},
    counterexample::Counterexample,
};

/// Why a run did not pass.
#[derive(Debug)]
pub enum Stopped {
    /// A rule is broken.
    Broken(Box<Counterexample>),
    /// These stored cases do not reach what they were made for, and why.
    Stale(Vec<String>),
    /// A file of cases is none.
    Case(CaseError),
}

impl Stopped {
    /// Returns the counterexample, if that is why.
    #[must_use]
    pub fn counterexample(self) -> Option<Counterexample> {
        match self {
            Self::Broken(counterexample) => Some(*counterexample),
            Self::Stale(_) | Self::Case(_) => None,
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(counterexample) => counterexample.fmt(f),
            Self::Stale(cases) => {
                writeln!(
                    f,
                    "stored cases are stale: they say nothing about their rules any more. Delete them, or make"
                )?;
                writeln!(f, "new ones that reach the same:")?;
                cases.iter().try_for_each(|case| writeln!(f, "  {case}"))
            }
            Self::Case(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Stopped {}

/// Runs a suite and says what it found.
///
/// Stored cases run first, then the stored seeds, the newest before the older ones, then `cases_wanted` generated cases.
/// A case fails by a [`violation`](crate::violation) or by any panic of the code under test; it is shrunk silently, and
/// stored both as a seed and as a case.
///
/// # Errors
///
/// The first counterexample, shrunk; or that stored cases are stale or unreadable.
pub fn run<T: StateMachineTest>(
    suite: &Suite,
    persistence: Persistence,
    seed: Seed,
) -> Result<RunReport, Box<Stopped>>
where
    T::Reference: Stored,
{
    let directory = persistence.cases(suite.name);
    let settings = Settings::new(suite.name, cases_wanted(suite.cases), seed.number());
    let rounds = Rounds::of(Settings { persistence, ..settings });
    let held = directory.as_deref().map_or(Ok(0), |directory| hold::<T>(suite, directory))?;
    let report = rounds.run(|settings| {
        run_as::<T>(suite, settings).map_err(|failed| stored::<T>(*failed, directory.as_deref()))
    })?;
    Ok(RunReport { cases_held: held, ..report })
}

/// Runs the stored cases; returns how many hold.
fn hold<T: StateMachineTest>(suite: &Suite, directory: &Path) -> Result<u32, Box<Stopped>>
where
    T::Reference: Stored,
{
    let (mut held, mut stale) = (0, Vec::new());
    for case in cases::replay_all::<T>(suite, directory).map_err(|error| Box::new(Stopped::Case(error)))? {
        match case.verdict {
            Verdict::Holds => held += 1,
            Verdict::Broken(counterexample) => return Err(Box::new(Stopped::Broken(counterexample))),
            Verdict::Stale(why) => stale.push(format!("{}: {why}", shown(&case.path))),
        }
    }
    if stale.is_empty() { Ok(held) } else { Err(Box::new(Stopped::Stale(stale))) }
}

fn stored<T: StateMachineTest>(failed: Failed<T>, directory: Option<&Path>) -> Box<Stopped>
where
    T::Reference: Stored,
{
    let Failed { mut counterexample, case } = failed;
    if let (Some(directory), Some((initial, transitions))) = (directory, case) {
        let case = cases::of::<T>(&counterexample, &initial, &transitions);
        counterexample.stored.push(match cases::store(directory, &case) {
            Ok(path) => shown(path.as_path()),
            Err(error) => format!("nothing more: {error}"),
        });
    }
    Box::new(Stopped::Broken(Box::new(counterexample)))
}
