//! The reference of two mailboxes side by side, each with a model of its own (MB-14).

use alys_models::mailbox::{Consumer, Transition};
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest_state_machine::ReferenceStateMachine;

use super::{
    generate::{Next, Start},
    reference::{HandReference, State},
};

/// Two models that know nothing of each other.
#[derive(Clone, Debug)]
pub struct PairState {
    /// One model a side.
    pub sides: [State; 2],
}

/// The reference state machine of a pair: a transition is made at one side.
#[derive(Clone, Copy, Debug)]
pub struct PairReference;

impl ReferenceStateMachine for PairReference {
    type State = PairState;
    type Transition = (usize, Transition);

    fn init_state() -> BoxedStrategy<PairState> {
        let side = || Start(Consumer::Hand);
        (side(), side()).prop_map(|(left, right)| PairState { sides: [left, right] }).boxed()
    }

    fn transitions(state: &PairState) -> BoxedStrategy<(usize, Transition)> {
        let [left, right] =
            [0, 1].map(|side| Next::after(&state.sides[side]).prop_map(move |next| (side, next)));
        proptest::prop_oneof![left, right].boxed()
    }

    fn preconditions(state: &PairState, (side, transition): &(usize, Transition)) -> bool {
        HandReference::preconditions(&state.sides[*side], transition)
    }

    fn apply(mut state: PairState, (side, transition): &(usize, Transition)) -> PairState {
        let stepped = state.sides[*side].clone().step(transition);
        state.sides[*side] = stepped;
        state
    }
}
