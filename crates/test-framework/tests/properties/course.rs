//! Tests that do not come to their end: they fail, say why, and what they saw is not lost.

use std::{future::pending, sync::Arc, time::Duration};

use alys_test_framework::{
    Context, Judge, MigrationPhase, Outcome, Pace, Progress, Selection, Stage, TestCase, TestConfig,
    TestEventType, TestResult,
};

/// A test in virtual time that sees one thing and then does something else.
const fn case(
    drive: fn(Stage) -> std::pin::Pin<Box<dyn Future<Output = alys_test_framework::Driven>>>,
) -> TestCase {
    TestCase {
        name: "test_of_a_test",
        phase: MigrationPhase::Foundation,
        category: "framework",
        summary: "It does not come to its end.",
        pace: Pace::Virtual,
        suite: None,
        drive,
        judge: |seen, judge: &mut Judge| {
            judge.equal("FW-3", "things seen", 1_u64, seen.count(TestEventType::Observed));
        },
        gates: |_, _, _| (),
    }
}

static WAITS: TestCase = case(|stage| {
    Box::pin(async move {
        stage.record(TestEventType::Observed, "it", []);
        pending().await
    })
});

static PANICS: TestCase = case(|stage| {
    Box::pin(async move {
        stage.record(TestEventType::Observed, "it", []);
        stage.pass(Duration::from_millis(1)).await;
        std::panic::resume_unwind(Box::new("enough"))
    })
});

fn run(case: &'static TestCase) -> TestResult {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build();
    let runtime = runtime.expect("a runtime");
    let config = Arc::new(TestConfig { test_deadline_ms: 60_000, ..TestConfig::development() });
    let (handle, selection) = (runtime.handle().clone(), Selection::default());
    let context = Context { handle, config, selection, observer: Arc::new(|_: &Progress| ()) };
    runtime.block_on(context.run(case))
}

/// Checks that the only thing wrong is that the test did not come to its end.
fn assert_ends(result: &TestResult, why: &str) {
    assert_eq!(
        result.outcome,
        Outcome::Failed,
        "not TimedOut: nobody waits for the deadline of the wall clock"
    );
    let violations: Vec<_> = result.violations().map(|check| check.measured.to_string()).collect();
    assert_eq!(violations, [why]);
}

/// FW-1, FW-3: a test that waits for something that never comes fails at once, with the events that it has.
///
/// Engine: actor
#[test]
fn a_test_that_waits_for_ever_fails_at_once() {
    assert_ends(&run(&WAITS), "it waits for something that never comes");
}

/// FW-1, FW-3: a test that panics fails with what the panic said, and with the events that it has.
///
/// Engine: actor
#[test]
fn a_test_that_panics_keeps_what_it_saw() {
    assert_ends(&run(&PANICS), "panicked: enough");
}
