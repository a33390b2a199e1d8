//! The differential engine: two implementations side by side, with no verdict but their difference.
//!
//! Two versions of a crate, or ours and another's, get the same transitions, generated with the preconditions of the
//! reference; whatever is observed of one must be observed of the other. The reference says what may be called and with
//! which arguments, never what is right: where both err alike, nothing is found. [`SideBySide`] is a state machine test
//! like any other, so all that runs a description runs a pair: generated cases, the minimiser, stored counterexamples, and
//! every sequence up to a length.

use std::{cell::Cell, fmt, fmt::Debug, marker::PhantomData};

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use thiserror::Error;

use crate::{
    counterexample::Counterexample,
    results,
    sequential::{self, Persistence, RunReport, Seed, Suite, fail},
    small::Small,
    violation::violated,
};

/// The id under which a difference is reported; docs/engines.md says its sentence.
pub const DIFFERENCE: &str = "DF-1";

/// An implementation that can be observed.
///
/// Observations are in the reference's words, so that two implementations can be compared; nothing is judged here.
pub trait Observed: Sized {
    /// What generates the transitions.
    type Reference: Small;
    /// Everything that was seen of one transition, in the words of the reference.
    type Seen: PartialEq + Debug;

    /// Makes one as the case wants it.
    fn begin(state: &<Self::Reference as ReferenceStateMachine>::State) -> Self;

    /// Makes a transition, after which the reference is in `state`, and tells all that can be seen.
    fn observe(
        &mut self,
        state: &<Self::Reference as ReferenceStateMachine>::State,
        transition: &<Self::Reference as ReferenceStateMachine>::Transition,
    ) -> Self::Seen;
}

/// What pairs on this thread went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    observations: u64,
    changes: u64,
}

thread_local! {
    static TALLY: Cell<Tally> = const { Cell::new(Tally { observations: 0, changes: 0 }) };
}

/// Two implementations of one reference, as a state machine test that breaks at their first difference.
#[derive(Clone, Copy, Debug)]
pub struct SideBySide<A, B>(PhantomData<(A, B)>);

/// A pair under test, and what was last seen of it.
pub struct Pair<A: Observed, B> {
    one: A,
    other: B,
    last: Option<A::Seen>,
}

impl<A: Observed, B> Debug for Pair<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pair").field("last", &self.last).finish_non_exhaustive()
    }
}

impl<A, B> StateMachineTest for SideBySide<A, B>
where
    A: Observed,
    B: Observed<Reference = A::Reference, Seen = A::Seen>,
{
    type SystemUnderTest = Pair<A, B>;
    type Reference = A::Reference;

    fn init_test(state: &<A::Reference as ReferenceStateMachine>::State) -> Pair<A, B> {
        Pair { one: A::begin(state), other: B::begin(state), last: None }
    }

    fn apply(
        mut pair: Pair<A, B>,
        state: &<A::Reference as ReferenceStateMachine>::State,
        transition: <A::Reference as ReferenceStateMachine>::Transition,
    ) -> Pair<A, B> {
        let seen = pair.one.observe(state, &transition);
        alike(&seen, &pair.other.observe(state, &transition));
        let Tally { observations, changes } = TALLY.get();
        let changed = u64::from(pair.last.as_ref().is_some_and(|last| *last != seen));
        TALLY.set(Tally { observations: observations + 1, changes: changes + changed });
        pair.last = Some(seen);
        pair
    }
}

fn alike<T: PartialEq + Debug>(one: &T, other: &T) {
    if one != other {
        violated(DIFFERENCE, format!("one shows {one:?}, the other {other:?}"));
    }
}

/// What two implementations were compared on, without a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The cases that were generated.
    pub cases: u32,
    /// The observations that were compared, one a transition.
    pub observations: u64,
    /// How many of them were another than the one before.
    pub changes: u64,
}

/// Why two implementations do not count as alike.
#[derive(Debug, Error)]
pub enum Unlike {
    /// They differ.
    #[error("{0}")]
    Differs(Box<Counterexample>),
    /// No transition was made, or nothing that was seen ever changed: such a pair compares nothing.
    #[error(
        "the comparison `{suite}` is vacuous: {observations} observations, {changes} of them another than the one before"
    )]
    Vacuous {
        /// The suite.
        suite: &'static str,
        /// The observations that were compared.
        observations: u64,
        /// How many of them were another than the one before.
        changes: u64,
    },
}

impl Unlike {
    /// Ends a test with it: with its page, where there is a counterexample.
    ///
    /// # Panics
    ///
    /// Always: that is its purpose.
    pub fn end(&self) -> ! {
        match self {
            Unlike::Differs(found) => fail(found),
            Unlike::Vacuous { suite, .. } => results::refuse(suite, self),
        }
    }
}

/// Runs a suite on both.
///
/// # Errors
///
/// - [`Unlike::Differs`] with the minimal sequence that shows a difference, a panic of one of them included.
/// - [`Unlike::Vacuous`] when there was nothing to compare.
pub fn compare<A, B>(suite: &Suite, persistence: Persistence, seed: Seed) -> Result<Agreed, Unlike>
where
    A: Observed,
    B: Observed<Reference = A::Reference, Seen = A::Seen>,
{
    tallied(suite, || sequential::run_with_seeds::<SideBySide<A, B>>(suite, persistence, seed))
}

/// The same with exactly the suite's number of cases and nothing stored, whatever the environment says.
///
/// # Errors
///
/// As [`compare`].
pub fn compare_exactly<A, B>(suite: &Suite, seed: Seed) -> Result<Agreed, Unlike>
where
    A: Observed,
    B: Observed<Reference = A::Reference, Seen = A::Seen>,
{
    tallied(suite, || sequential::run_exactly::<SideBySide<A, B>>(suite, seed))
}

fn tallied(
    suite: &Suite,
    run: impl FnOnce() -> Result<RunReport, Box<Counterexample>>,
) -> Result<Agreed, Unlike> {
    TALLY.take();
    let report = run().map_err(Unlike::Differs)?;
    let Tally { observations, changes } = TALLY.take();
    if observations == 0 || changes == 0 {
        return Err(Unlike::Vacuous { suite: suite.name, observations, changes });
    }
    Ok(Agreed { cases: report.cases, observations, changes })
}
