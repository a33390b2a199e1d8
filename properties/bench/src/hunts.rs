//! What libraries made of planted faults: how soon each was found, and how short its counterexample got.

use std::{fmt, time::Duration};

/// How a hunt ended that found something.
#[derive(Clone, Debug)]
pub struct Found {
    /// Cases generated up to the one that failed.
    pub cases: u64,
    /// Calls of the final counterexample.
    pub calls: usize,
    /// The rule that it breaks; `None` for a panic, and where rules are not told apart.
    pub rule: Option<String>,
}

/// What one library made of one fault, from each seed, and the time it took in all.
#[derive(Clone, Debug)]
pub struct Hunts {
    /// What the tables call the library.
    pub library: &'static str,
    /// What came of each seed.
    pub found: Vec<Option<Found>>,
    /// The time of all hunts, shrinking included.
    pub elapsed: Duration,
}

impl Hunts {
    /// The counterexamples.
    pub fn counterexamples(&self) -> impl Iterator<Item = &Found> {
        self.found.iter().flatten()
    }

    /// Sums up; `optimal` says of a counterexample whether it is as short as any.
    #[must_use]
    pub fn row(&self, optimal: impl Fn(&Found) -> bool) -> Row {
        let (seeds, found) = (self.found.len(), self.counterexamples().count());
        let mean = |sum: f64| sum / found as f64;
        Row {
            library: self.library,
            seeds,
            found,
            cases: mean(self.counterexamples().map(|one| one.cases as f64).sum()),
            millis: self.elapsed.as_secs_f64() * 1000.0 / seeds as f64,
            calls: mean(self.counterexamples().map(|one| one.calls as f64).sum()),
            longest: self.counterexamples().map(|one| one.calls).max().unwrap_or(0),
            optimal: self.counterexamples().filter(|one| optimal(one)).count(),
        }
    }
}

/// What one library made of one fault, summed up.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    library: &'static str,
    seeds: usize,
    found: usize,
    /// Of those that found it: mean cases, mean time of a hunt with shrinking, mean and greatest length, how many were optimal.
    cases: f64,
    millis: f64,
    calls: f64,
    longest: usize,
    optimal: usize,
}

/// All libraries on one fault.
#[derive(Debug)]
pub struct FaultTable {
    /// What was hunted, and what is shortest.
    pub title: String,
    /// A row a library.
    pub rows: Vec<Row>,
}

impl fmt::Display for FaultTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}", self.title)?;
        writeln!(
            f,
            "  {:24} {:>11} {:>11} {:>11} {:>9} {:>9}",
            "library", "found", "cases", "ms a hunt", "length", "optimal"
        )?;
        for Row { library, seeds, found, cases, millis, calls, longest, optimal } in &self.rows {
            let found = format!("{found} of {seeds}");
            let lengths = format!("{calls:.1}-{longest}");
            writeln!(f, "  {library:24} {found:>11} {cases:>11.1} {millis:>11.2} {lengths:>9} {optimal:>9}")?;
        }
        Ok(())
    }
}
