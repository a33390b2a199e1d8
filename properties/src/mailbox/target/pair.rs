//! Two mailboxes side by side: what happens at one must not be felt at the other (MB-14).

use alys_models::mailbox::Transition;
use proptest_state_machine::StateMachineTest;

use super::hand::Hand;
use crate::{
    mailbox::{PairReference, PairState},
    violation::caught,
};

/// Two real mailboxes, each held to a model of its own.
#[derive(Debug)]
pub struct Pair {
    // Taken out while a step is made, since a step takes the adapter by value.
    sides: [Option<Hand>; 2],
}

impl StateMachineTest for Pair {
    type SystemUnderTest = Pair;
    type Reference = PairReference;

    fn init_test(state: &PairState) -> Pair {
        Pair { sides: [0, 1].map(|side| Some(Hand::init_test(&state.sides[side]))) }
    }

    fn apply(mut pair: Pair, state: &PairState, (side, transition): (usize, Transition)) -> Pair {
        let hand = pair.sides[side].take();
        pair.sides[side] = hand.map(|hand| Hand::apply(hand, &state.sides[side], transition));
        // The other one as well: nothing may have changed there.
        let other = 1 - side;
        if let Some(hand) = &pair.sides[other]
            && let Err(message) = caught(|| hand.check_stillness(&state.sides[other].model))
        {
            crate::violation::violated(
                "MB-14",
                format!("a step at mailbox {side} changed mailbox {other}: {message}"),
            );
        }
        pair
    }

    fn teardown(pair: Pair, state: PairState) {
        for (hand, state) in pair.sides.into_iter().zip(state.sides) {
            if let Some(hand) = hand {
                Hand::teardown(hand, state);
            }
        }
    }
}
