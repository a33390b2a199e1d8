//! Judges chain stores: clause by clause, or one case again.

use std::fmt;

use alys_properties::sequential::Suite;
use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest as _};

use super::{
    capabilities::ChainCapabilities,
    clauses::{ChainClause, SHOWN, chain_clauses},
    machine::{Brief, Case, Cases, Machine, set_brief},
    steps::ChainStep,
    subject::{ChainParameters, ChainStoreUnderTest},
    words::Root,
};
use crate::{
    clause::Clause,
    court::{self, Docket, Replayed, Verdict},
    report::Report,
};

/// An implementation as a value.
#[derive(Clone)]
pub struct ChainSubject {
    pub(super) name: String,
    pub(super) capabilities: ChainCapabilities,
    pub(super) cases: u32,
    pub(super) root: fn(u8, &Root, u64, u64) -> Root,
    pub(super) open: fn(&ChainParameters) -> Result<Box<dyn ChainStoreUnderTest>, String>,
}

impl fmt::Debug for ChainSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChainSubject").field("name", &self.name).finish_non_exhaustive()
    }
}

impl ChainSubject {
    /// The implementation behind an adapter.
    #[must_use]
    pub fn of<S: ChainStoreUnderTest + 'static>() -> Self {
        ChainSubject {
            name: S::name(),
            capabilities: S::capabilities(),
            cases: S::cases(),
            root: S::root,
            open: |parameters| Ok(Box::new(S::open(parameters)?)),
        }
    }
}

/// Judges every clause of an implementation.
#[must_use]
pub fn judge_chain_store<S: ChainStoreUnderTest + 'static>() -> Report {
    let subject = ChainSubject::of::<S>();
    let verdicts =
        chain_clauses().into_iter().map(|clause| (clause.clause, judge_chain_subject(&subject, &clause)));
    Report { name: subject.name.clone(), verdicts: verdicts.collect() }
}

/// Judges one clause: what breaks none that applies breaks that what is acknowledged is shown.
#[must_use]
pub fn judge_chain_subject(subject: &ChainSubject, clause: &ChainClause) -> Verdict {
    if let Some(missing) = (clause.missing)(&subject.capabilities) {
        return Verdict::NotApplicable { missing };
    }
    set_brief(Brief { subject: subject.clone() });
    let name = clause.clause.name;
    let suite = Suite { name, test_path: name, cases: subject.cases, transitions: 8..=32 };
    court::judge::<Machine>(&suite, docket(&subject.capabilities, clause.clause))
}

fn docket(able: &ChainCapabilities, judged: &'static Clause) -> Docket {
    let applicable = chain_clauses().into_iter().filter(|clause| (clause.missing)(able).is_none());
    Docket::new(judged, applicable.map(|clause| clause.clause).collect(), &SHOWN)
}

fn clause_of(name: &str) -> ChainClause {
    let found = chain_clauses().into_iter().find(|clause| clause.clause.name == name);
    found.unwrap_or_else(|| panic!("there is no clause {name}"))
}

/// Runs one case again, with checkpoints at this interval, for the clause of this name, and says what it judged.
///
/// # Panics
///
/// When there is no clause of this name.
#[must_use]
pub fn replay_chain_store<S: ChainStoreUnderTest + 'static>(
    name: &str,
    interval: u64,
    steps: &[ChainStep],
) -> Replayed {
    let ChainClause { clause, missing } = clause_of(name);
    let subject = ChainSubject::of::<S>();
    if let Some(missing) = missing(&subject.capabilities) {
        return Replayed::NotApplicable { missing };
    }
    let docket = docket(&subject.capabilities, clause);
    set_brief(Brief { subject: subject.clone() });
    court::replay(docket, || {
        let mut case = Case::new(subject, interval);
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
pub fn expect_chain_clause<S: ChainStoreUnderTest + 'static>(name: &str) {
    let clause = clause_of(name);
    let verdict = judge_chain_subject(&ChainSubject::of::<S>(), &clause);
    court::expect(&S::name(), clause.clause, &verdict);
}

/// Fails when no clause applies: a suite that judges nothing has not passed.
///
/// # Panics
///
/// When the capabilities leave nothing to judge.
pub fn expect_some_chain_rule_applies<S: ChainStoreUnderTest + 'static>() {
    let able = S::capabilities();
    let applies = chain_clauses().iter().any(|clause| (clause.missing)(&able).is_none());
    assert!(applies, "{}: no rule applies", S::name());
}
