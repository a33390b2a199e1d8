//! Which clause is judged on this thread, what was met on the way, and the verdict.

use std::{cell::RefCell, collections::BTreeMap};

use alys_properties::{
    sequential::{Seed, Suite, announce, run_exactly},
    small::Small,
    violation::{caught, rule_of, violated},
};
use proptest_state_machine::StateMachineTest;

use crate::clause::Clause;

#[cfg(test)]
mod tests;
mod verdict;

use verdict::without_rule;
pub use verdict::{Counterexample, Replayed, Verdict};

thread_local! {
    static DOCKET: RefCell<Option<Docket>> = const { RefCell::new(None) };
    static TALLY: RefCell<Tally> = RefCell::default();
}

/// What is judged, and whom a difference belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Docket {
    /// The clause that is judged.
    pub(crate) judged: &'static Clause,
    applicable: Vec<&'static Clause>,
    /// The clause of a difference whose own clauses do not apply: without it, such a one would go by unseen.
    otherwise: &'static Clause,
}

impl Docket {
    /// A clause to judge, among those that apply. `otherwise` is what any difference breaks; where it does not apply either,
    /// that is the judged clause.
    pub(crate) fn new(
        judged: &'static Clause,
        applicable: Vec<&'static Clause>,
        otherwise: &'static Clause,
    ) -> Self {
        let otherwise = if applicable.contains(&otherwise) { otherwise } else { judged };
        Docket { judged, applicable, otherwise }
    }

    /// The difference that ends a step: one of the judged clause, else the first of one that applies.
    fn blame<'a>(&self, differences: &'a Differences) -> Option<(&'static Clause, &'a str)> {
        let first_of = |wanted: &dyn Fn(&'static Clause) -> bool| {
            let found = differences.iter().find(|(clause, _)| wanted(clause));
            found.map(|(clause, message)| (*clause, message.as_str()))
        };
        first_of(&|clause| clause == self.judged)
            .or_else(|| first_of(&|clause| self.applicable.contains(&clause)))
            .or_else(|| first_of(&|_| true).map(|(_, message)| (self.otherwise, message)))
    }
}

/// What the cases of a run met.
#[derive(Debug, Default)]
struct Tally {
    /// What the step that is being made met; it counts once nothing has differed.
    now: Vec<&'static str>,
    /// How often the situation of a clause was met, by its name.
    met: BTreeMap<&'static str, u64>,
    /// How many cases ended by a difference that belongs to another clause, by that one's name.
    ended_by: BTreeMap<String, u64>,
    /// The last such difference.
    ended: Option<(&'static str, String)>,
}

/// What differed in one step: the clauses that it breaks, and what was seen.
pub(crate) type Differences = Vec<(&'static Clause, String)>;

/// Notes that the situation of a clause was met.
pub(crate) fn met(clause: &'static Clause) {
    TALLY.with_borrow_mut(|tally| tally.now.push(clause.name));
}

fn with_docket<T>(ask: impl FnOnce(&Docket) -> T) -> T {
    DOCKET.with_borrow(|docket| ask(docket.as_ref().expect("a step is made only while a clause is judged")))
}

/// Whether this clause is the one that is judged.
pub(crate) fn is_judged(clause: &'static Clause) -> bool {
    with_docket(|docket| docket.judged == clause)
}

/// Decides what the differences of a step mean: whether the case may go on.
///
/// # Panics
///
/// Raises a violation when the judged clause is among them, or they belong to no other one that applies.
pub(crate) fn may_go_on(differences: &Differences) -> bool {
    let blamed = with_docket(|docket| docket.blame(differences));
    if let Some((clause, message)) = blamed
        && is_judged(clause)
    {
        violated(clause.rule, message);
    }
    TALLY.with_borrow_mut(|tally| {
        let now = std::mem::take(&mut tally.now);
        if let Some((clause, message)) = blamed {
            tally.ended = Some((clause.name, message.to_owned()));
            *tally.ended_by.entry(clause.name.to_owned()).or_default() += 1;
        } else {
            now.into_iter().for_each(|name| *tally.met.entry(name).or_default() += 1);
        }
    });
    blamed.is_none()
}

/// Judges one clause by the cases of a suite.
pub(crate) fn judge<T: StateMachineTest>(suite: &Suite, docket: Docket) -> Verdict
where
    T::Reference: Small,
{
    let clause = docket.judged;
    TALLY.take();
    DOCKET.set(Some(docket));
    let outcome = run_exactly::<T>(suite, Seed::Fixed);
    DOCKET.set(None);
    let tally = TALLY.take();
    let met = tally.met.get(clause.name).copied().unwrap_or_default();
    match outcome {
        Err(found) if found.rule() == Some(clause.rule) => {
            Verdict::Broken(Box::new(Counterexample::of(&found, clause)))
        }
        Err(found) => Verdict::Stopped(Box::new(Counterexample::of(&found, clause))),
        Ok(report) if met >= clause.met_min => Verdict::Holds { cases: report.cases, met },
        Ok(_) => match tally.ended_by.into_iter().max_by_key(|(_, cases)| *cases) {
            Some((by, _)) => Verdict::Masked { by, met },
            None => Verdict::NotReached { met, met_min: clause.met_min },
        },
    }
}

/// Turns the verdict on a clause into that of a test, and prints it.
///
/// # Panics
///
/// When the clause applies and does not hold.
pub(crate) fn expect(implementation: &str, clause: &Clause, verdict: &Verdict) {
    let line = format!("{implementation}: {}: {verdict}", clause.name);
    assert!(verdict.holds() || !verdict.applies(), "{line}{}", clause.claim);
    announce(&line);
}

/// Runs one case as [`judge`] does, and says what it judged.
pub(crate) fn replay(docket: Docket, case: impl FnOnce()) -> Replayed {
    let clause = docket.judged;
    TALLY.take();
    DOCKET.set(Some(docket));
    let outcome = caught(case);
    DOCKET.set(None);
    let tally = TALLY.take();
    match (outcome, tally.ended) {
        (Err(message), _) if rule_of(&message) == Some(clause.rule) => {
            Replayed::Broken(without_rule(&message, clause).to_owned())
        }
        (Err(message), _) => Replayed::Stopped(message),
        (Ok(()), Some((clause, message))) => Replayed::EndedBy { clause, message },
        (Ok(()), None) if tally.met.contains_key(clause.name) => Replayed::Held,
        (Ok(()), None) => Replayed::NotMet,
    }
}
