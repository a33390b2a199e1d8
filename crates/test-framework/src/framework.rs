//! The framework: a runtime, the harnesses on it, and the phases in their order.

use std::{sync::Arc, time::Duration};

use alys_properties::measure::Stopwatch;
use parking_lot::Mutex;
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::RwLock,
};

use crate::{
    baseline::Baseline,
    config::TestConfig,
    error::{FrameworkError, Result},
    harness::{self, TestHarnesses},
    metrics::{Sampler, TestMetrics},
    phase::MigrationPhase,
    result::{Outcome, TestResult, ValidationResult},
    run::{Context, Observer, Progress, Selection},
    shortest::shortest,
};

/// How many workers the framework's runtime has.
const WORKERS: usize = 8;

/// How long a worker may take to put a task away that has ended.
const PUT_AWAY_WITHIN: Duration = Duration::from_secs(10);

/// Runs the phases of the migration on the real implementations.
///
/// It owns its runtime, and may be made, used and dropped inside of another one.
pub struct MigrationTestFramework {
    // `None` once it is shut down.
    runtime: Option<Runtime>,
    context: Context,
    harnesses: RwLock<TestHarnesses>,
    baseline: Option<Baseline>,
    metrics: Mutex<TestMetrics>,
}

impl MigrationTestFramework {
    /// Makes a framework that runs every test and tells nobody how it goes.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::Config`] when the configuration is refused;
    /// * [`FrameworkError::Runtime`] when the runtime cannot be made.
    pub fn new(config: TestConfig) -> Result<Self> {
        Self::with(config, Selection::default(), Arc::new(|_: &Progress| ()))
    }

    /// Makes a framework that runs the selected tests, and tells an observer how it goes.
    ///
    /// # Errors
    ///
    /// As [`MigrationTestFramework::new`].
    pub fn with(config: TestConfig, selection: Selection, observer: Observer) -> Result<Self> {
        config.validate()?;
        let tracking = config.performance_tracking;
        let baseline = if tracking { Baseline::load(&config.test_data_dir)? } else { None };
        let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_time().build();
        let runtime = runtime.map_err(|error| FrameworkError::Runtime { workers: WORKERS, error })?;
        let context =
            Context { handle: runtime.handle().clone(), config: Arc::new(config), selection, observer };
        let harnesses = RwLock::new(TestHarnesses::new(&context));
        let metrics = Mutex::new(TestMetrics::for_config(&context.config));
        Ok(Self { runtime: Some(runtime), context, harnesses, baseline, metrics })
    }

    /// Returns the configuration.
    #[must_use]
    pub fn config(&self) -> &TestConfig {
        &self.context.config
    }

    /// Returns a handle to the runtime.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.context.handle
    }

    /// Returns how many workers the runtime has.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.context.handle.metrics().num_workers()
    }

    /// Runs the tests of one phase, and judges the phase.
    pub async fn run_phase_validation(&self, phase: MigrationPhase) -> ValidationResult {
        let (watch, sampler) = (Stopwatch::start(), Sampler::start(&self.context.handle));
        let harnesses = self.harnesses.read().await;
        let of_phase = harnesses.of(phase);
        let tests = of_phase.iter().flat_map(|harness| harness.tests());
        let tests = tests.filter(|test| self.context.selection.has(test.name)).count();
        (self.context.observer)(&Progress::Phase { phase, tests });
        let mut results = Vec::new();
        for harness in of_phase {
            results.extend(harness.run_all_tests().await);
        }
        if let Some(baseline) = &self.baseline {
            self.context.measure_again(&mut results, baseline).await;
        }
        self.shorten(&mut results).await;
        let (is_whole, config) = (self.context.selection.is_whole(), &self.context.config);
        let (outcome, violations) =
            crate::validators::judge_phase(phase, &results, is_whole, config, self.baseline.as_ref());
        let (success, duration) = (outcome == Outcome::Passed, watch.elapsed());
        let resources = sampler.stop().await;
        let mut metrics = self.metrics.lock();
        metrics.add(phase, &results, duration, (&self.context.config, self.baseline.as_ref()));
        metrics.resources.extend(resources.map(|resources| (phase, resources)));
        ValidationResult { phase, success, outcome, results, violations, duration }
    }

    /// Looks for the shortest way to each failure.
    async fn shorten(&self, results: &mut [TestResult]) {
        for result in results.iter_mut().filter(|result| result.outcome == Outcome::Failed) {
            let (failed, suite) =
                (result.clone(), harness::case(&result.test_name).and_then(|case| case.suite));
            let hunt = self.context.handle.spawn_blocking(move || shortest(&failed, suite));
            // A hunt that panics has found nothing; the failure stands without it.
            result.shortest = hunt.await.ok().flatten();
        }
    }

    /// Returns what figures are compared with, where there is something.
    #[must_use]
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref()
    }

    /// Returns what was measured so far.
    #[allow(clippy::unused_async, reason = "users of the original framework await it")]
    pub async fn collect_metrics(&self) -> TestMetrics {
        self.metrics.lock().clone()
    }
}

impl MigrationTestFramework {
    /// Runs all phases in their order.
    ///
    /// A failed phase ends the run, unless it is told to go on; a skipped one does not.
    pub async fn run_all(&self) -> Vec<ValidationResult> {
        let mut phases = Vec::new();
        for phase in MigrationPhase::ALL {
            let result = self.run_phase_validation(phase).await;
            let stop = matches!(result.outcome, Outcome::Failed | Outcome::TimedOut);
            phases.push(result);
            if stop && !self.context.config.continue_after_failure {
                break;
            }
        }
        phases
    }

    /// Counts the tasks that still run. One that has ended is counted until its worker has put it away: that is waited for.
    async fn tasks_alive(&self) -> usize {
        let (watch, metrics) = (Stopwatch::start(), self.context.handle.metrics());
        while metrics.num_alive_tasks() > 0 && watch.elapsed() < PUT_AWAY_WITHIN {
            tokio::task::yield_now().await;
        }
        metrics.num_alive_tasks()
    }

    /// Stops the harnesses and the runtime.
    ///
    /// # Errors
    ///
    /// * [`FrameworkError::Harness`] when a harness cannot give back what it holds, or when something still runs.
    pub async fn shutdown(mut self) -> Result<()> {
        for harness in self.harnesses.read().await.all() {
            harness.shutdown().await?;
        }
        let alive = self.tasks_alive().await;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        if alive > 0 {
            let reason = format!("{alive} tasks still run after every test has ended");
            return Err(FrameworkError::Harness { harness: "framework".to_owned(), reason });
        }
        Ok(())
    }
}

impl std::fmt::Debug for MigrationTestFramework {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MigrationTestFramework").field("context", &self.context).finish_non_exhaustive()
    }
}

impl Drop for MigrationTestFramework {
    fn drop(&mut self) {
        // A runtime that is dropped waits for its threads, which another runtime does not allow on its own.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
