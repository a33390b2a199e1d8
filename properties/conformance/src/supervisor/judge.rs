//! Judges supervisors: clause by clause, or one case again.

use std::fmt;

use alys_properties::sequential::Suite;
use proptest_state_machine::StateMachineTest as _;

use super::{
    capabilities::SupervisorCapabilities,
    clauses::{SILENT, SupervisorClause, supervisor_clauses},
    life::Watch,
    machine::{Brief, Case, Machine, set_brief},
    steps::SupervisorStep,
    subject::{SupervisorParameters, SupervisorUnderTest},
};
use crate::{
    clause::Clause,
    court::{self, Docket, Replayed, Verdict},
    report::Report,
};

/// The cases of a clause: fewer than for a mailbox, since each is a runtime with actors on it.
const CASES: u32 = 600;

/// An implementation as a value.
#[derive(Clone)]
pub struct SupervisorSubject {
    pub(super) name: String,
    pub(super) capabilities: SupervisorCapabilities,
    pub(super) make: fn(&SupervisorParameters, &Watch) -> Box<dyn SupervisorUnderTest>,
}

impl fmt::Debug for SupervisorSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SupervisorSubject").field("name", &self.name).finish_non_exhaustive()
    }
}

impl SupervisorSubject {
    /// The implementation behind an adapter.
    #[must_use]
    pub fn of<S: SupervisorUnderTest + 'static>() -> Self {
        SupervisorSubject {
            name: S::name(),
            capabilities: S::capabilities(),
            make: |parameters, watch| Box::new(S::make(parameters, watch)),
        }
    }
}

/// Judges every clause of an implementation.
#[must_use]
pub fn judge_supervisor<S: SupervisorUnderTest + 'static>() -> Report {
    let subject = SupervisorSubject::of::<S>();
    let verdicts = supervisor_clauses()
        .into_iter()
        .map(|clause| (clause.clause, judge_supervisor_subject(&subject, &clause)));
    Report { name: subject.name.clone(), verdicts: verdicts.collect() }
}

/// Judges one clause: what breaks none that applies breaks SV-1.
#[must_use]
pub fn judge_supervisor_subject(subject: &SupervisorSubject, clause: &SupervisorClause) -> Verdict {
    if let Some(missing) = (clause.missing)(&subject.capabilities) {
        return Verdict::NotApplicable { missing };
    }
    set_brief(Brief { subject: subject.clone(), clause: clause.clause });
    let suite =
        Suite { name: clause.clause.name, test_path: clause.clause.name, cases: CASES, transitions: 1..=24 };
    court::judge::<Machine>(&suite, docket(&subject.capabilities, clause.clause))
}

fn docket(able: &SupervisorCapabilities, judged: &'static Clause) -> Docket {
    let applicable = supervisor_clauses().into_iter().filter(|clause| (clause.missing)(able).is_none());
    Docket::new(judged, applicable.map(|clause| clause.clause).collect(), &SILENT)
}

fn clause_of(name: &str) -> SupervisorClause {
    let found = supervisor_clauses().into_iter().find(|clause| clause.clause.name == name);
    found.unwrap_or_else(|| panic!("there is no clause {name}"))
}

/// Runs one case again, for the clause of this name, and says what it judged.
///
/// # Panics
///
/// When there is no clause of this name.
#[must_use]
pub fn replay_supervisor<S: SupervisorUnderTest + 'static>(
    name: &str,
    parameters: &SupervisorParameters,
    steps: &[SupervisorStep],
) -> Replayed {
    let SupervisorClause { clause, missing } = clause_of(name);
    let subject = SupervisorSubject::of::<S>();
    if let Some(missing) = missing(&subject.capabilities) {
        return Replayed::NotApplicable { missing };
    }
    let case = Case { subject: subject.clone(), parameters: parameters.clone() };
    let docket = docket(&subject.capabilities, clause);
    set_brief(Brief { subject, clause });
    court::replay(docket, || {
        let made = Machine::init_test(&case);
        let end = steps.iter().fold(made, |machine, step| Machine::apply(machine, &case, *step));
        Machine::teardown(end, case.clone());
    })
}

/// Judges one clause by its name, as a test.
///
/// # Panics
///
/// When there is no clause of this name, and when it applies and does not hold.
pub fn expect_supervisor_clause<S: SupervisorUnderTest + 'static>(name: &str) {
    let clause = clause_of(name);
    let verdict = judge_supervisor_subject(&SupervisorSubject::of::<S>(), &clause);
    court::expect(&S::name(), clause.clause, &verdict);
}

/// Fails when no clause applies: a suite that judges nothing has not passed.
///
/// # Panics
///
/// When the capabilities leave nothing to judge.
pub fn expect_some_supervisor_rule_applies<S: SupervisorUnderTest + 'static>() {
    let able = S::capabilities();
    let applies = supervisor_clauses().iter().any(|clause| (clause.missing)(&able).is_none());
    assert!(applies, "{}: no rule applies", S::name());
}
