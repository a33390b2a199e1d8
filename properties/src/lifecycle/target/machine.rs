//! The adapter of the sequential suite: every answer is compared, then everything that can be seen.

use alys_models::lifecycle::LifecycleTransition;
use proptest_state_machine::StateMachineTest;

use super::{alys::lifecycle::Registry, calls};
use crate::lifecycle::{
    LifecycleReference, State,
    compare::{self, View},
    record,
};

/// The real registry with its monitor.
#[derive(Debug)]
pub struct Machine(Registry);

impl StateMachineTest for Machine {
    type SystemUnderTest = Machine;
    type Reference = LifecycleReference;

    fn init_test(state: &State) -> Machine {
        let machine = Machine(calls::registry(state.profile().history_kept, state.profile().shards));
        compare::views(&View::of(&state.model), &calls::view(&machine.0));
        machine
    }

    fn apply(machine: Machine, state: &State, transition: LifecycleTransition) -> Machine {
        record(state, &transition);
        let real = calls::call(&machine.0, &transition);
        compare::outcomes(&transition, &state.outcome, &real);
        compare::views(&View::of(&state.model), &calls::view(&machine.0));
        machine
    }
}
