//! Reference models under a model checker: what always holds, what can be reached, and what must come in the end.
//!
//! [`Checked`] makes a model of stateright out of a description: its beginnings, its alphabet, its preconditions and its
//! steps, with states told apart by [`Keyed::key`]. No real thing is looked at here: this is how a model is known to be worth
//! comparing with. The real things are searched by the [exhaustive](crate::exhaustive) engine.
//!
//! What stateright leaves to its users is done here:
//!
//! - it stops as soon as every property has been decided; a property that never is keeps it going, so that the number of
//!   states is that of the whole space;
//! - it reports the last violation that it met: a failing model is checked again, deeper step by step, for a shortest one;
//! - `eventually` is right only where ways do not meet again with different answers, and do not go in circles: so a way ends
//!   where what is awaited has come, and a circle before that is a failure of its own.

mod circles;
pub mod lifecycle;
pub mod mailbox;
mod report;
pub mod ring;
pub mod supervision;
pub mod tracker;

use std::{collections::BTreeSet, fmt};

use stateright::{Checker, Expectation, HasDiscoveries, Model, Property};

pub use report::{Checked as Passed, Refuted};

use crate::small::Keyed;

/// Keeps the search going: no state ever breaks it.
const GOES_ON: &str = "the search goes on";

/// A description as a model to check.
pub struct Checked<R: Keyed> {
    starts: Vec<R::Key>,
    alphabet: fn(&R::State) -> Vec<R::Transition>,
    properties: Vec<Property<Self>>,
}

/// What is said of a state.
pub type Claim<R> = fn(&Checked<R>, &<R as Keyed>::Key) -> bool;

impl<R: Keyed> Clone for Checked<R> {
    fn clone(&self) -> Self {
        let Self { starts, alphabet, properties } = self;
        Checked { starts: starts.clone(), alphabet: *alphabet, properties: properties.clone() }
    }
}

impl<R: Keyed> fmt::Debug for Checked<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.properties.iter().map(|one| (&one.expectation, one.name)).collect();
        f.debug_struct("Checked").field("starts", &self.starts).field("properties", &names).finish()
    }
}

impl<R: Keyed> Default for Checked<R> {
    fn default() -> Self {
        Self::new(&R::starts(), R::alphabet)
    }
}

impl<R: Keyed> Checked<R> {
    /// A model with these beginnings and transitions, of which nothing is claimed yet; the default has the description's own.
    #[must_use]
    pub fn new(starts: &[R::State], alphabet: fn(&R::State) -> Vec<R::Transition>) -> Self {
        let properties = vec![Property::always(GOES_ON, |_, _| true)];
        Checked { starts: starts.iter().map(R::key).collect(), alphabet, properties }
    }

    /// Claims something of every state.
    #[must_use]
    pub fn always(mut self, name: &'static str, claim: Claim<R>) -> Self {
        self.properties.push(Property::always(name, claim));
        self
    }

    /// Claims that a state can be reached.
    #[must_use]
    pub fn sometimes(mut self, name: &'static str, claim: Claim<R>) -> Self {
        self.properties.push(Property::sometimes(name, claim));
        self
    }

    /// Claims that every way comes to such a state, where it then ends.
    ///
    /// # Panics
    ///
    /// When something else is awaited already: ways that end for one thing say nothing about another.
    #[must_use]
    pub fn eventually(mut self, name: &'static str, claim: Claim<R>) -> Self {
        assert!(self.awaited().is_none(), "a model awaits one thing");
        self.properties.push(Property::eventually(name, claim));
        self
    }

    fn awaited(&self) -> Option<&Property<Self>> {
        self.properties.iter().find(|one| one.expectation == Expectation::Eventually)
    }

    /// Checks every state that so many transitions reach.
    ///
    /// # Errors
    ///
    /// [`Refuted`], where a claim broke with a shortest way to it.
    pub fn check(&self, depth: usize) -> Result<Passed, Refuted<R::Transition>> {
        let run = self.explore(depth);
        if run.generated == self.starts.len() {
            return Err(Refuted::Lifeless { starts: self.starts.len() });
        }
        if !run.failures.is_empty() {
            return Err(self.shortest(depth, run));
        }
        let met = |one: &&Property<Self>| {
            one.expectation != Expectation::Sometimes || run.reached.contains(one.name)
        };
        let unmet: Vec<_> = self.properties.iter().filter(|one| !met(one)).map(|one| one.name).collect();
        if !unmet.is_empty() {
            return Err(Refuted::Unreached { claims: unmet, states: run.states });
        }
        if let Some(awaited) = self.awaited() {
            // A circle is looked for in a whole space only: another one may have no end.
            if run.cut_short {
                return Err(Refuted::CutShort { depth });
            }
            if let Some((states, transitions)) = self.circle() {
                return Err(Way::<R> { claim: awaited.name, states, transitions }.refuted());
            }
        }
        Ok(Passed { states: run.states, generated: run.generated, depth: run.depth })
    }

    /// Goes deeper step by step until something fails.
    fn shortest(&self, depth: usize, mut found: Run<R>) -> Refuted<R::Transition> {
        for depth in 0..depth {
            let run = self.explore(depth);
            if !run.failures.is_empty() {
                found = run;
                break;
            }
        }
        found.failures.swap_remove(0).refuted()
    }

    fn explore(&self, depth: usize) -> Run<R> {
        let never = HasDiscoveries::AllOf(BTreeSet::from([GOES_ON]));
        // stateright counts a beginning as depth 1, and looks only at states before the last depth.
        let limit = depth + 2;
        let checker = self.clone().checker().threads(1).finish_when(never).target_max_depth(limit);
        let done = checker.spawn_bfs().join();
        let mut run = Run {
            states: done.unique_state_count(),
            generated: done.state_count(),
            depth: done.max_depth().saturating_sub(1).min(depth),
            cut_short: done.max_depth() >= limit,
            failures: Vec::new(),
            reached: BTreeSet::new(),
        };
        for (name, path) in done.discoveries() {
            if self.property(name).expectation.discovery_is_failure() {
                let (states, transitions): (Vec<_>, Vec<_>) = path.into_vec().into_iter().unzip();
                let transitions = transitions.into_iter().flatten().collect();
                run.failures.push(Way { claim: name, states, transitions });
            } else {
                run.reached.insert(name);
            }
        }
        run.failures.sort_by_key(|way| (way.transitions.len(), way.claim));
        run
    }
}

/// What one exploration found.
struct Run<R: Keyed> {
    states: usize,
    generated: usize,
    depth: usize,
    cut_short: bool,
    failures: Vec<Way<R>>,
    reached: BTreeSet<&'static str>,
}

/// A way that breaks a claim.
struct Way<R: Keyed> {
    claim: &'static str,
    /// The beginning, and the state after each transition.
    states: Vec<R::Key>,
    transitions: Vec<R::Transition>,
}

impl<R: Keyed> Way<R> {
    fn refuted(self) -> Refuted<R::Transition> {
        let states = self.states.iter().map(|state| format!("{state:?}")).collect();
        Refuted::Broken { claim: self.claim, states, transitions: self.transitions }
    }
}

impl<R: Keyed> Model for Checked<R> {
    type State = R::Key;
    type Action = R::Transition;

    fn init_states(&self) -> Vec<R::Key> {
        self.starts.clone()
    }

    fn actions(&self, key: &R::Key, actions: &mut Vec<R::Transition>) {
        if self.awaited().is_some_and(|awaited| (awaited.condition)(self, key)) {
            return;
        }
        let state = R::state(key);
        let tried = (self.alphabet)(&state);
        actions.extend(tried.into_iter().filter(|transition| R::preconditions(&state, transition)));
    }

    fn next_state(&self, key: &R::Key, transition: R::Transition) -> Option<R::Key> {
        Some(R::key(&R::apply(R::state(key), &transition)))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        self.properties.clone()
    }
}
