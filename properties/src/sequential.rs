//! The sequential engine: generated transitions against a real component, judged by its reference model.
//!
//! It drives `proptest-state-machine` through a `TestRunner` of its own, because the `prop_state_machine!` macro draws
//! an unseeded random number, floods the terminal while it shrinks and cannot say how many cases a fault survived. A
//! run is a function of the suite and the seed: stored counterexamples first, then generated cases.
//!
//! What turns the knobs:
//! - `PROPTEST_CASES`: how many cases every suite runs, instead of its own number;
//! - `TIER=deep`: twenty times each suite's own number, when `PROPTEST_CASES` is unset;
//! - `PROPTEST_RNG_SEED`: another seed than the fixed one.

mod cases;
mod drawn;
mod minimise;
mod panics;
mod report;
mod seeds;
mod settings;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::io::Write as _;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use proptest::{strategy::Strategy, test_runner::Config};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

pub use cases::{Failure, Passed, run_cases};
pub use drawn::{Drawn, hunt_drawn, run_drawn};
pub(crate) use panics::outcome;
pub use panics::prepare_panic_hook;
pub use report::{FoundCounterexample, Kill, RunReport};
pub use settings::{Persistence, SHRINK_ITERATIONS_MAX, Seed, Settings, cases_wanted};

use crate::coverage::{self, Labels};
use crate::measure::Stopwatch;
use crate::small::Small;
use minimise::Minimiser;

/// A suite: what it is called, and how much of it runs by default.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Names the file of stored counterexamples and the coverage report; unique, because a stored seed means nothing
    /// to another generator.
    pub name: &'static str,
    /// The full path of the test in the test binary, for the line that replays a failure.
    pub test_path: &'static str,
    /// How many cases a run generates unless the environment says otherwise.
    pub cases: u32,
    /// How many transitions a case has.
    pub transitions: RangeInclusive<usize>,
}

/// The model's state in a state machine test.
pub type StateOf<T> = <<T as StateMachineTest>::Reference as ReferenceStateMachine>::State;

/// The transitions of a state machine test.
pub type TransitionOf<T> = <<T as StateMachineTest>::Reference as ReferenceStateMachine>::Transition;

/// One generated case: the initial state, the transitions, and proptest's counter of those that were applied.
type Case<T> = (StateOf<T>, Vec<TransitionOf<T>>, Option<Arc<AtomicUsize>>);

/// Runs a suite and says what it found.
///
/// Stored counterexamples run first, the newest before the older ones; then `cases_wanted` generated cases do. A case
/// fails by a [`violation`](crate::violation) or by any panic of the code under test; both are shrunk, silently.
///
/// # Errors
///
/// The first counterexample, shrunk. With [`Persistence::None`] it is stored nowhere.
pub fn run<T: StateMachineTest>(
    suite: &Suite,
    persistence: Persistence,
    seed: Seed,
) -> Result<RunReport, Box<FoundCounterexample>>
where
    T::Reference: Small,
{
    let cases = cases_wanted(suite.cases);
    let seed = seed.number();
    run_as::<T>(suite, &Settings { persistence, ..Settings::new(suite.name, cases, seed) })
}

/// Runs exactly the suite's number of cases and nothing stored, whatever the environment says.
///
/// # Errors
///
/// The first counterexample, shrunk and stored nowhere.
pub fn run_exactly<T: StateMachineTest>(
    suite: &Suite,
    seed: Seed,
) -> Result<RunReport, Box<FoundCounterexample>>
where
    T::Reference: Small,
{
    run_as::<T>(suite, &Settings::new(suite.name, suite.cases, seed.number()))
}

/// Runs a suite with everything stated, on the cases that proptest-state-machine makes.
fn run_as<T: StateMachineTest>(
    suite: &Suite,
    settings: &Settings,
) -> Result<RunReport, Box<FoundCounterexample>>
where
    T::Reference: Small,
{
    run_on::<T, _>(suite, settings, &T::Reference::sequential_strategy(suite.transitions.clone()))
}

/// Runs a suite on the cases of a strategy: the common part of a check and of a hunt.
fn run_on<T: StateMachineTest, S: Strategy<Value = Case<T>>>(
    suite: &Suite,
    settings: &Settings,
    strategy: &S,
) -> Result<RunReport, Box<FoundCounterexample>>
where
    T::Reference: Small,
{
    let watch = Stopwatch::start();
    let applied = Cell::new(0_u64);
    // A clone a case: without the persistence, which would be boxed anew each time.
    let config = quiet_config();
    let outcome = run_cases(settings, strategy, |(state, transitions, seen): Case<T>| {
        applied.set(applied.get() + transitions.len() as u64);
        T::test_sequential(config.clone(), state, transitions, seen);
    });
    match outcome {
        Ok(passed) => Ok(RunReport {
            suite: suite.name,
            cases: passed.generated,
            replayed: passed.replayed,
            transitions: applied.get(),
            seed: settings.seed,
            elapsed: watch.elapsed(),
        }),
        Err(failure) => Err(Box::new(found::<T>(suite, settings, *failure))),
    }
}

/// Runs a sequence from its beginning, silently, and says how it fails, if it does.
pub(crate) fn fails<T: StateMachineTest>(
    initial: &StateOf<T>,
    transitions: &[TransitionOf<T>],
) -> Option<String> {
    let (initial, transitions) = (initial.clone(), transitions.to_vec());
    outcome(|| T::test_sequential(quiet_config(), initial, transitions, None)).err()
}

/// What a case is told of proptest's configuration: nothing that it would print or store.
fn quiet_config() -> Config {
    Config { failure_persistence: None, verbose: 0, ..Config::default() }
}

/// Turns the shrunk value into text, the one form that a person, a seed file and a log share.
fn found<T: StateMachineTest>(
    suite: &Suite,
    settings: &Settings,
    failure: Failure<Case<T>>,
) -> FoundCounterexample
where
    T::Reference: Small,
{
    let (mut initial_state, mut transitions, mut message) = (None, Vec::new(), failure.message);
    if let Some((state, shrunk, _)) = failure.value {
        let least = Minimiser::<T>::run(state, shrunk, message);
        initial_state = Some(format!("{:?}", least.initial));
        transitions = least.transitions.iter().map(|one| format!("{one:?}")).collect();
        message = least.message;
    }
    FoundCounterexample {
        suite: suite.name,
        test_path: suite.test_path,
        message,
        initial_state,
        transitions,
        generated_cases: failure.generated,
        from_stored_seed: failure.from_stored_seed,
        seed: settings.seed,
        seed_file: settings.persistence.path(suite.name),
        stored: failure.stored,
    }
}

/// Runs a suite as a test: with the stored counterexamples, a summary line, and the whole report when it fails.
///
/// The summary goes straight to standard output, so that it shows without `--nocapture`.
///
/// # Panics
///
/// When the suite found a counterexample.
pub fn expect_pass<T: StateMachineTest>(suite: &Suite) -> RunReport
where
    T::Reference: Small,
{
    match run::<T>(suite, Persistence::Committed, Seed::FromEnvironment) {
        Ok(report) => {
            announce(&report.to_string());
            report
        }
        Err(found) => panic!("{found}"),
    }
}

/// Runs a suite as [`expect_pass`] does and holds it to its coverage as well.
///
/// The counts of this thread are taken afresh, written beside the build (see
/// [`CoverageReport::write_json`](coverage::CoverageReport::write_json)) and checked. The minima of situations belong to the suite's own
/// number of cases: a shorter run is held only to having recorded something.
///
/// # Panics
///
/// When the suite found a counterexample, recorded nothing, or missed a required situation.
pub fn expect_covered<T: StateMachineTest, L: Labels>(suite: &Suite) -> RunReport
where
    T::Reference: Small,
{
    drop(coverage::take::<L>());
    let report = expect_pass::<T>(suite);
    let covered = coverage::take::<L>();
    if let Err(error) = covered.write_json(suite.name) {
        announce(&format!("{}: the coverage report could not be written: {error}", suite.name));
    }
    let verdict = if report.cases < suite.cases { covered.check_recorded() } else { covered.check() };
    if let Err(missed) = verdict {
        panic!("suite `{}` is not worth its name: {missed}\n{}", suite.name, covered.table());
    }
    announce(&format!("{}: transitions by kind, outcome and state\n{}", suite.name, covered.table()));
    report
}

/// Looks for a planted fault: runs up to `cases` generated cases and nothing stored, always from the fixed seed.
///
/// Returns how it was found, or `None` when it survived. Nothing is written anywhere, and no environment variable
/// changes the answer, so the figure in the table of rules is the same everywhere.
///
/// # Panics
///
/// When the generator gave up: that is no fault found.
#[must_use]
pub fn hunt<T: StateMachineTest>(suite: &Suite, cases: u32) -> Option<Kill>
where
    T::Reference: Small,
{
    hunt_from::<T>(suite, cases, Seed::Fixed)
}

/// The same from another seed.
///
/// # Panics
///
/// As [`hunt`].
#[must_use]
pub fn hunt_from<T: StateMachineTest>(suite: &Suite, cases: u32, seed: Seed) -> Option<Kill>
where
    T::Reference: Small,
{
    let settings = Settings::new(suite.name, cases, seed.number());
    run_as::<T>(suite, &settings).err().map(|found| Kill::from(*found))
}

/// Returns the first `cases` sequences that a suite generates from `seed`, without running them.
///
/// For tests of determinism, for benchmarks of the generator and for seeding a corpus.
#[must_use]
pub fn sequences<T: StateMachineTest>(
    suite: &Suite,
    cases: u32,
    seed: Seed,
) -> Vec<(StateOf<T>, Vec<TransitionOf<T>>)> {
    let kept = std::cell::RefCell::new(Vec::new());
    let strategy = T::Reference::sequential_strategy(suite.transitions.clone());
    let outcome = run_cases(
        &Settings::new(suite.name, cases, seed.number()),
        &strategy,
        |(state, transitions, _): Case<T>| kept.borrow_mut().push((state, transitions)),
    );
    if let Err(failure) = outcome {
        panic!("the generator of suite `{}` failed: {}", suite.name, failure.message);
    }
    kept.into_inner()
}

/// Prints one line past the capture of the test harness, whole even when other tests print too.
pub fn announce(line: &str) {
    // A closed pipe must not fail a suite that passed.
    let _ = std::io::stdout().lock().write_all(format!("{line}\n").as_bytes());
}
