//! Every state that the model and the real thing can be in together, breadth first.
//!
//! Where the real thing can be copied and compared, states are told apart by both: what the real thing knows and the model
//! does not is then part of the state, and leaving out what has been seen is sound. So counters that only show after
//! dozens of transitions are found, each by a shortest sequence. What an adapter compares when a case ends is not looked at.

use std::hash::Hash;

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use rustc_hash::FxHashSet;

use super::{Nothing, Shortest};
use crate::{
    sequential::{StateOf, TransitionOf, quietly},
    small::{Keyed, Small},
    violation::rule_of,
};

/// What a search went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// The states that were reached.
    pub states: usize,
    /// The transitions that were made.
    pub transitions: u64,
    /// The longest shortest way to one of them.
    pub depth: usize,
}

impl Searched {
    /// Says whether the search was worth its name.
    ///
    /// # Errors
    ///
    /// [`Nothing`] when no transition was made.
    pub fn check(&self) -> Result<(), Nothing> {
        if self.transitions == 0 { Err(Nothing { starts: self.states }) } else { Ok(()) }
    }
}

/// Searches all states that so many transitions reach.
///
/// # Errors
///
/// A shortest sequence that fails.
pub fn search_states<T: StateMachineTest>(depth: usize) -> Result<Searched, Box<Shortest<T>>>
where
    T::Reference: Keyed,
    T::SystemUnderTest: Clone + Eq + Hash,
{
    Search::<T>::new().run(depth, &|_| true)
}

/// The length of a shortest sequence that breaks this rule, or that panics where there is none, and in which nothing is
/// broken before; `None` when none of at most `depth` transitions does.
#[must_use]
pub fn shortest_by_states<T: StateMachineTest>(rule: Option<&str>, depth: usize) -> Option<usize>
where
    T::Reference: Keyed,
    T::SystemUnderTest: Clone + Eq + Hash,
{
    let found = Search::<T>::new().run(depth, &|message| rule_of(message) == rule);
    found.err().map(|shortest| shortest.transitions.len())
}

/// Both sides in one state, and the way there.
struct Here<T: StateMachineTest> {
    state: StateOf<T>,
    real: T::SystemUnderTest,
    /// The beginning, by number.
    start: usize,
    /// The last step of the way, by number; `None` at the beginning.
    step: Option<usize>,
}

/// What tells two states apart.
type Both<T> = (<<T as StateMachineTest>::Reference as Keyed>::Key, <T as StateMachineTest>::SystemUnderTest);

struct Search<T: StateMachineTest>
where
    T::Reference: Keyed,
{
    seen: FxHashSet<Both<T>>,
    /// Of every state but the beginnings: the step before the one that led there, and its transition.
    steps: Vec<(Option<usize>, TransitionOf<T>)>,
    searched: Searched,
}

impl<T: StateMachineTest> Search<T>
where
    T::Reference: Keyed,
    T::SystemUnderTest: Clone + Eq + Hash,
{
    fn new() -> Self {
        Search { seen: FxHashSet::default(), steps: Vec::new(), searched: Searched::default() }
    }

    /// Searches on until a failure is `wanted`; other failures end their way.
    fn run(mut self, depth: usize, wanted: &dyn Fn(&str) -> bool) -> Result<Searched, Box<Shortest<T>>> {
        let mut level: Vec<_> = (0..)
            .zip(T::Reference::starts())
            .map(|(start, state)| {
                let real = T::init_test(&state);
                Here { state, real, start, step: None }
            })
            .collect();
        level.retain(|here| self.is_new(here));
        for length in 1..=depth {
            let mut next = Vec::new();
            for here in &level {
                for transition in T::Reference::alphabet(&here.state) {
                    if !T::Reference::preconditions(&here.state, &transition) {
                        continue;
                    }
                    match self.step(here, &transition) {
                        Ok(mut there) => {
                            if self.is_new(&there) {
                                self.steps.push((here.step, transition));
                                there.step = Some(self.steps.len() - 1);
                                next.push(there);
                            }
                        }
                        Err(message) if wanted(&message) => {
                            return Err(Box::new(self.shortest(here, transition, message)));
                        }
                        Err(_) => {}
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            self.searched.depth = length;
            level = next;
        }
        Ok(self.searched)
    }

    /// Whether this state has not been seen, which it now has.
    fn is_new(&mut self, here: &Here<T>) -> bool {
        let new = self.seen.insert((T::Reference::key(&here.state), here.real.clone()));
        self.searched.states += usize::from(new);
        new
    }

    fn step(&mut self, here: &Here<T>, transition: &TransitionOf<T>) -> Result<Here<T>, String> {
        self.searched.transitions += 1;
        let state = T::Reference::apply(here.state.clone(), transition);
        let mut real = None;
        quietly(|| {
            let after = T::apply(here.real.clone(), &state, transition.clone());
            T::check_invariants(&after, &state);
            real = Some(after);
        })?;
        let Some(real) = real else { unreachable!("a step that ended has a result") };
        Ok(Here { state, real, start: here.start, step: None })
    }

    /// The way to a state and on to a transition that failed.
    fn shortest(self, here: &Here<T>, last: TransitionOf<T>, message: String) -> Shortest<T> {
        let mut transitions = vec![last];
        let mut at = here.step;
        while let Some(step) = at {
            let (before, transition) = &self.steps[step];
            transitions.push(transition.clone());
            at = *before;
        }
        transitions.reverse();
        let start = T::Reference::starts().swap_remove(here.start);
        Shortest { start, transitions, message, sequences: self.searched.transitions }
    }
}
