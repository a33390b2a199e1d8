//! The sequential engine: generated transitions against a real component, judged by its reference model.
//!
//! It drives `proptest-state-machine` through a `TestRunner` of its own, because the `prop_state_machine!` macro draws
//! an unseeded random number, floods the terminal while it shrinks and cannot say how many cases a fault survived. A
//! run is a function of the suite and the seed: stored counterexamples first, then generated cases.
//!
//! What turns the knobs:
//! - `PROPTEST_CASES`: how many cases every suite runs, instead of its own number;
//! - `TIER=deep`: twenty times each suite's own number, when `PROPTEST_CASES` is unset;
//! - `PROPTEST_RNG_SEED`: another seed than the fixed one;
//! - `PROPTEST_SECONDS`: so many seconds at least, in rounds of the suite's cases, each from the next seed.

mod cases;
mod drawn;
mod expect;
mod minimise;
mod panics;
mod progress;
mod report;
mod rounds;
mod seeds;
mod settings;
mod stored;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::io::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use proptest::{strategy::Strategy, test_runner::Config};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

pub use cases::{Failure, Passed, run_cases};
pub use drawn::{Drawn, hunt_drawn, run_drawn};
pub use expect::{expect_covered, expect_pass, fail};
pub use panics::prepare_panic_hook;
pub use panics::quietly;
pub use progress::Progress;
pub use report::{Kill, RunReport};
pub use settings::{
    Persistence, SHRINK_ITERATIONS_MAX, Seed, Settings, cases_wanted, is_deep, seconds_wanted, seed_wanted,
};
pub use stored::{Stopped, run};

use crate::counterexample::{Counterexample, Origin, replayed, test_command};
use crate::measure::Stopwatch;
use crate::small::Small;
use minimise::Minimiser;
use rounds::Rounds;

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

/// Runs a suite with the stored seeds, for descriptions whose cases lie in no files.
///
/// # Errors
///
/// The first counterexample, shrunk; with [`Persistence::None`] it is stored nowhere.
pub fn run_with_seeds<T: StateMachineTest>(
    suite: &Suite,
    persistence: Persistence,
    seed: Seed,
) -> Result<RunReport, Box<Counterexample>>
where
    T::Reference: Small,
{
    let settings = Settings::new(suite.name, cases_wanted(suite.cases), seed.number());
    Rounds::of(Settings { persistence, ..settings })
        .run(|settings| run_as::<T>(suite, settings))
        .map_err(|failed| Box::new(failed.counterexample))
}

/// A failure: shown, and as it is, if the generator came so far.
struct Failed<T: StateMachineTest> {
    counterexample: Counterexample,
    case: Option<(StateOf<T>, Vec<TransitionOf<T>>)>,
}

/// Runs exactly the suite's number of cases and nothing stored, whatever the environment says.
///
/// # Errors
///
/// The first counterexample, shrunk and stored nowhere.
pub fn run_exactly<T: StateMachineTest>(suite: &Suite, seed: Seed) -> Result<RunReport, Box<Counterexample>>
where
    T::Reference: Small,
{
    let settings = Settings::new(suite.name, suite.cases, seed.number());
    run_as::<T>(suite, &settings).map_err(|failed| Box::new(failed.counterexample))
}

/// Runs a suite with everything stated, on the cases that proptest-state-machine makes.
fn run_as<T: StateMachineTest>(suite: &Suite, settings: &Settings) -> Result<RunReport, Box<Failed<T>>>
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
) -> Result<RunReport, Box<Failed<T>>>
where
    T::Reference: Small,
{
    let watch = Stopwatch::start();
    let applied = Cell::new(0_u64);
    // A clone a case: without the persistence, which would be boxed anew each time.
    let config = quiet_config();
    let progress =
        Progress::of(suite.name, u64::from(settings.cases), settings.persistence != Persistence::None);
    let outcome = run_cases(settings, strategy, |(state, transitions, seen): Case<T>| {
        applied.set(applied.get() + transitions.len() as u64);
        progress.step();
        T::test_sequential(config.clone(), state, transitions, seen);
    });
    match outcome {
        Ok(passed) => Ok(RunReport {
            suite: suite.name,
            cases: passed.generated,
            replayed: passed.replayed,
            cases_held: 0,
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
    quietly(|| T::test_sequential(quiet_config(), initial, transitions, None)).err()
}

/// A failing case that is as short and as simple as the minimiser gets it.
pub(crate) struct Least<T: StateMachineTest> {
    pub(crate) initial: StateOf<T>,
    pub(crate) transitions: Vec<TransitionOf<T>>,
    pub(crate) message: String,
}

/// Makes a failing case shorter and simpler, as long as the same rule fails.
pub(crate) fn minimised<T: StateMachineTest>(
    initial: StateOf<T>,
    transitions: Vec<TransitionOf<T>>,
    message: String,
) -> Least<T>
where
    T::Reference: Small,
{
    let Minimiser { initial, transitions, message, .. } = Minimiser::<T>::run(initial, transitions, message);
    Least { initial, transitions, message }
}

/// What a case is told of proptest's configuration: nothing that it would print or store.
pub(crate) fn quiet_config() -> Config {
    Config { failure_persistence: None, verbose: 0, ..Config::default() }
}

/// Makes the shrunk case as short and simple as it gets, and shows it.
fn found<T: StateMachineTest>(suite: &Suite, settings: &Settings, failure: Failure<Case<T>>) -> Failed<T>
where
    T::Reference: Small,
{
    let mut counterexample = told(suite, settings, &failure);
    let case = failure.value.map(|(state, shrunk, _)| {
        let least = minimised::<T>(state, shrunk, failure.message);
        counterexample.initial_state = Some(format!("{:?}", least.initial));
        counterexample.steps = replayed::<T>(&least.initial, &least.transitions);
        counterexample.message = least.message;
        (least.initial, least.transitions)
    });
    Failed { counterexample, case }
}

/// Says of a failing case how it was found and how it is seen again; what it is made of is for the caller to say.
pub fn told<V>(suite: &Suite, settings: &Settings, failure: &Failure<V>) -> Counterexample {
    let (origin, stored) = (failure.origin(settings.seed), failure.stored.as_deref());
    let mut replay = test_command(suite.test_path);
    if stored.is_none() && origin != Origin::StoredSeed {
        // A case that was not stored needs its generator back: the seed, and enough cases.
        let (seed, cases) = (settings.seed, failure.generated.max(1));
        replay = format!("PROPTEST_RNG_SEED={seed} PROPTEST_CASES={cases} {replay}");
    }
    let file = settings.persistence.path(suite.name);
    let stored = stored.zip(file).map(|(seed, file)| format!("{seed} in {}", shown(&file)));
    Counterexample {
        suite: suite.name.to_owned(),
        engine: "sequential".to_owned(),
        message: failure.message.clone(),
        initial_state: None,
        steps: Vec::new(),
        schedule: Vec::new(),
        concurrent: None,
        origin,
        replay,
        stored: stored.into_iter().collect(),
    }
}

/// Shortens a path of this repository to one that means the same on every machine.
#[must_use]
pub fn shown(path: &Path) -> String {
    path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).unwrap_or(path).display().to_string()
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
    let found = run_as::<T>(suite, &settings).err()?;
    Some(Kill::from(found.counterexample))
}

/// Looks for a planted fault as [`hunt_from`] does, and returns the counterexample with what it is made of.
pub fn find<T: StateMachineTest>(
    suite: &Suite,
    cases: u32,
    seed: Seed,
) -> Option<(Counterexample, StateOf<T>, Vec<TransitionOf<T>>)>
where
    T::Reference: Small,
{
    let settings = Settings::new(suite.name, cases, seed.number());
    let Failed { counterexample, case } = *run_as::<T>(suite, &settings).err()?;
    case.map(|(initial, transitions)| (counterexample, initial, transitions))
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
