//! Checks: what was measured beside what is allowed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something measured, or counted, or named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Quantity {
    /// A count.
    Count(u64),
    /// A number with a fraction.
    Number(f64),
    /// Words; lists are written as words too.
    Words(String),
}

impl Quantity {
    /// Returns it as a number, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "counts of a run are far below 2^53")]
            Self::Count(count) => Some(*count as f64),
            Self::Number(number) => Some(*number),
            Self::Words(_) => None,
        }
    }

    /// Returns it as a count, where it is one.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        if let Self::Count(count) = self { Some(*count) } else { None }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Number(number) => write!(f, "{number:.3}"),
            Self::Words(words) => f.write_str(words),
        }
    }
}

impl From<u64> for Quantity {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<u32> for Quantity {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
    }
}

impl From<usize> for Quantity {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl From<f64> for Quantity {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Quantity {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<String> for Quantity {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

/// What is allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// This, and nothing else.
    Exactly(Quantity),
    /// This number, or more.
    AtLeast(Quantity),
    /// This number, or less.
    AtMost(Quantity),
}

impl Limit {
    /// Says whether a measured value is allowed; a number is never compared with words.
    #[must_use]
    pub fn allows(&self, measured: &Quantity) -> bool {
        let ordered =
            |limit: &Quantity, allowed: fn(f64, f64) -> bool| match (measured.number(), limit.number()) {
                (Some(measured), Some(limit)) => allowed(measured, limit),
                _ => false,
            };
        match self {
            Self::Exactly(expected) => measured == expected,
            Self::AtLeast(limit) => ordered(limit, |measured, limit| measured >= limit),
            Self::AtMost(limit) => ordered(limit, |measured, limit| measured <= limit),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(expected) => write!(f, "{expected}"),
            Self::AtLeast(limit) => write!(f, "at least {limit}"),
            Self::AtMost(limit) => write!(f, "at most {limit}"),
        }
    }
}

/// One comparison of something measured with what is allowed.
///
/// It holds or does not: that is computed from the two, never stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// The rule of `docs/rules.md`, or the gate.
    pub rule: String,
    /// What was measured.
    pub subject: String,
    /// What is allowed.
    pub limit: Limit,
    /// What was measured.
    pub measured: Quantity,
    /// The event at which it shows, where it shows at one.
    pub event: Option<u64>,
}

impl Check {
    /// Says whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.limit.allows(&self.measured)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, subject, limit, measured, event } = self;
        write!(f, "{rule}: {subject}: {measured}, where {limit} is allowed")?;
        event.map_or(Ok(()), |event| write!(f, " (event {event})"))
    }
}

/// Collects the checks of one test.
///
/// A test without a check has tested nothing, and fails.
///
/// # Examples
///
/// ```
/// use alys_test_framework::Judge;
///
/// let mut judge = Judge::default();
/// judge.equal("MB-7", "messages received", 3_u64, 2_u64);
/// assert_eq!(judge.checks()[0].to_string(), "MB-7: messages received: 2, where 3 is allowed");
/// assert!(!judge.checks()[0].holds());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Judge {
    checks: Vec<Check>,
}

impl Judge {
    /// Something must be exactly what is expected.
    pub fn equal(
        &mut self,
        rule: &str,
        subject: &str,
        expected: impl Into<Quantity>,
        measured: impl Into<Quantity>,
    ) {
        self.check(rule, subject, Limit::Exactly(expected.into()), measured.into(), None);
    }

    /// Two lists must be equal; where they are not, the check shows the first difference, and the event of it.
    pub fn same<T: fmt::Debug + PartialEq>(
        &mut self,
        rule: &str,
        subject: &str,
        expected: &[T],
        measured: &[(u64, T)],
    ) {
        let differs = (0..expected.len().max(measured.len()))
            .find(|&at| expected.get(at) != measured.get(at).map(|(_, value)| value));
        let Some(at) = differs else {
            return self.equal(rule, &format!("{subject}: equal entries"), expected.len(), measured.len());
        };
        let shown =
            |entry: Option<&T>| entry.map_or_else(|| "nothing".to_owned(), |entry| format!("{entry:?}"));
        let (event, entry) =
            measured.get(at).map_or((None, None), |(event, entry)| (Some(*event), Some(entry)));
        let limit = Limit::Exactly(shown(expected.get(at)).into());
        self.check(rule, &format!("{subject}: entry {at}"), limit, shown(entry).into(), event);
    }

    /// A number must not be below a limit.
    pub fn at_least(
        &mut self,
        rule: &str,
        subject: &str,
        limit: impl Into<Quantity>,
        measured: impl Into<Quantity>,
    ) {
        self.check(rule, subject, Limit::AtLeast(limit.into()), measured.into(), None);
    }

    /// A number must not be above a limit.
    pub fn at_most(
        &mut self,
        rule: &str,
        subject: &str,
        limit: impl Into<Quantity>,
        measured: impl Into<Quantity>,
    ) {
        self.check(rule, subject, Limit::AtMost(limit.into()), measured.into(), None);
    }

    /// Adds a check with everything stated.
    pub fn check(&mut self, rule: &str, subject: &str, limit: Limit, measured: Quantity, event: Option<u64>) {
        let (rule, subject) = (rule.to_owned(), subject.to_owned());
        self.checks.push(Check { rule, subject, limit, measured, event });
    }

    /// Returns what was checked so far.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// Returns what was checked.
    #[must_use]
    pub fn into_checks(self) -> Vec<Check> {
        self.checks
    }
}
