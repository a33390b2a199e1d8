//! The verdicts on a clause, the case that shows why, and what came of it when it was run again.

use std::fmt;

use alys_properties::counterexample::Counterexample as Told;

use crate::clause::Clause;

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
    /// A case was stopped by what is no difference, such as a panic that no clause claims.
    Stopped(Box<Counterexample>),
    /// It does not apply.
    NotApplicable {
        /// The capability that is missing.
        missing: &'static str,
    },
}

/// A case that breaks a clause or stops its judgement, as short as it could be made.
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

impl Counterexample {
    pub(super) fn of(found: &Told, clause: &Clause) -> Self {
        let steps = found.transitions().into_iter().map(str::to_owned).collect();
        let message = without_rule(&found.message, clause);
        Counterexample {
            message: message.to_owned(),
            start: found.initial_state.clone().unwrap_or_default(),
            steps,
            cases: found.generated_cases(),
        }
    }
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
            Verdict::Stopped(found) => write!(f, "not judged: a case was stopped\n{found}"),
            Verdict::NotApplicable { missing } => write!(f, "does not apply: it has no {missing}"),
        }
    }
}

/// What came of a case that was run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// It met the situation of the clause, nothing differed, and it came to its end.
    Held,
    /// It breaks the clause.
    Broken(String),
    /// It ended by a difference of another clause, without a verdict on this one.
    EndedBy {
        /// That clause.
        clause: &'static str,
        /// What was expected and what was seen.
        message: String,
    },
    /// It came to its end and never met the situation of the clause: nothing was judged, and more steps are needed.
    NotMet,
    /// It was stopped by what is no difference, such as a panic that no clause claims.
    Stopped(String),
    /// The clause does not apply.
    NotApplicable {
        /// The capability that is missing.
        missing: &'static str,
    },
}

impl Replayed {
    /// What was expected and what was seen, where the clause is broken.
    #[must_use]
    pub fn broken(&self) -> Option<&str> {
        match self {
            Replayed::Broken(message) => Some(message),
            _ => None,
        }
    }
}

/// A message by itself, where the clause is known anyway.
pub(super) fn without_rule<'a>(message: &'a str, clause: &Clause) -> &'a str {
    message.strip_prefix(&format!("{}: ", clause.rule)).unwrap_or(message)
}
