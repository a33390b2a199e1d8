//! The cases about sync engines as the sequential engine wants them: every step that the capabilities name is allowed
//! everywhere.

use std::{cell::RefCell, collections::BTreeMap, fmt};

use alys_properties::{
    small::Small,
    violation::{caught, guarded},
};
use proptest::strategy::{BoxedStrategy, Strategy as _};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{
    bench::Bench,
    clauses::REACHES,
    generate::{Beginning, Next},
    judge::SyncSubject,
    steps::{self, Behaviour, PLAIN_START, SyncStart, SyncStep},
};
use crate::court::{self, Differences};

thread_local! {
    static BRIEF: RefCell<Option<SyncSubject>> = const { RefCell::new(None) };
}

/// Takes up whom the cases of this thread are about.
pub(super) fn set_brief(subject: SyncSubject) {
    BRIEF.set(Some(subject));
}

/// Whom the cases are about.
pub(super) fn brief() -> SyncSubject {
    BRIEF.with_borrow(Clone::clone).expect("a clause is judged only after it was taken up")
}

/// The beginning of a case, and who has joined since: what comes next is drawn by that.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) subject: SyncSubject,
    pub(super) start: SyncStart,
    pub(super) joined: BTreeMap<u8, Behaviour>,
}

impl Case {
    pub(super) fn new(subject: SyncSubject, start: SyncStart) -> Self {
        let joined = (0..start.peers).map(|peer| (peer, Behaviour::Honest)).collect();
        Case { subject, start, joined }
    }
}

impl fmt::Debug for Case {
    /// Only what the engine is made from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.start)
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Cases;

impl ReferenceStateMachine for Cases {
    type State = Case;
    type Transition = SyncStep;

    fn init_state() -> BoxedStrategy<Case> {
        Beginning.boxed()
    }

    fn transitions(case: &Case) -> BoxedStrategy<SyncStep> {
        Next(case.clone()).boxed()
    }

    fn preconditions(case: &Case, step: &SyncStep) -> bool {
        steps::is_possible(&case.subject.capabilities, *step)
    }

    fn apply(mut case: Case, step: &SyncStep) -> Case {
        match *step {
            SyncStep::Join(peer, behaviour) => _ = case.joined.insert(peer, behaviour),
            SyncStep::Become(peer, behaviour) if case.joined.contains_key(&peer) => {
                case.joined.insert(peer, behaviour);
            }
            SyncStep::Leave(peer) => _ = case.joined.remove(&peer),
            _ => {}
        }
        case
    }
}

impl Small for Cases {
    // A candidate takes minutes of virtual time.
    const RUNS_MAX: usize = 300;
    const SEARCHED_MAX: usize = 600;

    fn simpler_starts(case: &Case) -> Vec<Case> {
        let starts = steps::simpler_starts(&case.start).into_iter();
        starts.map(|start| Case::new(case.subject.clone(), start)).collect()
    }

    fn simpler(step: &SyncStep) -> Vec<SyncStep> {
        steps::simpler(*step)
    }

    fn starts() -> Vec<Case> {
        vec![Case::new(brief(), PLAIN_START)]
    }

    fn alphabet(_: &Case) -> Vec<SyncStep> {
        steps::alphabet()
    }
}

/// An engine among its peers; nothing once a case has ended without a verdict.
#[derive(Debug)]
pub(super) struct Machine(Option<Bench>);

/// What panics belongs to the clause that always applies: no tip is reached.
fn panics(what: &str, panic: &str) -> Differences {
    vec![(&REACHES, format!("{what} panics: {panic}"))]
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Machine;
    type Reference = Cases;

    fn init_test(case: &Case) -> Machine {
        let differences = match caught(|| Bench::new(&case.subject, &case.start)) {
            Ok(Ok((bench, differences))) => {
                return Machine(court::may_go_on(&differences).then_some(bench));
            }
            Ok(Err(error)) => vec![(&REACHES, format!("it cannot be made: {error}"))],
            Err(panic) => panics("making it", &panic),
        };
        court::may_go_on(&differences);
        Machine(None)
    }

    fn apply(machine: Machine, _: &Case, step: SyncStep) -> Machine {
        guarded(machine, |machine| {
            let Some(bench) = &mut machine.0 else { return };
            let made = caught(|| bench.step(step));
            let differences = made.unwrap_or_else(|panic| panics(&format!("{step:?}"), &panic));
            if !court::may_go_on(&differences) {
                // What it does while it is dropped is not judged any more.
                std::mem::forget(machine.0.take());
            }
        })
    }

    fn teardown(machine: Machine, _: Case) {
        if let Err(panic) = caught(|| drop(machine)) {
            court::may_go_on(&panics("dropping it", &panic));
        }
    }
}
