//! What a check says.

use std::fmt::Debug;

use thiserror::Error;

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
        /// A shortest way.
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
