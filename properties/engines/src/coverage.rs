//! What a suite has really been through: transitions by model state and outcome, and named situations.
//!
//! A property that never meets a full mailbox says nothing about full mailboxes. Adapters record every transition
//! here; a suite then fails when a required situation was not reached, or when nothing was recorded at all. Recording
//! is one addition in a flat vector of the thread, cheap enough for suites of 400,000 transitions a second.

mod chart;
mod page;
mod publish;
mod report;
mod suite;
#[cfg(test)]
mod tests;

use std::any::TypeId;
use std::cell::RefCell;
use std::fmt::Debug;

pub use page::page;
pub use publish::{Entry, publish, summary};
pub use report::{CoverageReport, Missed, artifacts};
pub use suite::{OutcomeRow, SAMPLED, Sample, SituationCount, SuiteCoverage};

/// Something that a suite must meet, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// What it is, in words.
    pub name: &'static str,
    /// How often a run of the suite's own number of cases must meet it at least; 0 only counts it.
    pub minimum: u64,
}

/// The labels of one suite's coverage; recording refers to them by index.
pub trait Labels: Debug + 'static {
    /// The kinds of transitions.
    const KINDS: &'static [&'static str];
    /// The classes of model states in which a transition is made.
    const CLASSES: &'static [&'static str];
    /// The outcomes a transition can have.
    const OUTCOMES: &'static [&'static str];
    /// The named situations.
    const SITUATIONS: &'static [Situation];
}

/// The counts of one set of labels on one thread.
#[derive(Debug)]
struct Counts {
    labels: TypeId,
    cells: Vec<u64>,
    situations: Vec<u64>,
}

impl Counts {
    fn new<L: Labels>() -> Self {
        Self {
            labels: TypeId::of::<L>(),
            cells: vec![0; L::KINDS.len() * L::OUTCOMES.len() * L::CLASSES.len()],
            situations: vec![0; L::SITUATIONS.len()],
        }
    }
}

thread_local! {
    // A thread runs one suite at a time, so the search below ends at the first entry or the second.
    static COUNTS: RefCell<Vec<Counts>> = const { RefCell::new(Vec::new()) };
}

#[inline]
fn with<L: Labels>(change: impl FnOnce(&mut Counts)) {
    COUNTS.with_borrow_mut(|all| {
        let found = all.iter().position(|counts| counts.labels == TypeId::of::<L>());
        let index = found.unwrap_or_else(|| {
            all.push(Counts::new::<L>());
            all.len() - 1
        });
        change(&mut all[index]);
    });
}

/// Counts one transition of `kind`, made in a model state of `class`, that ended in `outcome`.
///
/// # Panics
///
/// When an index lies outside its labels.
#[inline]
pub fn record<L: Labels>(kind: usize, class: usize, outcome: usize) {
    let known = kind < L::KINDS.len() && class < L::CLASSES.len() && outcome < L::OUTCOMES.len();
    assert!(known, "no label for kind {kind}, class {class}, outcome {outcome}");
    with::<L>(|counts| counts.cells[(kind * L::OUTCOMES.len() + outcome) * L::CLASSES.len() + class] += 1);
}

/// Counts one meeting with a situation.
///
/// # Panics
///
/// When the index lies outside the labels.
#[inline]
pub fn reached<L: Labels>(situation: usize) {
    with::<L>(|counts| counts.situations[situation] += 1);
}

/// Returns what this thread has recorded since the last call, and starts again at zero.
#[must_use]
pub fn take<L: Labels>() -> CoverageReport {
    let counts = COUNTS.with_borrow_mut(|all| {
        let found = all.iter().position(|counts| counts.labels == TypeId::of::<L>());
        found.map(|index| all.swap_remove(index)).unwrap_or_else(Counts::new::<L>)
    });
    CoverageReport {
        kinds: L::KINDS,
        classes: L::CLASSES,
        outcomes: L::OUTCOMES,
        cells: counts.cells,
        situations: L::SITUATIONS.iter().copied().zip(counts.situations).collect(),
    }
}
