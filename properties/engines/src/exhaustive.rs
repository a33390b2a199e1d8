//! The exhaustive engine: every sequence of transitions up to a length, on the real thing, beside its model.
//!
//! What can be copied and compared is searched by [`search_states`] instead, which leaves out what it has seen. Here
//! each sequence is run from its beginning, since a real component cannot be copied half-way. Nothing is left out
//! because the model has seen its state before: a component that errs may know more than its model does, and two ways to
//! one state of the model are then two states. Sequences come in the order of their length, so the first one that fails is
//! a shortest one.

mod states;

use std::{fmt, ops::ControlFlow};

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use thiserror::Error;

pub use states::{Searched, search_states, shortest_by_states};

use crate::{
    counterexample::{Counterexample, Origin, replayed, test_command},
    sequential::{StateOf, TransitionOf, fails},
    small::Small,
    violation::rule_of,
};

/// What was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enumerated {
    /// The beginnings.
    pub starts: usize,
    /// The sequences that were run, shorter ones included.
    pub sequences: u64,
    /// The length of the longest.
    pub length: usize,
}

/// Nothing was tried: no beginning, or no transition that is allowed in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "no sequence was run from {starts} beginnings: the description has lost its beginnings or its transitions"
)]
pub struct Nothing {
    /// The beginnings.
    pub starts: usize,
}

impl Enumerated {
    /// Says whether the search was worth its name.
    ///
    /// # Errors
    ///
    /// [`Nothing`] when nothing was tried.
    pub fn check(&self) -> Result<(), Nothing> {
        if self.sequences == 0 { Err(Nothing { starts: self.starts }) } else { Ok(()) }
    }
}

/// A shortest sequence that fails.
pub struct Shortest<T: StateMachineTest> {
    /// Where it begins.
    pub start: StateOf<T>,
    /// The sequence.
    pub transitions: Vec<TransitionOf<T>>,
    /// How it fails.
    pub message: String,
    /// How many sequences had been run by then, this one included.
    pub sequences: u64,
}

impl<T: StateMachineTest> fmt::Display for Shortest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.message)?;
        writeln!(f, "from {:?}, no shorter sequence fails:", self.start)?;
        let mut lines = self.transitions.iter().enumerate();
        lines.try_for_each(|(index, transition)| writeln!(f, "{:4}. {transition:?}", index + 1))
    }
}

impl<T: StateMachineTest> Shortest<T>
where
    T::Reference: Small,
{
    /// Returns what every engine tells of a failure.
    #[must_use]
    pub fn counterexample(&self, suite: &str, test_path: &str) -> Counterexample {
        Counterexample {
            suite: suite.to_owned(),
            engine: "exhaustive".to_owned(),
            message: self.message.clone(),
            initial_state: Some(format!("{:?}", self.start)),
            steps: replayed::<T>(&self.start, &self.transitions),
            schedule: Vec::new(),
            concurrent: None,
            origin: Origin::Enumerated { tried: self.sequences, what: "sequences".to_owned() },
            replay: test_command(test_path),
            stored: Vec::new(),
        }
    }
}

impl<T: StateMachineTest> fmt::Debug for Shortest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Tries every sequence of the alphabet from every beginning, up to a length.
///
/// # Errors
///
/// A shortest sequence that fails.
pub fn enumerate<T: StateMachineTest>(length: usize) -> Result<Enumerated, Box<Shortest<T>>>
where
    T::Reference: Small,
{
    let starts = T::Reference::starts();
    let mut sequences = 0;
    for length in 1..=length {
        for start in &starts {
            let mut path = Vec::new();
            let mut visit = |transitions: &[TransitionOf<T>]| {
                sequences += 1;
                fails::<T>(start, transitions)
                    .map_or(ControlFlow::Continue(()), |message| ControlFlow::Break(Some(message)))
            };
            let walked = walk::<T>(start, length, &mut path, &T::Reference::alphabet, &mut visit);
            if let ControlFlow::Break(Some(message)) = walked {
                let start = start.clone();
                return Err(Box::new(Shortest { start, transitions: path, message, sequences }));
            }
        }
    }
    Ok(Enumerated { starts: starts.len(), sequences, length })
}

/// The length of a shortest sequence, up to a length, that breaks this rule, or that panics where there is none; `None`
/// when none of them does.
#[must_use]
pub fn shortest<T: StateMachineTest>(rule: Option<&str>, length: usize) -> Option<usize>
where
    T::Reference: Small,
{
    let starts = T::Reference::starts();
    (1..=length).find(|length| {
        starts.iter().any(|start| {
            let mut visit = |transitions: &[TransitionOf<T>]| {
                let message = fails::<T>(start, transitions).filter(|message| rule_of(message) == rule);
                message.map_or(ControlFlow::Continue(()), |message| ControlFlow::Break(Some(message)))
            };
            walk::<T>(start, *length, &mut Vec::new(), &T::Reference::alphabet, &mut visit).is_break()
        })
    })
}

/// The transitions that a walk tries in a state.
type AlphabetOf<'a, T> = &'a dyn Fn(&StateOf<T>) -> Vec<TransitionOf<T>>;

/// What a walk does with a sequence: it goes on, or ends with the message of a failure, or without one.
type VisitOf<'a, T> = &'a mut dyn FnMut(&[TransitionOf<T>]) -> ControlFlow<Option<String>>;

/// Walks through all sequences of one length that are allowed from a state, the alphabet's order first; where it ends
/// early, the path is the sequence at which it does.
pub(crate) fn walk<T: StateMachineTest>(
    state: &StateOf<T>,
    left: usize,
    path: &mut Vec<TransitionOf<T>>,
    alphabet: AlphabetOf<'_, T>,
    visit: VisitOf<'_, T>,
) -> ControlFlow<Option<String>> {
    if left == 0 {
        return visit(path);
    }
    for transition in alphabet(state) {
        if T::Reference::preconditions(state, &transition) {
            let next = T::Reference::apply(state.clone(), &transition);
            path.push(transition);
            walk::<T>(&next, left - 1, path, alphabet, visit)?;
            path.pop();
        }
    }
    ControlFlow::Continue(())
}
