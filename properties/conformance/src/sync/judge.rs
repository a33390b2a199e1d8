//! Judges sync engines: clause by clause, or one case again.

use std::fmt;

use alys_properties::sequential::Suite;
use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest as _};

use super::{
    capabilities::SyncCapabilities,
    clauses::{REACHES, SyncClause, sync_clauses},
    machine::{Case, Cases, Machine, set_brief},
    steps::{SyncStart, SyncStep},
    subject::{SyncParameters, SyncUnderTest},
    world::RootOf,
};
use crate::{
    clause::Clause,
    court::{self, Docket, Replayed, Verdict},
    report::Report,
};

/// An implementation as a value.
#[derive(Clone)]
pub struct SyncSubject {
    pub(super) name: String,
    pub(super) capabilities: SyncCapabilities,
    pub(super) cases: u32,
    pub(super) root: RootOf,
    pub(super) make: fn(&SyncParameters) -> Result<Box<dyn SyncUnderTest>, String>,
}

impl fmt::Debug for SyncSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncSubject").field("name", &self.name).finish_non_exhaustive()
    }
}

impl SyncSubject {
    /// The implementation behind an adapter.
    #[must_use]
    pub fn of<S: SyncUnderTest + 'static>() -> Self {
        SyncSubject {
            name: S::name(),
            capabilities: S::capabilities(),
            cases: S::cases(),
            root: S::root,
            make: |parameters| Ok(Box::new(S::make(parameters)?)),
        }
    }
}

/// Judges every clause of an implementation.
#[must_use]
pub fn judge_sync<S: SyncUnderTest + 'static>() -> Report {
    let subject = SyncSubject::of::<S>();
    let verdicts =
        sync_clauses().into_iter().map(|clause| (clause.clause, judge_sync_subject(&subject, &clause)));
    Report { name: subject.name.clone(), verdicts: verdicts.collect() }
}

/// Judges one clause: what breaks none that applies breaks that the honest tip is reached.
#[must_use]
pub fn judge_sync_subject(subject: &SyncSubject, clause: &SyncClause) -> Verdict {
    if let Some(missing) = (clause.missing)(&subject.capabilities) {
        return Verdict::NotApplicable { missing };
    }
    set_brief(subject.clone());
    let name = clause.clause.name;
    let suite = Suite { name, test_path: name, cases: subject.cases, transitions: 3..=14 };
    court::judge::<Machine>(&suite, docket(&subject.capabilities, clause.clause))
}

fn docket(able: &SyncCapabilities, judged: &'static Clause) -> Docket {
    let applicable = sync_clauses().into_iter().filter(|clause| (clause.missing)(able).is_none());
    Docket::new(judged, applicable.map(|clause| clause.clause).collect(), &REACHES)
}

fn clause_of(name: &str) -> SyncClause {
    let found = sync_clauses().into_iter().find(|clause| clause.clause.name == name);
    found.unwrap_or_else(|| panic!("there is no clause {name}"))
}

/// Runs one case again, from this beginning, for the clause of this name, and says what it judged.
///
/// # Panics
///
/// When there is no clause of this name.
#[must_use]
pub fn replay_sync<S: SyncUnderTest + 'static>(name: &str, start: SyncStart, steps: &[SyncStep]) -> Replayed {
    let SyncClause { clause, missing } = clause_of(name);
    let subject = SyncSubject::of::<S>();
    if let Some(missing) = missing(&subject.capabilities) {
        return Replayed::NotApplicable { missing };
    }
    let docket = docket(&subject.capabilities, clause);
    set_brief(subject.clone());
    court::replay(docket, || {
        let mut case = Case::new(subject, start);
        let made = Machine::init_test(&case);
        let end = steps.iter().fold(made, |machine, step| {
            case = Cases::apply(case.clone(), step);
            Machine::apply(machine, &case, *step)
        });
        Machine::teardown(end, case);
    })
}

/// Judges one clause by its name, as a test.
///
/// # Panics
///
/// When there is no clause of this name, and when it applies and does not hold.
pub fn expect_sync_clause<S: SyncUnderTest + 'static>(name: &str) {
    let clause = clause_of(name);
    let verdict = judge_sync_subject(&SyncSubject::of::<S>(), &clause);
    court::expect(&S::name(), clause.clause, &verdict);
}

/// Fails when no clause applies: a suite that judges nothing has not passed.
///
/// # Panics
///
/// When the capabilities leave nothing to judge.
pub fn expect_some_sync_rule_applies<S: SyncUnderTest + 'static>() {
    let able = S::capabilities();
    let applies = sync_clauses().iter().any(|clause| (clause.missing)(&able).is_none());
    assert!(applies, "{}: no rule applies", S::name());
}
