//! quickcheck: a list of transitions, and its own shrinker of lists; what a precondition forbids is discarded.

use std::{cell::RefCell, fmt};

use alys_properties::sequential::{StateOf, Suite, TransitionOf};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use quickcheck::{Arbitrary, Gen, QuickCheck, TestResult};

use super::{CASES_MAX, Tally, quiet};
use crate::hunts::Found;

thread_local! {
    static TALLY: RefCell<Tally> = RefCell::default();
}

/// A beginning and the transitions that follow.
struct Case<T: StateMachineTest> {
    initial: StateOf<T>,
    calls: Vec<Call<T>>,
}

/// One transition.
struct Call<T: StateMachineTest>(TransitionOf<T>);

impl<T: StateMachineTest> Clone for Case<T> {
    fn clone(&self) -> Self {
        Case { initial: self.initial.clone(), calls: self.calls.clone() }
    }
}

impl<T: StateMachineTest> Clone for Call<T> {
    fn clone(&self) -> Self {
        Call(self.0.clone())
    }
}

impl<T: StateMachineTest> fmt::Debug for Case<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.initial, self.transitions())
    }
}

impl<T: StateMachineTest> Case<T> {
    fn transitions(&self) -> Vec<TransitionOf<T>> {
        self.calls.iter().map(|call| call.0.clone()).collect()
    }

    fn allowed(&self) -> bool {
        let step = |state: StateOf<T>, call: &Call<T>| {
            T::Reference::preconditions(&state, &call.0).then(|| T::Reference::apply(state, &call.0))
        };
        self.calls.iter().try_fold(self.initial.clone(), step).is_some()
    }
}

impl<T: StateMachineTest + 'static> Arbitrary for Case<T> {
    fn arbitrary(g: &mut Gen) -> Self {
        let mut runner = runner(g);
        let initial = drawn(&T::Reference::init_state(), &mut runner);
        let (mut state, mut calls) = (initial.clone(), Vec::new());
        for _ in 0..1 + usize::arbitrary(g) % g.size() {
            let transition = drawn(&T::Reference::transitions(&state), &mut runner);
            if T::Reference::preconditions(&state, &transition) {
                state = T::Reference::apply(state, &transition);
                calls.push(Call(transition));
            }
        }
        Case { initial, calls }
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        let initial = self.initial.clone();
        Box::new(self.calls.shrink().map(move |calls| Case { initial: initial.clone(), calls }))
    }
}

/// It has nothing simpler: only lengths are compared, and what the descriptions call simpler goes in circles for a shrinker
/// that does not remember where it was.
impl<T: StateMachineTest + 'static> Arbitrary for Call<T> {
    fn arbitrary(g: &mut Gen) -> Self {
        let mut runner = runner(g);
        let state = drawn(&T::Reference::init_state(), &mut runner);
        Call(drawn(&T::Reference::transitions(&state), &mut runner))
    }
}

/// A runner whose choices follow from the next number of the generator.
fn runner(g: &mut Gen) -> TestRunner {
    let seed: Vec<u8> = (0..4).flat_map(|_| u64::arbitrary(g).to_le_bytes()).collect();
    TestRunner::new_with_rng(quiet(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

fn drawn<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> S::Value {
    strategy.new_tree(runner).expect("the generators of the suites reject nothing").current()
}

fn property<T: StateMachineTest>(case: Case<T>) -> TestResult {
    if !case.allowed() {
        return TestResult::discard();
    }
    let transitions = case.transitions();
    let outcome = TALLY.with_borrow_mut(|tally| tally.run::<T>(case.initial, transitions, None));
    TestResult::from_bool(outcome.is_ok())
}

pub(super) fn hunt<T: StateMachineTest + 'static>(suite: &Suite, seed: u64) -> Option<Found> {
    TALLY.take();
    let mut runner = QuickCheck::new().rng(Gen::from_size_and_seed(*suite.transitions.end(), seed));
    runner = runner.tests(CASES_MAX.into()).max_tests(CASES_MAX.into());
    // What failed is in the tally.
    drop(runner.quicktest(property::<T> as fn(Case<T>) -> TestResult));
    TALLY.take().found()
}
