//! What a check says.

use std::fmt::Debug;

use thiserror::Error;

use crate::{
    counterexample::{Counterexample, Origin, Step, test_command},
    results,
    sequential::fail,
};

/// A model of which every claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Different states that were met, those just beyond the depth included.
    pub states: usize,
    /// States that were met, each as often as it was.
    pub generated: usize,
    /// The longest shortest way to a state whose claims were looked at.
    pub depth: usize,
}

/// A model of which a claim does not hold, or of which nothing was learned.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refuted<T: Debug> {
    /// A claim is broken: by the state in which these transitions end, or by a way that ends or goes round there without what
    /// is awaited.
    #[error("`{claim}` is broken after {transitions:?}")]
    Broken {
        /// The claim.
        claim: &'static str,
        /// The beginning of a shortest way, and the state after each of its transitions.
        states: Vec<String>,
        /// The transitions.
        transitions: Vec<T>,
    },
    /// Claims that something can be reached, which nothing did.
    #[error("in {states} states nothing is ever {claims:?}")]
    Unreached {
        /// The claims.
        claims: Vec<&'static str>,
        /// How many states there were.
        states: usize,
    },
    /// No transition leads from any beginning: nothing was checked.
    #[error("no transition is possible from any of {starts} beginnings")]
    Lifeless {
        /// How many beginnings there are.
        starts: usize,
    },
    /// Something is awaited, and not every way had ended at this depth: nothing is known.
    #[error("some ways had not ended after {depth} transitions")]
    CutShort {
        /// The depth.
        depth: usize,
    },
}

impl<T: Debug> Refuted<T> {
    /// Returns what every engine tells of a failure, where there is a way to one.
    #[must_use]
    pub fn counterexample(&self, suite: &str, test_path: &str) -> Option<Counterexample> {
        let Refuted::Broken { claim, states, transitions } = self else { return None };
        let step = |by: &str, transition| Step::plain(by, None, transition);
        let after = transitions.iter().zip(states.iter().skip(1));
        let mut steps = vec![step("", "the beginning".to_owned())];
        steps.extend(after.map(|(one, state)| step("the model", format!("{one:?} leads to {state}"))));
        Some(Counterexample {
            suite: suite.to_owned(),
            engine: "stateright".to_owned(),
            message: format!("`{claim}` is broken in the model"),
            initial_state: states.first().cloned(),
            steps,
            schedule: Vec::new(),
            concurrent: None,
            origin: Origin::Enumerated {
                tried: states.len() as u64,
                what: "states of a shortest way".to_owned(),
            },
            replay: test_command(test_path),
            stored: Vec::new(),
        })
    }

    /// Ends a test with it: with its page, where there is a way to show.
    ///
    /// # Panics
    ///
    /// Always: that is its purpose.
    pub fn end(&self, suite: &str, test_path: &str) -> ! {
        match self.counterexample(suite, test_path) {
            Some(found) => fail(&found),
            None => results::refuse(suite, self),
        }
    }
}
