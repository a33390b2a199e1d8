//! The adapter: every transition goes to the model and to a ring, and everything is compared after it.

use alys_models::ring::{RingModel, RingTransition as T};
use proptest_state_machine::StateMachineTest;

use super::{Ring, RingReference, State, faulty::planted};
use crate::{trace::note, violation::check_eq};

/// The ring beside its model; with `FAULTY`, with the fault that is planted on this thread.
#[derive(Clone, Copy, Debug)]
pub struct Machine<const FAULTY: bool>;

impl<const FAULTY: bool> StateMachineTest for Machine<FAULTY> {
    type SystemUnderTest = Ring;
    type Reference = RingReference;

    fn init_test(state: &State) -> Ring {
        Ring::new(state.model.capacity(), if FAULTY { planted() } else { None })
    }

    fn apply(mut ring: Ring, state: &State, transition: T) -> Ring {
        check(&mut ring, state, transition);
        ring
    }
}

/// Makes a call and holds the ring to the model.
///
/// # Panics
///
/// Raises a violation where they differ.
#[inline]
pub fn check(ring: &mut Ring, state: &State, transition: T) {
    let answer = ring.call(transition);
    note("answer", &state.outcome, &answer);
    check_eq(rule_of(transition), "the answer", &state.outcome, &answer);
    look(ring, &state.model);
}

/// The law that another answer breaks.
fn rule_of(transition: T) -> &'static str {
    match transition {
        T::Push(_) => "RB-1",
        T::Pop | T::Peek(_) => "RB-2",
        T::Clear => "RB-3",
        T::Resize(_) => "RB-4",
    }
}

/// Compares everything that can be seen.
fn look(ring: &Ring, model: &RingModel) {
    check_eq("RB-4", "the capacity", &model.capacity(), &ring.capacity());
    check_eq("RB-3", "the generation", &model.generation(), &ring.generation());
    if !ring.items().eq(model.items().iter().copied()) {
        check_eq("RB-2", "what is in the ring", model.items(), &*ring.items().collect::<Vec<_>>());
    }
}
