//! How many states of a model our breadth-first search and stateright's see in a second: the same space, the same keys.

use std::marker::PhantomData;

use alys_properties::{
    checker::Checked, exhaustive::search_states, mailbox::HandReference, measure::Stopwatch,
    ring::RingReference, small::Keyed, supervision::SupervisionReference,
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::ratio::{Arm, Comparison, Target};

/// A model with nothing beside it.
struct Alone<R>(PhantomData<R>);

impl<R: ReferenceStateMachine> StateMachineTest for Alone<R> {
    type SystemUnderTest = ();
    type Reference = R;

    fn init_test(_: &R::State) {}

    fn apply((): (), _: &R::State, _: R::Transition) {}
}

/// The models of the mailbox, of supervision and of the ring, as far as so many transitions reach.
#[must_use]
pub fn comparisons() -> Vec<Comparison> {
    vec![
        comparison::<HandReference>("the mailbox", 3),
        comparison::<SupervisionReference>("supervision", 4),
        comparison::<RingReference>("the ring", 24),
    ]
}

fn comparison<R: Keyed>(name: &str, depth: usize) -> Comparison {
    let stateright = Arm::new("stateright", move |units| {
        let watch = Stopwatch::start();
        let passed = Checked::<R>::default().check(depth);
        let elapsed = watch.elapsed();
        let states = passed.map_or(0, |passed| passed.states);
        assert_eq!(states, ours::<R>(depth), "both see the same states");
        elapsed.mul_f64(units as f64 / states as f64)
    });
    let alys = Arm::new("alys", move |units| {
        let watch = Stopwatch::start();
        let states = ours::<R>(depth);
        watch.elapsed().mul_f64(units as f64 / states as f64)
    });
    Comparison {
        title: format!("states: the model of {name}, {depth} transitions and one more"),
        unit: "state",
        units: 100_000,
        arms: vec![stateright, alys],
        targets: vec![("alys", Target::Speed(1.0))],
    }
}

/// stateright meets the states just beyond its depth, too.
fn ours<R: Keyed>(depth: usize) -> usize {
    search_states::<Alone<R>>(depth + 1).map_or(0, |searched| searched.states)
}
