//! The cases about supervisors as the sequential engine wants them: every step that the capabilities name is allowed everywhere.

use std::{cell::RefCell, fmt};

use alys_models::supervision::ModelGroup;
use alys_properties::{small::Small, violation::guarded};
use proptest::strategy::{BoxedStrategy, Strategy as _};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{
    bench::Bench,
    generate::{self, Next, Start},
    judge::SupervisorSubject,
    steps::{self, SupervisorStep},
    subject::SupervisorParameters,
};
use crate::{clause::Clause, court};

/// Whom the cases of this thread are about.
#[derive(Clone, Debug)]
pub(super) struct Brief {
    pub(super) subject: SupervisorSubject,
    pub(super) clause: &'static Clause,
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

/// The beginning of a case.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) subject: SupervisorSubject,
    pub(super) parameters: SupervisorParameters,
}

impl fmt::Debug for Case {
    /// Only what the supervisor is made from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parameters.fmt(f)
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Cases;

impl ReferenceStateMachine for Cases {
    type State = Case;
    type Transition = SupervisorStep;

    fn init_state() -> BoxedStrategy<Case> {
        Start.boxed()
    }

    fn transitions(case: &Case) -> BoxedStrategy<SupervisorStep> {
        Next { able: case.subject.capabilities, children: case.parameters.children.len() }.boxed()
    }

    fn preconditions(case: &Case, step: &SupervisorStep) -> bool {
        steps::is_possible(&case.subject.capabilities, *step)
    }

    fn apply(case: Case, _: &SupervisorStep) -> Case {
        case
    }
}

impl Small for Cases {
    // Each is a runtime with real actors on it.
    const SEARCHED_MAX: usize = 3_000;

    fn simpler_starts(case: &Case) -> Vec<Case> {
        let simpler = generate::simpler_starts(&case.subject.capabilities, &case.parameters);
        simpler.into_iter().map(|parameters| Case { parameters, ..case.clone() }).collect()
    }

    fn simpler(step: &SupervisorStep) -> Vec<SupervisorStep> {
        steps::simpler(*step)
    }

    fn starts() -> Vec<Case> {
        let parameters = SupervisorParameters {
            children: vec![super::ModelStrategy::Always],
            group: ModelGroup::OneForOne,
            max_restarts: 1,
            window: 1,
            above: None,
        };
        vec![Case { subject: brief().subject, parameters }]
    }

    fn alphabet(_: &Case) -> Vec<SupervisorStep> {
        steps::alphabet()
    }
}

/// A supervisor beside the model; nothing once a case has ended without a verdict.
#[derive(Debug)]
pub(super) struct Machine(Option<Bench>);

impl StateMachineTest for Machine {
    type SystemUnderTest = Machine;
    type Reference = Cases;

    fn init_test(case: &Case) -> Machine {
        let (bench, differences) = Bench::new(&case.subject, &case.parameters);
        court::may_go_on(&differences);
        Machine(bench)
    }

    fn apply(machine: Machine, _: &Case, step: SupervisorStep) -> Machine {
        guarded(machine, |machine| {
            let Some(bench) = &mut machine.0 else { return };
            if !court::may_go_on(&bench.step(step)) {
                // What it says while it is dropped is not judged any more.
                machine.0.take().map(Bench::end);
            }
        })
    }

    fn teardown(machine: Machine, _: Case) {
        if let Some(bench) = machine.0 {
            court::may_go_on(&bench.end());
        }
    }
}
