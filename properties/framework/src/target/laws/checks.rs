//! Checks, questions to events, and the verdict on one test.

use std::sync::Arc;

use super::super::{
    alys::{
        Check, Context, DriveError, Driven, Evidence, Judge, Limit, Measurement, MigrationPhase, Outcome,
        Pace, Quantity, Selection, Stage, TestCase, TestConfig, TestEventType, TestResult,
    },
    made,
};

pub(super) fn all() {
    limits();
    lists();
    evidence();
    verdicts();
}

/// A limit allows by the order of numbers, and nothing but equality where there are words.
fn limits() {
    let (count, number, words) =
        (|count: u64| Quantity::from(count), |number: f64| Quantity::from(number), Quantity::from("5"));
    let near = [count(4), number(4.5), count(5), number(5.0), number(5.5), count(6)];
    for (at, measured) in near.iter().enumerate() {
        let is_five = (2..=3).contains(&at);
        assert_eq!(Limit::AtLeast(count(5)).allows(measured), at >= 2, "at least 5: {measured}");
        assert_eq!(Limit::AtMost(number(5.0)).allows(measured), at <= 3, "at most 5: {measured}");
        assert_eq!(Limit::Exactly(count(5)).allows(measured), at == 2, "exactly 5: {measured}");
        assert_eq!(measured.number() == Some(5.0), is_five);
    }
    assert!(Limit::Exactly(words.clone()).allows(&words) && !Limit::Exactly(count(5)).allows(&words));
    for limit in [Limit::AtLeast(count(0)), Limit::AtMost(count(9))] {
        assert!(!limit.allows(&words) && !limit.allows(&number(f64::NAN)), "{limit}");
    }
    let mut judge = Judge::default();
    judge.equal("A-1", "one", 1_u64, 1_u64);
    judge.at_least("A-2", "two", 2_u64, 1_u64);
    judge.at_most("A-3", "three", 3_u64, 4_u64);
    let said: Vec<_> = judge.checks().iter().map(|check| (check.to_string(), check.holds())).collect();
    let expected = [
        ("A-1: one: 1, where 1 is allowed", true),
        ("A-2: two: 1, where at least 2 is allowed", false),
        ("A-3: three: 4, where at most 3 is allowed", false),
    ];
    assert_eq!(said, expected.map(|(words, holds)| (words.to_owned(), holds)));
}

/// Lists are equal, or the first difference is shown with its event.
fn lists() {
    let same = |expected: &[u64], measured: &[(u64, u64)]| -> Check {
        let mut judge = Judge::default();
        judge.same("MB-3", "order", expected, measured);
        judge.into_checks().remove(0)
    };
    assert!(same(&[7, 8, 9], &[(0, 7), (4, 8), (5, 9)]).holds());
    assert!(same(&[], &[]).holds());
    type Differing = (&'static [(u64, u64)], usize, &'static str, Option<u64>);
    let differing: [Differing; 5] = [
        (&[(3, 6), (4, 8), (5, 9)], 0, "6", Some(3)),
        (&[(3, 7), (4, 9), (5, 8)], 1, "9", Some(4)),
        (&[(3, 7), (4, 8)], 2, "nothing", None),
        (&[(3, 7), (4, 8), (5, 9), (6, 1)], 3, "1", Some(6)),
        (&[], 0, "nothing", None),
    ];
    for (measured, at, shown, event) in differing {
        let check = same(&[7, 8, 9], measured);
        let expected = [7, 8, 9].get(at).map_or("nothing".to_owned(), ToString::to_string);
        assert!(!check.holds(), "{measured:?}");
        assert_eq!(
            (check.subject, check.limit, check.measured, check.event),
            (format!("order: entry {at}"), Limit::Exactly(expected.into()), shown.into(), event)
        );
    }
}

/// Questions are answered from the events of that kind and source alone, the last observation where it was repeated.
fn evidence() {
    let mut events: Vec<_> = (0..4).map(made::event).collect();
    events[1].event_type = TestEventType::MessageSent;
    events[2].source.0 = "other".to_owned();
    let seen = Evidence::new(&events);
    let observed = TestEventType::Observed;
    assert_eq!((seen.count(observed), seen.count_from(observed, "it")), (3, 2));
    assert_eq!(seen.counts(observed, "it", "count"), [(0, 0), (3, 3)]);
    assert_eq!(seen.observed("it", "count"), Some(&Quantity::Count(3)));
    assert_eq!(seen.observed("it", "another"), None);
    assert_eq!(seen.instants_ms(observed, "other"), [(2, 0.002)]);
    assert_eq!(seen.all().count(), 4);
}

const CASE: TestCase = TestCase {
    name: "test_of_the_framework",
    phase: MigrationPhase::Foundation,
    category: "framework",
    summary: "A test of the tests.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(receive(stage)),
    judge: |seen, judge| judge.equal("MB-7", "messages", 1_u64, seen.count(TestEventType::MessageReceived)),
    gates: |_, _, _| (),
};

async fn receive(stage: Stage) -> Driven {
    stage.record(TestEventType::MessageReceived, "receiver", []);
    stage.measured("figure", 4.0);
    Ok(())
}

static SOUND: TestCase = CASE;
static VACUOUS: TestCase = TestCase { judge: |_, _| (), ..CASE };
static SILENT: TestCase = TestCase { drive: |_| Box::pin(async { Ok(()) }), ..CASE };
static REFUSED: TestCase = TestCase { drive: |stage| Box::pin(refused(stage)), ..CASE };
static GATED: TestCase = TestCase { gates: gate, ..CASE };
static STUCK: TestCase = TestCase { pace: Pace::Real, drive: |_| Box::pin(std::future::pending()), ..CASE };

fn gate(measured: &Measurement, _: &TestConfig, judge: &mut Judge) {
    judge.at_least("FW-4", "figure", 5.0, measured.values.get("figure").copied().unwrap_or(f64::NAN));
}

async fn refused(stage: Stage) -> Driven {
    receive(stage).await?;
    Err(DriveError("it was refused".to_owned()))
}

fn run(case: &'static TestCase, test_deadline_ms: u64) -> TestResult {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build();
    let runtime = runtime.expect("a runtime");
    let config = Arc::new(TestConfig { test_deadline_ms, ..TestConfig::development() });
    let (handle, selection) = (runtime.handle().clone(), Selection::default());
    let context = Context { handle, config, selection, observer: Arc::new(|_| ()) };
    runtime.block_on(context.run(case))
}

/// A test passes when what it checked holds, when it checked something, and when it came to its end.
fn verdicts() {
    let broken = |case| -> Vec<String> { run(case, 60_000).violations().map(ToString::to_string).collect() };
    let sound = run(&SOUND, 60_000);
    assert_eq!((sound.outcome, sound.checks.len(), sound.events.len()), (Outcome::Passed, 3, 1));
    assert_eq!(sound.measurement.values.get("figure"), Some(&4.0));
    let failing: [(&'static TestCase, &str); 4] = [
        (&VACUOUS, "FW-1: things checked: 0, where at least 1 is allowed"),
        (&SILENT, "MB-7: messages: 0, where 1 is allowed"),
        (&REFUSED, "FW-1: the course of the test: it was refused, where it got to its end is allowed"),
        (&GATED, "FW-4: figure: 4.000, where at least 5.000 is allowed"),
    ];
    for (case, words) in failing {
        assert_eq!(broken(case), [words]);
        assert_eq!(run(case, 60_000).outcome, Outcome::Failed, "{words}");
    }
    let stuck = run(&STUCK, 20);
    assert_eq!((stuck.outcome, stuck.measurement.timed_out), (Outcome::TimedOut, true));
    assert!(!stuck.success() && !stuck.measurement.left_running && stuck.duration().as_millis() >= 20);
}
