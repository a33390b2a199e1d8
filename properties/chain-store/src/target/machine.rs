//! The store as a state machine test.

use alys_engines::{
    crash,
    violation::{check_eq, violated},
};
use alys_models::chain_store::{Outcome, Refusal, Transition};
use proptest_state_machine::StateMachineTest;

use super::{adapter::Chain, compare::compare, disk::Syncs};
use crate::reference::{State, StoreReference};

/// How many numbers of blocks are asked for beyond those that a case names.
const ASKED_BEYOND: u32 = 3;

/// A store beside its model.
#[derive(Debug)]
pub struct Machine {
    chain: Chain,
    /// What the model held before.
    before: State,
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Self;
    type Reference = StoreReference<true>;

    fn init_test(state: &State) -> Self {
        let disk = crash::Disk::new();
        let chain = Chain::open(&disk, Syncs::Truly, state.held().interval)
            .unwrap_or_else(|error| violated("CH-8", format!("a new store cannot be made: {error}")));
        compare(&chain, state.held(), ASKED_BEYOND);
        Machine { chain, before: state.clone() }
    }

    fn apply(mut machine: Self, state: &State, transition: Transition) -> Self {
        let made = machine.chain.make(&transition, machine.before.held());
        let made = made.unwrap_or_else(|error| violated("CH-8", format!("{transition:?} fails: {error}")));
        check_eq(rule(&transition, state), "the answer", &state.outcome, &made);
        let asked = state.held().blocks.keys().last().map_or(0, |id| id + ASKED_BEYOND);
        compare(&machine.chain, state.held(), asked);
        machine.before = state.clone();
        machine
    }
}

/// Which rule a wrong answer breaks.
fn rule(transition: &Transition, state: &State) -> &'static str {
    match (transition, state.outcome) {
        (Transition::Vote { .. }, _) => "CH-5",
        (Transition::Anchor { .. }, _) => "CH-10",
        (_, Outcome::Refused(Refusal::CrossesFinalised)) => "CH-3",
        (_, Outcome::Refused(Refusal::Checkpoint(_))) | (Transition::Rebuild, _) => "CH-7",
        _ => "CH-8",
    }
}
