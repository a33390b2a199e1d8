//! Running tests: nothing passes that did not run, and nothing goes on running.

use std::{sync::Arc, time::Duration};

use alys_properties::measure::Stopwatch;
use alys_test_framework::{
    Context, Driven, MigrationPhase, MigrationTestFramework, Outcome, Pace, Selection, Stage, TestCase,
    TestConfig,
};
use tokio::runtime::Runtime;

use super::support::{COMPLETE, MEMORY};

const CASE: TestCase = TestCase {
    name: "test_of_the_framework",
    phase: MigrationPhase::Foundation,
    category: "framework",
    summary: "A test of the tests.",
    pace: Pace::Virtual,
    suite: None,
    drive: |_| Box::pin(std::future::pending()),
    judge: |_, _| (),
    gates: |_, _, _| (),
};

/// Timers without end.
async fn forever(stage: Stage) -> Driven {
    loop {
        stage.pass(Duration::from_secs(1)).await;
    }
}

static STUCK: TestCase = TestCase { pace: Pace::Real, ..CASE };
static FOREVER: TestCase = TestCase { drive: |stage| Box::pin(forever(stage)), ..CASE };

/// How long a worker may take to put away a task that has ended; until then it is counted.
const PUT_AWAY_WITHIN: Duration = Duration::from_secs(10);

fn left_alive(runtime: &Runtime) -> usize {
    let (watch, metrics) = (Stopwatch::start(), runtime.metrics());
    while metrics.num_alive_tasks() > 0 && watch.elapsed() < PUT_AWAY_WITHIN {
        std::thread::yield_now();
    }
    metrics.num_alive_tasks()
}

/// Runs one test with a deadline on a runtime of its own, and returns what it came to, and what it left running.
fn run(case: &'static TestCase, test_deadline_ms: u64) -> (Outcome, usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build();
    let runtime = runtime.expect("a runtime");
    let config = TestConfig { test_deadline_ms, ..TestConfig::development() };
    let context = Context {
        handle: runtime.handle().clone(),
        config: Arc::new(config),
        selection: Selection::default(),
        observer: Arc::new(|_| ()),
    };
    let result = runtime.block_on(context.run(case));
    assert!(!result.measurement.left_running);
    (result.outcome, left_alive(&runtime))
}

/// FW-1: a test that waits for ever, and one that goes on for ever, is cancelled at its deadline and leaves no task.
///
/// Engine: law
#[test]
fn a_test_that_exceeds_its_deadline_is_cancelled() {
    for case in [&STUCK, &FOREVER] {
        assert_eq!(run(case, 50), (Outcome::TimedOut, 0));
    }
}

/// FW-1: a failed phase ends the run unless it is told to go on, and a skipped one does not.
///
/// Engine: law
#[test]
fn a_failed_phase_ends_the_run_and_a_skipped_one_does_not() {
    let _alone = MEMORY.blocking_lock();
    let phases = |test_deadline_ms, continue_after_failure| {
        let config = TestConfig { test_deadline_ms, continue_after_failure, ..TestConfig::development() };
        let runtime =
            tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers");
        runtime.block_on(async {
            let framework = MigrationTestFramework::new(config).expect("a valid configuration");
            let phases = framework.run_all().await;
            framework.shutdown().await.expect("nothing runs any more");
            phases.into_iter().map(|phase| phase.outcome).collect::<Vec<_>>()
        })
    };
    let whole = phases(300_000, false);
    assert_eq!(whole.len(), 5, "{whole:?}");
    assert_eq!(whole.contains(&Outcome::Skipped), !COMPLETE, "{whole:?}");
    // No test of size ends within a millisecond.
    let cut = phases(1, false);
    assert!(cut.len() < 5 && cut.last() != Some(&Outcome::Skipped), "{cut:?}");
    assert_eq!(phases(1, true).len(), 5);
}
