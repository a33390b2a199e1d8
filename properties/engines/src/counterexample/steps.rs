//! A sequence run once more, with what adapters compare after each transition.

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use serde::Serialize;

use crate::{
    sequential::{StateOf, TransitionOf, quietly},
    small::Small,
    trace::{self, Compared},
};

/// One point on which the real thing was held to the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// What was compared.
    pub what: String,
    /// What the model says.
    pub model: String,
    /// What the real one showed.
    pub real: String,
    /// Whether it is a part or a consequence of what is compared anyway.
    pub detail: bool,
}

impl Seen {
    /// Whether the two sides differ.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.model != self.real
    }
}

/// A transition, and what was compared after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Who does it.
    pub by: String,
    /// Whom it reaches, where that is another participant, or the same one; `None` for the system under test.
    pub to: Option<String>,
    /// What is done; the beginning for the first step.
    pub transition: String,
    /// Everything that was compared.
    pub seen: Vec<Seen>,
    /// How the case failed here.
    pub failure: Option<String>,
}

impl Step {
    /// A step after which nothing is compared.
    #[must_use]
    pub fn plain(by: &str, to: Option<&str>, transition: String) -> Self {
        Step { by: by.to_owned(), to: to.map(str::to_owned), transition, seen: Vec::new(), failure: None }
    }

    /// Returns the first point on which the two sides differ.
    #[must_use]
    pub fn difference(&self) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.differs())
    }

    /// Returns what is worth showing: details only where nothing else shows that the sides differ.
    pub fn shown(&self) -> impl Iterator<Item = &Seen> {
        let plain = self.seen.iter().any(|seen| seen.differs() && !seen.detail);
        self.seen.iter().filter(move |seen| !seen.detail || (seen.differs() && !plain))
    }
}

/// Runs a sequence, and returns its beginning and every transition with what was compared; it ends where the case fails.
pub fn replayed<T: StateMachineTest>(initial: &StateOf<T>, transitions: &[TransitionOf<T>]) -> Vec<Step>
where
    T::Reference: Small,
{
    let mut state = initial.clone();
    let (mut system, compared) = trace::compared(|| quietly(|| T::init_test(&state)));
    let mut steps = vec![step("", "the beginning".to_owned(), compared, system.as_ref().err())];
    for transition in transitions {
        let Ok(before) = system else { return steps };
        state = T::Reference::apply(state, transition);
        let (after, compared) = trace::compared(|| {
            quietly(|| {
                let after = T::apply(before, &state, transition.clone());
                T::check_invariants(&after, &state);
                after
            })
        });
        let by = T::Reference::participant(transition);
        steps.push(step(&by, format!("{transition:?}"), compared, after.as_ref().err()));
        system = after;
    }
    if let Ok(system) = system {
        let (ended, compared) = trace::compared(|| quietly(|| T::teardown(system, state)));
        if let Err(message) = ended {
            steps.push(step("", "the end".to_owned(), compared, Some(&message)));
        }
    }
    steps
}

fn step(by: &str, transition: String, compared: Vec<Compared>, failure: Option<&String>) -> Step {
    let seen = compared.into_iter();
    let seen = seen.map(|Compared { what, model, real, detail }| Seen { what, model, real, detail });
    Step { seen: seen.collect(), failure: failure.cloned(), ..Step::plain(by, None, transition) }
}
