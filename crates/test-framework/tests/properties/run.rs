//! Running tests: nothing passes that did not run, and nothing goes on running.

use std::{sync::Arc, time::Duration};

use alys_properties::measure::Stopwatch;
use alys_test_framework::{
    Context, Driven, Evidence, Judge, Measurement, MigrationPhase, MigrationTestFramework, Outcome, Pace,
    Selection, Stage, TestCase, TestConfig, TestEventType,
};
use tokio::runtime::Runtime;

use super::support::MEMORY;

fn no_gates(_: &Measurement, _: &TestConfig, _: &mut Judge) {}

fn nothing(_: Evidence<'_>, _: &mut Judge) {}

/// Expects one message, of whose number nothing is said.
fn one_message(seen: Evidence<'_>, judge: &mut Judge) {
    judge.equal("MB-7", "messages", 1_u64, seen.count(TestEventType::MessageReceived));
}

const CASE: TestCase = TestCase {
    name: "test_of_the_framework",
    phase: MigrationPhase::Foundation,
    category: "framework",
    summary: "A test of the tests.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(receive(stage)),
    judge: one_message,
    gates: no_gates,
};

async fn receive(stage: Stage) -> Driven {
    stage.record(TestEventType::MessageReceived, "receiver", []);
    Ok(())
}

/// Timers without end.
async fn forever(stage: Stage) -> Driven {
    loop {
        stage.pass(Duration::from_secs(1)).await;
    }
}

static SOUND: TestCase = CASE;
static VACUOUS: TestCase = TestCase { judge: nothing, ..CASE };
static SILENT: TestCase = TestCase { drive: |_| Box::pin(async { Ok(()) }), ..CASE };
static PANICS: TestCase = TestCase { drive: |_| Box::pin(async { panic!("of the driver") }), ..CASE };
static STUCK: TestCase = TestCase { pace: Pace::Real, drive: |_| Box::pin(std::future::pending()), ..CASE };
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
fn run(case: &'static TestCase, test_deadline_ms: u64) -> (Outcome, Vec<String>, usize) {
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
    let broken = result.violations().map(ToString::to_string).collect();
    assert!(!result.measurement.left_running);
    (result.outcome, broken, left_alive(&runtime))
}

/// FW-1: a test passes when what it checked holds; one that checked nothing, that saw nothing or that panicked fails.
///
/// Engine: law
#[test]
fn a_test_passes_only_by_what_it_checked() {
    let deadline = 60_000;
    assert_eq!(run(&SOUND, deadline), (Outcome::Passed, Vec::new(), 0));
    let (outcome, broken, _) = run(&VACUOUS, deadline);
    assert_eq!(
        (outcome, &*broken[0]),
        (Outcome::Failed, "FW-1: things checked: 0, where at least 1 is allowed")
    );
    let (outcome, broken, _) = run(&SILENT, deadline);
    assert_eq!((outcome, &*broken[0]), (Outcome::Failed, "MB-7: messages: 0, where 1 is allowed"));
    let (outcome, broken, _) = run(&PANICS, deadline);
    assert_eq!(outcome, Outcome::Failed);
    assert!(broken.iter().any(|check| check.contains("panicked: of the driver")), "{broken:?}");
}

/// FW-1: a test that waits for ever, and one that goes on for ever, is cancelled at its deadline and leaves no task.
///
/// Engine: law
#[test]
fn a_test_that_exceeds_its_deadline_is_cancelled() {
    for case in [&STUCK, &FOREVER] {
        let (outcome, _, alive) = run(case, 50);
        assert_eq!((outcome, alive), (Outcome::TimedOut, 0));
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
    assert!(whole.contains(&Outcome::Skipped));
    // No test of size ends within a millisecond.
    let cut = phases(1, false);
    assert!(cut.len() < 5 && cut.last() != Some(&Outcome::Skipped), "{cut:?}");
    assert_eq!(phases(1, true).len(), 5);
}
