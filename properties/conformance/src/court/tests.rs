use alys_properties::{sequential::Suite, small::Small};
use proptest::strategy::{BoxedStrategy, Just, Strategy as _};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{Docket, Verdict, judge, may_go_on};
use crate::clause::{CONSERVED, END, FIFO, WAKES};

/// One transition after the other, and nothing to it.
#[derive(Debug)]
struct Steps;

impl ReferenceStateMachine for Steps {
    type State = ();
    type Transition = ();

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn apply((): (), (): &()) {}
}

impl Small for Steps {}

/// Panics by itself in the third step.
struct Panicking(u32);

impl StateMachineTest for Panicking {
    type SystemUnderTest = Self;
    type Reference = Steps;

    fn init_test((): &()) -> Self {
        Panicking(0)
    }

    fn apply(mut state: Self, (): &(), (): ()) -> Self {
        state.0 += 1;
        assert!(state.0 < 3, "too much");
        state
    }
}

/// Differs in the third step, by a clause that does not apply.
struct Differing(u32);

impl StateMachineTest for Differing {
    type SystemUnderTest = Self;
    type Reference = Steps;

    fn init_test((): &()) -> Self {
        Differing(0)
    }

    fn apply(mut state: Self, (): &(), (): ()) -> Self {
        state.0 += 1;
        if state.0 == 3 {
            may_go_on(&vec![(&WAKES, "it sleeps".to_owned())]);
        }
        state
    }
}

const SUITE: Suite = Suite { name: "court", test_path: "court", cases: 50, transitions: 1..=6 };

#[test]
fn a_panic_that_no_clause_claims_breaks_none() {
    let verdict = judge::<Panicking>(&SUITE, Docket::new(&FIFO, vec![&FIFO], &FIFO));
    match &verdict {
        Verdict::Stopped(found) => {
            assert!(found.steps.len() == 3 && found.message.contains("too much"), "{found}")
        }
        other => panic!("{other:?}"),
    }
    assert!(verdict.applies() && !verdict.holds());
}

#[test]
fn a_difference_of_no_clause_that_applies_breaks_the_one_that_always_does() {
    let docket = |judged| Docket::new(judged, vec![&FIFO, &CONSERVED], &CONSERVED);
    assert!(matches!(judge::<Differing>(&SUITE, docket(&CONSERVED)), Verdict::Broken(_)));
    let masked = Verdict::Masked { by: CONSERVED.name.to_owned(), met: 0 };
    assert_eq!(judge::<Differing>(&SUITE, docket(&FIFO)), masked);
    let alone = Docket::new(&END, vec![&END], &CONSERVED);
    assert!(matches!(judge::<Differing>(&SUITE, alone), Verdict::Broken(_)));
}
