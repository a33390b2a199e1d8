//! Judges mailboxes: clause by clause, or one case again.

use alys_properties::sequential::Suite;
use proptest_state_machine::StateMachineTest as _;

use super::{
    generate,
    machine::{Brief, Case, Machine, set_brief},
    operation::Step,
    subject::{MailboxUnderTest, Parameters, Subject},
};
use crate::{
    capabilities::{Capabilities, evicts},
    clause::{CONSERVED, Clause, JudgedBy, MailboxClause, mailbox_clauses},
    court::{self, Docket, Replayed, Verdict},
    report::Report,
};

/// The cases of a clause.
const CASES: u32 = 1_500;

/// Judges every clause of an implementation.
#[must_use]
pub fn judge_mailbox<M: MailboxUnderTest + 'static>() -> Report {
    let subject = Subject::of::<M>();
    let verdicts =
        mailbox_clauses().into_iter().map(|clause| (clause.clause, judge_subject(&subject, &clause)));
    Report { name: subject.name.clone(), verdicts: verdicts.collect() }
}

/// Judges one clause: what breaks none that applies breaks MB-5.
#[must_use]
pub fn judge_subject(subject: &Subject, clause: &MailboxClause) -> Verdict {
    if let Some(missing) = (clause.missing)(&subject.capabilities) {
        return Verdict::NotApplicable { missing };
    }
    set_brief(Brief { subject: subject.clone(), clause: clause.clause, judged_by: clause.judged_by });
    let suite =
        Suite { name: clause.clause.name, test_path: clause.clause.name, cases: CASES, transitions: 1..=24 };
    court::judge::<Machine>(&suite, docket(&subject.capabilities, clause.clause))
}

fn clause_of(name: &str) -> MailboxClause {
    let found = mailbox_clauses().into_iter().find(|clause| clause.clause.name == name);
    found.unwrap_or_else(|| panic!("there is no clause {name}"))
}

fn docket(able: &Capabilities, judged: &'static Clause) -> Docket {
    let applicable = mailbox_clauses().into_iter().filter(|clause| (clause.missing)(able).is_none());
    Docket::new(judged, applicable.map(|clause| clause.clause).collect(), &CONSERVED)
}

/// Runs one case again, for the clause of this name, and says what it judged.
///
/// The parameters and the steps are what a counterexample shows; `eager` among the parameters says which judge it had.
///
/// # Panics
///
/// When there is no clause of this name.
#[must_use]
pub fn replay_mailbox<M: MailboxUnderTest + 'static>(
    name: &str,
    parameters: Parameters,
    steps: &[Step],
) -> Replayed {
    let MailboxClause { clause, missing, .. } = clause_of(name);
    // What evicts is followed by the model alone.
    let parameters = Parameters { eager: parameters.eager || evicts(parameters.policy), ..parameters };
    let subject = Subject::of::<M>();
    if let Some(missing) = missing(&subject.capabilities) {
        return Replayed::NotApplicable { missing };
    }
    let weights = generate::weights(&subject.capabilities, parameters.eager);
    let case = Case::new(subject.clone(), parameters, parameters.eager, weights);
    let judged_by = if parameters.eager { JudgedBy::Model } else { JudgedBy::Ledger };
    let docket = docket(&subject.capabilities, clause);
    set_brief(Brief { subject, clause, judged_by });
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
pub fn expect_clause<M: MailboxUnderTest + 'static>(name: &str) {
    let clause = clause_of(name);
    let verdict = judge_subject(&Subject::of::<M>(), &clause);
    court::expect(&M::name(), clause.clause, &verdict);
}

/// Fails when no clause applies: a suite that judges nothing has not passed.
///
/// # Panics
///
/// When the capabilities leave nothing to judge.
pub fn expect_some_rule_applies<M: MailboxUnderTest + 'static>() {
    let able = M::capabilities();
    let applies = mailbox_clauses().iter().any(|clause| (clause.missing)(&able).is_none());
    assert!(applies, "{}: no rule applies", M::name());
}
