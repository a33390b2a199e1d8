//! proptest-state-machine as its documentation shows it: a boxed strategy for each transition, and its own shrinker.

use alys_models::ring::RingTransition as T;
use alys_properties::{
    ring::{self, CAPACITY_MAX, Ring, RingFault, State},
    violation::caught,
};
use proptest::{
    prelude::{Just, Strategy},
    prop_oneof,
    strategy::BoxedStrategy,
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{CALLS_MAX, Rival, TALLY, Tally};

/// proptest-state-machine alone.
pub(super) struct Bare;

/// The model with strategies of its own.
pub(super) struct Reference;

impl ReferenceStateMachine for Reference {
    type State = State;
    type Transition = T;

    fn init_state() -> BoxedStrategy<State> {
        (1..=CAPACITY_MAX).prop_map(State::of).boxed()
    }

    fn transitions(_: &State) -> BoxedStrategy<T> {
        prop_oneof![
            8 => (0_u8..4).prop_map(T::Push),
            8 => Just(T::Pop),
            4 => (0_u8..4).prop_map(T::Peek),
            2 => Just(T::Clear),
            2 => (1_u8..=4).prop_map(T::Resize),
        ]
        .boxed()
    }

    fn apply(state: State, transition: &T) -> State {
        state.step(transition)
    }
}

impl StateMachineTest for Bare {
    type SystemUnderTest = Ring;
    type Reference = Reference;

    fn init_test(state: &State) -> Ring {
        Ring::new(state.model.capacity(), TALLY.get().fault)
    }

    fn apply(mut real: Ring, state: &State, transition: T) -> Ring {
        ring::check(&mut real, state, transition);
        real
    }
}

fn run(fault: Option<RingFault>, seed: u64, cases: u32) {
    Tally::begin(fault);
    let rng_seed = RngSeed::Fixed(seed);
    let config = Config { cases, rng_seed, failure_persistence: None, verbose: 0, ..Config::default() };
    let strategy = Reference::sequential_strategy(1..=CALLS_MAX);
    let outcome = TestRunner::new(config.clone()).run(&strategy, |(state, transitions, seen)| {
        let mut tally = TALLY.get();
        tally.cases += u64::from(tally.failing.is_none());
        tally.calls += transitions.len() as u64;
        let calls = transitions.len();
        let outcome = caught(|| Bare::test_sequential(config.clone(), state, transitions, seen));
        if outcome.is_err() {
            tally.failing = Some(calls);
        }
        TALLY.set(tally);
        outcome.map_err(TestCaseError::fail)
    });
    let shortest = outcome.err().map(|error| match error {
        proptest::test_runner::TestError::Fail(_, (_, transitions, _)) => transitions.len(),
        proptest::test_runner::TestError::Abort(reason) => panic!("the generator gave up: {reason}"),
    });
    TALLY.set(Tally { failing: shortest, ..TALLY.get() });
}

impl Rival for Bare {
    const NAME: &'static str = "proptest-state-machine";

    fn run(fault: Option<RingFault>, seed: u64, cases: u32) {
        run(fault, seed, cases);
    }
}
