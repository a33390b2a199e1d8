//! One test on a thread and a runtime of its own, until it ends or its deadline comes.

use std::{
    any::Any,
    future::{pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use alys_properties::measure::Stopwatch;
use tokio::{runtime::Builder, sync::oneshot, task::LocalSet, time::timeout};

use super::{Context, replay_command, select::mixed};
use crate::{
    case::{Driving, Pace, TestCase},
    config::TestConfig,
    event::{TestEvent, TestEventType},
    evidence::Evidence,
    judge::{Check, Judge},
    measurement::Measurement,
    metrics::Before,
    result::{Outcome, TestResult},
    stage::{DriveError, Driven, Stage},
};

/// How long a cancelled test may take to come to its next point of waiting.
const GRACE: Duration = Duration::from_secs(5);

/// Longer than any test takes in virtual time: whoever comes there has waited for something that never comes, and the
/// clock, which jumps to the next timer, was there at once.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// What a test has left behind.
type Left = (Vec<TestEvent>, Measurement);

/// Runs one test, and judges it.
pub(super) async fn play(case: &'static TestCase, context: &Context, deadline: Duration) -> TestResult {
    let (seed, watch) = (context.seed_of(case.name), Stopwatch::start());
    let given = Arc::clone(&context.config);
    // On the framework's runtime: that of the caller may have no timers, or a clock that stands still.
    let supervised =
        context.handle.spawn(within(deadline, move |cancelled| drive(case, given, seed, cancelled)));
    let (events, mut measurement) = match supervised.await {
        Ok(left) => left,
        Err(error) => (failed_to_run(&error.to_string()), Measurement::default()),
    };
    if measurement.timed_out {
        measurement.wall = watch.elapsed();
    }
    let mut result = judged_again(case, &context.config, events, measurement);
    result.measurement.overhead = watch.elapsed().saturating_sub(result.measurement.wall);
    result
}

/// Runs a test on a thread until it ends; cancels it at its deadline.
async fn within(
    deadline: Duration,
    drive: impl FnOnce(oneshot::Receiver<()>) -> Left + Send + 'static,
) -> Left {
    let (cancel, cancelled) = oneshot::channel();
    let mut thread = tokio::task::spawn_blocking(move || drive(cancelled));
    let panicked = |error: tokio::task::JoinError| {
        let words = error.try_into_panic().map_or_else(|error| error.to_string(), |panic| said(&*panic));
        (failed_to_run(&words), Measurement::default())
    };
    if let Ok(ended) = timeout(deadline, &mut thread).await {
        return ended.unwrap_or_else(panicked);
    }
    // It may have ended at this very moment, and nobody listens any more.
    let _ = cancel.send(());
    let (events, mut measurement) = match timeout(GRACE, thread).await {
        Ok(ended) => ended.unwrap_or_else(panicked),
        Err(_) => (Vec::new(), Measurement { left_running: true, ..Measurement::default() }),
    };
    measurement.timed_out = true;
    (events, measurement)
}

/// Drives a test on this thread. Whatever it has spawned ends with its task set.
fn drive(case: &TestCase, config: Arc<TestConfig>, seed: u64, cancelled: oneshot::Receiver<()>) -> Left {
    let time_is_virtual = case.pace == Pace::Virtual;
    let mut builder = Builder::new_current_thread();
    // Sockets are of the real world: a clock that jumps would not wait for them.
    if time_is_virtual {
        builder.enable_time()
    } else {
        builder.enable_all()
    };
    let runtime = match builder.start_paused(time_is_virtual).build() {
        Ok(runtime) => runtime,
        Err(error) => return (failed_to_run(&error.to_string()), Measurement::default()),
    };
    let tasks = LocalSet::new();
    tasks.block_on(&runtime, async {
        let stage = Stage::new(config, seed, time_is_virtual);
        let (watch, before) = (Stopwatch::start(), Before::now());
        let driven: Driven = tokio::select! {
            biased;
            _ = cancelled => Err(DriveError("it was cancelled at its deadline".to_owned())),
            driven = caught((case.drive)(stage.clone())) => driven,
            () = for_ever(&stage, time_is_virtual) => {
                Err(DriveError("it waits for something that never comes".to_owned()))
            }
        };
        if let Err(error) = driven {
            stage.record(TestEventType::DriverFailed, "driver", [("reason", error.0.into())]);
        }
        let wall = watch.elapsed();
        // Tests in virtual time run side by side: what the process took then was not theirs.
        let resources = if time_is_virtual { None } else { before.used() };
        let (events, measurement) = stage.take();
        (events, Measurement { wall, resources, ..measurement })
    })
}

/// Polls a test and catches its panic, so that what it saw until then is not lost.
async fn caught(mut driving: Driving) -> Driven {
    let panicked = |panic: Box<dyn Any + Send>| Poll::Ready(Err(DriveError(said(&*panic))));
    poll_fn(|cx| catch_unwind(AssertUnwindSafe(|| driving.as_mut().poll(cx))).unwrap_or_else(panicked)).await
}

/// Comes when nothing else can come any more; never in real time.
async fn for_ever(stage: &Stage, time_is_virtual: bool) {
    if time_is_virtual { stage.pass(FOR_EVER).await } else { pending().await }
}

/// The events of a test that never got so far as to record any.
fn failed_to_run(words: &str) -> Vec<TestEvent> {
    let metadata = [("reason".to_owned(), words.into())].into_iter().collect();
    vec![TestEvent {
        event_id: 0,
        timestamp: None,
        event_type: TestEventType::DriverFailed,
        source: crate::event::EventSource("driver".to_owned()),
        metadata: crate::event::EventMetadata(metadata),
    }]
}

/// Returns what a panic said.
pub(crate) fn said(panic: &(dyn Any + Send)) -> String {
    let words =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", words.unwrap_or("without words"))
}

/// Judges the events of a test: what was checked, and whether the test got to its end at all.
fn checks(case: &TestCase, events: &[TestEvent]) -> Vec<Check> {
    let mut judge = Judge::default();
    (case.judge)(Evidence::new(events), &mut judge);
    judge.at_least("FW-1", "things checked", 1_u64, judge.checks().len());
    let stuck = Evidence::new(events).of(TestEventType::DriverFailed).last();
    let reason = stuck.map_or("it got to its end", |event| event.words("reason"));
    judge.equal("FW-1", "the course of the test", "it got to its end", reason);
    judge.into_checks()
}

/// Checks what was measured of a test.
fn gates(case: &TestCase, config: &TestConfig, measurement: &Measurement) -> Vec<Check> {
    let mut judge = Judge::default();
    (case.gates)(measurement, config, &mut judge);
    judge.into_checks()
}

/// Returns what a test came to.
fn outcome(checks: &[Check], gates: &[Check], measurement: &Measurement) -> Outcome {
    if measurement.timed_out {
        return Outcome::TimedOut;
    }
    if checks.iter().chain(gates).all(Check::holds) { Outcome::Passed } else { Outcome::Failed }
}

/// Judges what was recorded of a test: a function of it, and of the configuration.
pub(crate) fn judged_again(
    case: &TestCase,
    config: &TestConfig,
    events: Vec<TestEvent>,
    measurement: Measurement,
) -> TestResult {
    let (checks, gates) = (checks(case, &events), gates(case, config, &measurement));
    TestResult {
        test_name: case.name.to_owned(),
        phase: case.phase,
        category: case.category.to_owned(),
        summary: case.summary.to_owned(),
        outcome: outcome(&checks, &gates, &measurement),
        skip: None,
        seed: mixed(config.seed, case.name),
        checks,
        gates,
        events,
        measurement,
        shortest: None,
        replay: replay_command(config, case.name),
    }
}
