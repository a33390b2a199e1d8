//! Running tests: which, where, how many at once, and until when.

mod again;
mod play;
mod select;

use std::{sync::Arc, time::Duration};

use tokio::{runtime::Handle, sync::Semaphore, task::JoinSet};

pub(crate) use play::{judged_again, said};
pub(crate) use select::mixed;
pub use select::{Selection, Shard, ShardError};

use crate::{
    case::{Pace, TestCase},
    config::TestConfig,
    harness::asked_for,
    result::TestResult,
};

/// Returns the command that runs a test again.
pub(crate) fn replay_command(config: &TestConfig, test: &str) -> String {
    let (feature, flag) = asked_for(test);
    let feature = feature.map_or(String::new(), |feature| format!("--features {feature} "));
    let flag = flag.map_or(String::new(), |flag| format!("{flag} "));
    let seed = config.seed;
    format!("cargo run --release -p alys-test-framework {feature}-- run {flag}--seed {seed} --filter {test}")
}

/// What is told of a run while it runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Progress {
    /// A phase begins, with so many tests.
    Phase {
        /// Which.
        phase: crate::phase::MigrationPhase,
        /// How many tests of it are selected.
        tests: usize,
    },
    /// A test has ended.
    Ended(Box<TestResult>),
}

/// Who is told.
pub type Observer = Arc<dyn Fn(&Progress) + Send + Sync>;

/// What every harness needs to run its tests.
#[derive(Clone)]
pub struct Context {
    /// Where tests run.
    pub handle: Handle,
    /// The configuration of the run.
    pub config: Arc<TestConfig>,
    /// Which tests run.
    pub selection: Selection,
    /// Who is told how it goes.
    pub observer: Observer,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("selection", &self.selection).finish_non_exhaustive()
    }
}

impl Context {
    /// Tells of a test that has ended.
    pub fn ended(&self, result: &TestResult) {
        (self.observer)(&Progress::Ended(Box::new(result.clone())));
    }

    /// Returns the seed of a test: a function of the run's and of its name, whatever else is run.
    #[must_use]
    pub fn seed_of(&self, test: &str) -> u64 {
        mixed(self.config.seed, test)
    }

    /// Returns the command that runs a test again.
    #[must_use]
    pub fn replay_of(&self, test: &str) -> String {
        replay_command(&self.config, test)
    }

    /// Runs one test, whatever is selected.
    pub async fn run(&self, case: &'static TestCase) -> TestResult {
        let deadline = Duration::from_millis(self.config.test_deadline_ms);
        let result = play::play(case, self, deadline).await;
        self.ended(&result);
        result
    }

    /// Runs those tests that are selected: those in virtual time side by side, then those in real time one by one.
    ///
    /// The results are in the order of the tests, whichever ended first.
    pub async fn run_all(&self, cases: &'static [TestCase]) -> Vec<TestResult> {
        let selected = || cases.iter().enumerate().filter(|(_, case)| self.selection.has(case.name));
        let room = Arc::new(Semaphore::new(self.config.at_once()));
        let mut running = JoinSet::new();
        for (at, case) in selected().filter(|(_, case)| case.pace == Pace::Virtual) {
            let (context, room) = (self.clone(), Arc::clone(&room));
            let task = async move {
                let _permit = room.acquire_owned().await;
                (at, context.run(case).await)
            };
            running.spawn_on(task, &self.handle);
        }
        let mut results = running.join_all().await;
        for (at, case) in selected().filter(|(_, case)| case.pace == Pace::Real) {
            results.push((at, self.run(case).await));
        }
        results.sort_by_key(|(at, _)| *at);
        results.into_iter().map(|(_, result)| result).collect()
    }
}
