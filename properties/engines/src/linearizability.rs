//! Is a concurrent history explained by some sequential order?
//!
//! A history is linearizable when its operations can be put into one order that respects real time (an operation that
//! returned before another was invoked comes first) and in which a sequential specification gives every answer that
//! was observed. The search is depth-first over the operations that may come next, with a memo on (set of linearized
//! operations, state): two orders of the same set that lead to the same state have the same future. Calls that change
//! nothing, and calls that are alike, are not tried in more places than one. Cost follows
//! overlap: 30 operations from 8 threads take about a millisecond, accepted or rejected.

mod recorder;
mod search;
#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::hash::Hash;

pub use recorder::{Pending, Recorder};
pub use search::{NotLinearizable, OPERATIONS_MAX, check, check_with};

/// A component described as if it were called by one thread at a time.
pub trait SequentialSpec: Clone + Eq + Hash {
    /// An operation with its arguments.
    type Call: Clone + Debug + PartialEq;
    /// What it answers.
    type Return: PartialEq + Debug;

    /// Carries out one call and returns what the specification answers.
    fn apply(&mut self, call: &Self::Call) -> Self::Return;

    /// Whether a call that was told this leaves every state as it is in which it is told this; the search need not try such
    /// a call in more than one place. It is not enough that it changes nothing in some states.
    fn changes_nothing(_: &Self::Call, _: &Self::Return) -> bool {
        false
    }
}

/// One operation of a history.
#[derive(Clone, Debug)]
pub struct Operation<C, R> {
    /// Which thread made it.
    pub thread: usize,
    /// What was called.
    pub call: C,
    /// When it was invoked, in events of the recorder.
    pub invoked: u64,
    /// When it returned, and with what; `None` while it is pending, when it may or may not have taken effect.
    pub returned: Option<(u64, R)>,
}

/// A recorded history, in order of invocation.
pub type History<C, R> = Vec<Operation<C, R>>;
