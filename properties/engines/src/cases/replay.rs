//! Stored cases, run again.

use std::path::{Path, PathBuf};

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{CaseError, CaseOf, Expected, Stored, file};
use crate::{
    counterexample::{Counterexample, Origin, replayed, test_command},
    sequential::{StateOf, Suite, TransitionOf, quietly},
};

/// What a stored case came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It reached what it was made for, and the rule held.
    Holds,
    /// It failed.
    Broken(Box<Counterexample>),
    /// It did not reach what it was made for: this is no verdict about the rule.
    Stale(String),
}

/// A stored case that was run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Its file.
    pub path: PathBuf,
    /// What it must come to.
    pub expected: Expected,
    /// The rule that it broke; `None` for a panic.
    pub rule: Option<String>,
    /// What it came to.
    pub verdict: Verdict,
}

impl Replayed {
    /// Whether it came to what it must: where its fault is planted to its rule broken, elsewhere to a rule that holds.
    #[must_use]
    pub fn is_as_expected(&self, planted: Option<&str>) -> bool {
        let breaks = planted.is_some() && self.expected.fault() == planted;
        match &self.verdict {
            Verdict::Holds => !breaks,
            Verdict::Broken(found) => breaks && found.rule() == self.rule.as_deref(),
            Verdict::Stale(_) => false,
        }
    }
}

/// Runs all stored cases of a directory, by name.
///
/// # Errors
///
/// The first file that is no case of this suite, or that asks the model for what it has not.
pub fn replay_all<T: StateMachineTest>(suite: &Suite, directory: &Path) -> Result<Vec<Replayed>, CaseError>
where
    T::Reference: Stored,
{
    let replay = |(path, case): (PathBuf, CaseOf<T>)| {
        let (expected, rule) = (case.expected.clone(), case.rule.clone());
        let verdict = verdict_of::<T>(suite, &path, case)?;
        Ok(Replayed { path, expected, rule, verdict })
    };
    file::read_all(directory, suite.name)?.into_iter().map(replay).collect()
}

fn verdict_of<T: StateMachineTest>(suite: &Suite, path: &Path, case: CaseOf<T>) -> Result<Verdict, CaseError>
where
    T::Reference: Stored,
{
    let (name, made_with) = (path.file_name().unwrap_or_default().to_string_lossy(), case.made_with());
    // What the model does not expect of its own generator, a file may say.
    let followed = quietly(|| {
        let initial = T::Reference::initial(case.parameters);
        let forbidden = forbidden::<T>(&initial, &case.transitions);
        (initial, forbidden)
    });
    let (initial, forbidden) =
        followed.map_err(|message| CaseError::Model { path: path.to_owned(), message })?;
    if let Some((number, transition)) = forbidden {
        return Ok(Verdict::Stale(format!(
            "transition {number}, {transition:?}, is not allowed any more; {made_with}"
        )));
    }
    let steps = replayed::<T>(&initial, &case.transitions);
    if let Some(message) = steps.last().and_then(|step| step.failure.clone()) {
        return Ok(Verdict::Broken(Box::new(Counterexample {
            suite: suite.name.to_owned(),
            engine: "sequential".to_owned(),
            message,
            initial_state: Some(format!("{initial:?}")),
            steps,
            schedule: Vec::new(),
            concurrent: None,
            origin: Origin::StoredCase(format!("{name}, {made_with},")),
            replay: test_command(suite.test_path),
            stored: Vec::new(),
        })));
    }
    Ok(match case.witness {
        Some(witness) if !witness.is_met(&steps) => Verdict::Stale(format!(
            "after transition {} nobody compares {} with the model's {}; {made_with}",
            witness.step, witness.what, witness.model
        )),
        _ => Verdict::Holds,
    })
}

/// The first transition whose precondition does not hold, counted from one.
fn forbidden<T: StateMachineTest>(
    initial: &StateOf<T>,
    transitions: &[TransitionOf<T>],
) -> Option<(usize, TransitionOf<T>)> {
    let mut state = initial.clone();
    (1..).zip(transitions).find_map(|(number, transition)| {
        if !T::Reference::preconditions(&state, transition) {
            return Some((number, transition.clone()));
        }
        state = T::Reference::apply(state.clone(), transition);
        None
    })
}
