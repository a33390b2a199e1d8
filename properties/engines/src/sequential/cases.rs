//! The runner below the state machines: any strategy, any body, with honest counts.

use std::cell::{Cell, RefCell};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestCaseError, TestError, TestRunner};

use super::panics;
use super::seeds::SeedBook;
use super::settings::Settings;
use crate::counterexample::Origin;
use crate::violation::cause_of;

/// How many cases passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Cases that were generated.
    pub generated: u32,
    /// Stored counterexamples that were replayed first.
    pub replayed: u32,
}

/// The first failing case, shrunk.
#[derive(Clone, Debug)]
pub struct Failure<V> {
    /// What the shrunk case failed with.
    pub message: String,
    /// The shrunk case; `None` when the generator gave up before it had one.
    pub value: Option<V>,
    /// How many cases were generated up to and including the failing one; 0 when a stored one failed.
    pub generated: u32,
    /// Whether a stored counterexample failed.
    pub from_stored_seed: bool,
    /// The seed that this run has stored.
    pub stored: Option<String>,
}

impl<V> Failure<V> {
    /// Returns where it came from, in a run from this seed.
    pub(super) fn origin(&self, seed: u64) -> Origin {
        if self.from_stored_seed {
            Origin::StoredSeed
        } else {
            Origin::Generated { cases: self.generated, seed }
        }
    }
}

/// Counts the runs of the body until one fails; what comes after that is the shrinker.
#[derive(Default)]
struct Tally {
    runs: Cell<u32>,
    /// How the first one failed.
    first: RefCell<Option<String>>,
}

impl Tally {
    fn begin(&self) {
        if self.first.borrow().is_none() {
            self.runs.set(self.runs.get() + 1);
        }
    }

    /// Whether a failure is the first one or of the same cause: to the shrinker, a case that fails of something else passes.
    fn counts(&self, message: &str) -> bool {
        let mut first = self.first.borrow_mut();
        cause_of(first.get_or_insert_with(|| message.to_owned())) == cause_of(message)
    }
}

/// Runs `body` on stored counterexamples, then on generated values, until one fails.
///
/// A body fails by panicking; while the first failing case shrinks, only the rule or the place of its panic counts. Nothing here depends on anything but the settings and the stored file.
///
/// # Errors
///
/// The first failing case, shrunk, or the generator's reason for giving up.
pub fn run_cases<S: Strategy>(
    settings: &Settings,
    strategy: &S,
    body: impl Fn(S::Value),
) -> Result<Passed, Box<Failure<S::Value>>> {
    let book = SeedBook::new(settings.persistence.path(settings.suite).as_deref());
    let record = book.record();
    let tally = Tally::default();
    let outcome = TestRunner::new(config(settings, book)).run(strategy, |value| {
        tally.begin();
        match panics::quietly(|| body(value)) {
            Err(message) if tally.counts(&message) => Err(TestCaseError::fail(message)),
            _ => Ok(()),
        }
    });
    let runs = tally.runs.get();
    let replayed = runs.min(record.read());
    let generated = runs - replayed;
    let (message, value) = match outcome {
        Ok(()) => return Ok(Passed { generated, replayed }),
        Err(TestError::Fail(reason, value)) => (reason.message().to_owned(), Some(value)),
        Err(TestError::Abort(reason)) => (format!("the generator gave up: {reason}"), None),
    };
    let from_stored_seed = generated == 0 && value.is_some();
    Err(Box::new(Failure { message, value, generated, from_stored_seed, stored: record.written() }))
}

/// Every field that the environment could change is stated.
fn config(settings: &Settings, book: SeedBook) -> Config {
    Config {
        cases: settings.cases,
        failure_persistence: Some(Box::new(book)),
        source_file: None,
        fork: false,
        timeout: 0,
        max_shrink_time: 0,
        max_shrink_iters: settings.shrink_iterations,
        verbose: 0,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(settings.seed),
        ..Config::default()
    }
}
