//! Which clause is judged on this thread, what was met on the way, and the verdict.

use std::{cell::RefCell, collections::BTreeMap, fmt};

use alys_properties::{
    counterexample::Counterexample as Told,
    sequential::{Seed, Suite, announce, run_exactly},
    small::Small,
    violation::violated,
};
use proptest_state_machine::StateMachineTest;

use crate::clause::Clause;

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
}

/// What is known of a clause after its cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No case broke it, and its situation was met often enough.
    Holds {
        /// The cases.
        cases: u32,
        /// How often its situation was met.
        met: u64,
    },
    /// A case broke it.
    Broken(Box<Counterexample>),
    /// Other clauses broke first, too often for a verdict on this one.
    Masked {
        /// The clause that broke most often.
        by: String,
        /// How often this one's situation was met nevertheless.
        met: u64,
    },
    /// Its situation was not met often enough: not a pass.
    NotReached {
        /// How often it was met.
        met: u64,
        /// How often it should have been.
        met_min: u64,
    },
    /// It does not apply.
    NotApplicable {
        /// The capability that is missing.
        missing: &'static str,
    },
}

/// A case that breaks a clause, as short as it could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// What was expected and what was seen.
    pub message: String,
    /// What the case begins with, as it is written in a test.
    pub start: String,
    /// The steps, as they are written in a test.
    pub steps: Vec<String>,
    /// How many cases it took to find one.
    pub cases: u32,
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}", self.message)?;
        writeln!(f, "  from {}", self.start)?;
        (1..).zip(&self.steps).try_for_each(|(number, step)| writeln!(f, "  {number:3}. {step}"))
    }
}

impl Verdict {
    /// Whether the clause was judged, and held.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self, Verdict::Holds { .. })
    }

    /// Whether the clause applies at all.
    #[must_use]
    pub fn applies(&self) -> bool {
        !matches!(self, Verdict::NotApplicable { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Holds { cases, met } => write!(f, "holds ({cases} cases, met {met} times)"),
            Verdict::Broken(found) => write!(f, "BROKEN (after {} cases)\n{found}", found.cases),
            Verdict::Masked { by, met } => {
                write!(f, "masked: {by} broke first, and this was met only {met} times")
            }
            Verdict::NotReached { met, met_min } => write!(f, "not reached: met {met} of {met_min} times"),
            Verdict::NotApplicable { missing } => write!(f, "does not apply: it has no {missing}"),
        }
    }
}

/// What differed in one step: the clauses that it breaks, and what was seen.
pub(crate) type Differences = Vec<(&'static Clause, String)>;

/// Notes that the situation of a clause was met.
pub(crate) fn met(clause: &'static Clause) {
    TALLY.with_borrow_mut(|tally| tally.now.push(clause.name));
}

/// Whether this clause is the one that is judged.
pub(crate) fn is_judged(clause: &'static Clause) -> bool {
    DOCKET.with_borrow(|docket| docket.as_ref().is_some_and(|docket| docket.judged == clause))
}

/// Decides what the differences of a step mean: whether the case may go on.
///
/// # Panics
///
/// Raises a violation when the judged clause is among them, or they belong to no other one that applies.
pub(crate) fn may_go_on(differences: &Differences) -> bool {
    let blamed = DOCKET.with_borrow(|docket| docket.as_ref().and_then(|docket| docket.blame(differences)));
    if let Some((clause, message)) = blamed
        && is_judged(clause)
    {
        violated(clause.rule, message);
    }
    TALLY.with_borrow_mut(|tally| {
        let now = std::mem::take(&mut tally.now);
        if let Some((clause, _)) = blamed {
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
        Err(found) => Verdict::Broken(Box::new(counterexample(&found, clause))),
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

/// Runs one case as [`judge`] does, and says how it breaks the clause, if it does.
pub(crate) fn replay(docket: Docket, case: impl FnOnce()) -> Option<String> {
    DOCKET.set(Some(docket));
    let outcome = alys_properties::violation::caught(case);
    DOCKET.set(None);
    TALLY.take();
    outcome.err()
}

fn counterexample(found: &Told, clause: &Clause) -> Counterexample {
    let steps = found.transitions().into_iter().map(str::to_owned).collect();
    let message = found.message.strip_prefix(&format!("{}: ", clause.rule)).unwrap_or(&found.message);
    Counterexample {
        message: message.to_owned(),
        start: found.initial_state.clone().unwrap_or_default(),
        steps,
        cases: found.generated_cases(),
    }
}
