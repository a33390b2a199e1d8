//! A counterexample as text: what broke, the shortest way to see it, both sides, and the line that replays it.

use std::fmt::{self, Write as _};

use super::{Concurrent, Counterexample, Origin, Step, diagram, fields};

/// The most letters of a value in the table.
const VALUE_MAX: usize = 60;

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "suite `{}`: {}", self.suite, self.origin)?;
        writeln!(f, "{}", self.message)?;
        if let (Some(rule), Some(sentence)) = (self.rule(), self.sentence()) {
            writeln!(f, "rule {rule}: {sentence}")?;
        }
        self.write_sequence(f)?;
        for (number, decision) in (1..).zip(&self.schedule) {
            writeln!(f, "schedule {number:>4}: {decision}")?;
        }
        if let Some(history) = &self.concurrent {
            history.fmt(f)?;
        }
        writeln!(f, "replay: {}", self.replay)?;
        self.stored.iter().try_for_each(|stored| writeln!(f, "stored: {stored}"))
    }
}

impl Counterexample {
    fn write_sequence(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(state) = &self.initial_state else { return Ok(()) };
        if self.steps.is_empty() {
            return writeln!(f, "from {state}");
        }
        writeln!(f, "from {state}, shrunk to {} transitions:", self.transitions().len())?;
        let mut shown = Vec::new();
        for (number, step) in self.steps.iter().enumerate() {
            writeln!(f, "{number:>4}. {}", step.transition)?;
            f.write_str(&table(step, number == 0, &mut shown))?;
        }
        if diagram::participants(&self.steps).is_empty() {
            return Ok(());
        }
        f.write_str(&diagram::of_steps(&self.steps))
    }
}

impl fmt::Display for Concurrent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "history:\n{}", diagram::of_history(self))?;
        writeln!(f, "the longest order that the model follows: {:?}", self.longest)?;
        self.refused.iter().try_for_each(|refused| writeln!(f, "  then not {refused}"))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Generated { cases, seed } => {
                write!(f, "counterexample in generated case {cases} of seed {seed}")
            }
            Self::StoredSeed => f.write_str("a stored counterexample fails"),
            Self::StoredCase(name) => write!(f, "the stored case {name} fails"),
            Self::Bytes(bytes) => write!(f, "counterexample in the bytes {bytes}"),
            Self::Enumerated { tried, what } => write!(f, "counterexample after {tried} {what}"),
        }
    }
}

/// Every part that a step showed.
pub(super) fn rows(step: &Step) -> Vec<fields::Row> {
    step.shown().flat_map(|seen| fields::rows(&seen.what, &seen.model, &seen.real)).collect()
}

/// The parts of a step that differ or that are not what they were at the step before, both sides beside each other; the
/// first difference is marked.
fn table(step: &Step, begins: bool, shown: &mut Vec<fields::Row>) -> String {
    let all = rows(step);
    let (mut text, mut marked) = (String::new(), false);
    // What it all begins with is of interest only where it differs already.
    let news: Vec<_> = all.iter().filter(|row| row.differs() || !(begins || shown.contains(row))).collect();
    let width = |of: fn(&fields::Row) -> &str| {
        news.iter().map(|row| of(row).chars().count().min(VALUE_MAX)).max().unwrap_or(0)
    };
    let (paths, models) = (width(|row| &row.path), width(|row| &row.model));
    for row in news {
        let mark = if row.differs() && !marked { ">>" } else { "  " };
        marked |= row.differs();
        let model = diagram::shortened(&row.model, VALUE_MAX);
        let beside = if row.differs() { diagram::shortened(&row.real, VALUE_MAX) } else { "same".to_owned() };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "   {mark} {:<paths$}  model {model:<models$}  real {beside}", row.path);
    }
    shown.retain(|old| all.iter().all(|row| row.path != old.path));
    shown.extend(all);
    text
}
