//! The kit's cases as the sequential engine wants them.
//!
//! A step names what is there by position, and one that has nothing to work on does nothing. So every sequence can be run,
//! whatever an implementation answered before, and the minimiser is free, within what the capabilities name.

use std::{cell::RefCell, fmt};

use alys_properties::{
    small::Small,
    violation::{caught, guarded},
};
use proptest::strategy::{BoxedStrategy, Strategy as _};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{
    bench::Bench,
    generate::{self, Next, Start},
    operation::{self, Step},
    subject::{Parameters, Subject},
};
use crate::{
    clause::{CAPACITY, Clause, JudgedBy, ZERO},
    court,
};

/// Whom the cases of this thread are about.
#[derive(Clone, Debug)]
pub(super) struct Brief {
    pub(super) subject: Subject,
    pub(super) clause: &'static Clause,
    pub(super) judged_by: JudgedBy,
}

thread_local! {
    static BRIEF: RefCell<Option<Brief>> = const { RefCell::new(None) };
}

/// Takes up a case of this thread.
pub(super) fn set_brief(brief: Brief) {
    BRIEF.set(Some(brief));
}

/// Whom the cases are about.
pub(super) fn brief() -> Brief {
    BRIEF.with_borrow(Clone::clone).expect("a clause is judged only after it was taken up")
}

/// The beginning of a case, and what its steps are drawn from.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) subject: Subject,
    pub(super) parameters: Parameters,
    pub(super) by_model: bool,
    pub(super) weights: [u16; generate::KINDS],
    /// How many lanes the steps use.
    pub(super) lanes: u8,
}

impl Case {
    pub(super) fn new(
        subject: Subject,
        parameters: Parameters,
        by_model: bool,
        weights: [u16; generate::KINDS],
    ) -> Self {
        let lanes = subject.capabilities.lanes;
        Case { subject, parameters, by_model, weights, lanes }
    }

    fn with(&self, parameters: Parameters) -> Self {
        Case { parameters, ..self.clone() }
    }
}

impl fmt::Debug for Case {
    /// Only what the mailbox is made from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parameters.fmt(f)
    }
}

/// Cases of mailboxes; every step that the capabilities name is allowed everywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cases;

impl ReferenceStateMachine for Cases {
    type State = Case;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Case> {
        Start.boxed()
    }

    fn transitions(case: &Case) -> BoxedStrategy<Step> {
        Next::of(case).boxed()
    }

    fn preconditions(case: &Case, step: &Step) -> bool {
        operation::is_possible(&case.subject.capabilities, step)
            && operation::is_followed(case.by_model, step)
    }

    fn apply(case: Case, _: &Step) -> Case {
        case
    }
}

impl Small for Cases {
    fn simpler_starts(case: &Case) -> Vec<Case> {
        operation::simpler_starts(&case.parameters).into_iter().map(|other| case.with(other)).collect()
    }

    fn simpler(step: &Step) -> Vec<Step> {
        operation::simpler(step)
    }

    fn starts() -> Vec<Case> {
        let brief = brief();
        let able = brief.subject.capabilities;
        let by_model = brief.judged_by == JudgedBy::Model || !able.has_a_ledger();
        let capacity = if able.policies.is_empty() { super::UNBOUNDED } else { 1 };
        let parameters = Parameters {
            capacity,
            policy: operation::plainest(&able),
            aging: None,
            thresholds: generate::THRESHOLDS,
            eager: by_model,
        };
        let weights = generate::weights(&able, by_model);
        let case = Case::new(brief.subject, parameters, by_model, weights);
        vec![case]
    }

    fn alphabet(case: &Case) -> Vec<Step> {
        operation::alphabet(&case.subject.capabilities)
    }
}

/// A mailbox under test beside its judge; nothing once a case has ended without a verdict.
#[derive(Debug)]
pub(super) struct Machine(Option<Bench>);

impl StateMachineTest for Machine {
    type SystemUnderTest = Machine;
    type Reference = Cases;

    fn init_test(case: &Case) -> Machine {
        // A panic is a refusal, as the trait says.
        let made = caught(|| (case.subject.make)(&case.parameters)).ok().flatten();
        if case.parameters.capacity == 0 {
            court::met(&ZERO);
            // What should not be there may err while it is dropped, and then nothing of this would be told.
            let made = made.map(std::mem::forget).is_some();
            let message = "a mailbox of capacity 0 is made, not refused";
            court::may_go_on(&made.then(|| (&ZERO, message.to_owned())).into_iter().collect());
            return Machine(None);
        }
        if made.is_none() {
            let refused = format!("a mailbox with {:?} is refused", case.parameters);
            court::may_go_on(&vec![(&CAPACITY, refused)]);
        }
        Machine(made.map(|made| Bench::new(made, case)))
    }

    fn apply(machine: Machine, _: &Case, step: Step) -> Machine {
        guarded(machine, |machine| {
            if let Some(bench) = &mut machine.0 {
                let differences = bench.step(step);
                if !court::may_go_on(&differences) {
                    // What has erred may err again while it is dropped.
                    std::mem::forget(machine.0.take());
                }
            }
        })
    }

    fn teardown(machine: Machine, _: Case) {
        if let Some(bench) = machine.0 {
            court::may_go_on(&bench.end());
        }
    }
}
