//! The cases about chain stores as the sequential engine wants them: every step that the capabilities name is allowed
//! everywhere.

use std::{cell::RefCell, fmt};

use alys_properties::{
    small::Small,
    violation::{caught, guarded},
};
use proptest::strategy::{BoxedStrategy, Strategy as _};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::{
    bench::Bench,
    clauses::SHOWN,
    generate::{Next, Start},
    judge::ChainSubject,
    steps::{self, Act, ChainStep, Offer},
};
use crate::{clause::Clause, court};

/// Whom the cases of this thread are about.
#[derive(Clone, Debug)]
pub(super) struct Brief {
    pub(super) subject: ChainSubject,
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

/// The beginning of a case, and what was offered since.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) subject: ChainSubject,
    pub(super) interval: u64,
    /// What was offered, the genesis first: what comes next is drawn by it.
    pub(super) book: Vec<Offer>,
    /// The block that was last told to be the tip, or offered where none is told: what is to be final is drawn near it.
    pub(super) tip: u8,
    /// The block that was last told to be final.
    pub(super) settled: u8,
    /// Whether checkpoints were damaged since they were rebuilt last.
    pub(super) harmed: bool,
}

/// The offer that the genesis stands for.
pub(super) const GENESIS: Offer = Offer { block: 0, parent: 0, height: 0, slot: 0 };

impl Case {
    pub(super) fn new(subject: ChainSubject, interval: u64) -> Self {
        Case { subject, interval, book: vec![GENESIS], tip: 0, settled: 0, harmed: false }
    }
}

impl fmt::Debug for Case {
    /// Only what the store is made from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "interval {}", self.interval)
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Cases;

impl ReferenceStateMachine for Cases {
    type State = Case;
    type Transition = ChainStep;

    fn init_state() -> BoxedStrategy<Case> {
        Start.boxed()
    }

    fn transitions(case: &Case) -> BoxedStrategy<ChainStep> {
        Next(case.clone()).boxed()
    }

    fn preconditions(case: &Case, step: &ChainStep) -> bool {
        steps::is_possible(&case.subject.capabilities, *step)
    }

    fn apply(mut case: Case, step: &ChainStep) -> Case {
        match step {
            ChainStep::Harm(..) => case.harmed = true,
            ChainStep::Rebuild => case.harmed = false,
            _ => {}
        }
        match step.act() {
            Some(Act::Insert(offer)) if case.book.iter().all(|other| other.block != offer.block) => {
                case.book.push(offer);
                if case.subject.capabilities.chooses() {
                    case.tip = offer.block;
                }
            }
            Some(Act::Move(block)) => case.tip = block,
            Some(Act::Finalise(block)) => case.settled = block,
            _ => {}
        }
        case
    }
}

impl Small for Cases {
    // A candidate may take a database.
    const RUNS_MAX: usize = 1_500;
    const SEARCHED_MAX: usize = 5_000;

    fn simpler_starts(case: &Case) -> Vec<Case> {
        (1..case.interval).map(|interval| Case { interval, ..case.clone() }).collect()
    }

    fn simpler(step: &ChainStep) -> Vec<ChainStep> {
        steps::simpler(*step)
    }

    fn starts() -> Vec<Case> {
        vec![Case::new(brief().subject, 1)]
    }

    fn alphabet(_: &Case) -> Vec<ChainStep> {
        steps::alphabet()
    }
}

/// A store beside the model; nothing once a case has ended without a verdict.
#[derive(Debug)]
pub(super) struct Machine(Option<Bench>);

/// What panics belongs to the clause that always applies: nothing is shown.
fn panics(what: &str, panic: &str) -> Vec<(&'static Clause, String)> {
    vec![(&SHOWN, format!("{what} panics: {panic}"))]
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Machine;
    type Reference = Cases;

    fn init_test(case: &Case) -> Machine {
        let made = caught(|| Bench::new(&case.subject, case.interval));
        let differences = match made {
            Ok(Ok((bench, differences))) => {
                return Machine(court::may_go_on(&differences).then_some(bench));
            }
            Ok(Err(error)) => vec![(&SHOWN, format!("a new store cannot be opened: {error}"))],
            Err(panic) => panics("opening it", &panic),
        };
        court::may_go_on(&differences);
        Machine(None)
    }

    fn apply(machine: Machine, _: &Case, step: ChainStep) -> Machine {
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
