//! Validators: what a phase and a result must keep to, at their limits.

use std::time::Duration;

use super::super::{
    alys::{
        MigrationPhase::{self, ActorCore, Foundation, SyncImprovement},
        Outcome::{self, Failed, Passed, Skipped, TimedOut},
        PhaseValidator, Recorded, ResultValidator, Skip, TestConfig, TestResult, replay,
    },
    made::{self, QUICK, SECOND, recorded, result},
};

pub(super) fn all() {
    categories();
    results();
    phases();
}

fn of(category: &str, outcome: Outcome) -> TestResult {
    TestResult { category: category.to_owned(), ..result("a test", ActorCore, outcome) }
}

fn broken(phase: MigrationPhase, results: &[TestResult], is_whole: bool) -> Vec<String> {
    let checks = PhaseValidator::of(phase).validate(results, is_whole);
    checks.iter().filter(|check| !check.holds()).map(ToString::to_string).collect()
}

/// A whole phase has run every category that it must have; each passes wholly; nothing fails.
fn categories() {
    let both = [of("lifecycle", Passed), of("recovery", Passed)];
    assert_eq!(broken(ActorCore, &both, true), [""; 0]);
    let missing = "ActorCoreValidator: tests of category recovery that ran: 0, where at least 1 is allowed";
    assert_eq!(broken(ActorCore, &both[..1], true), [missing]);
    assert_eq!(broken(ActorCore, &both[..1], false), [""; 0], "of a part nobody can ask that");
    let excused = [both[0].clone(), of("recovery", Skipped)];
    assert_eq!(broken(ActorCore, &excused, true), [""; 0], "it says itself that it is missing");
    let optional = Skip { required: false, reason: "no tool".to_owned() };
    let optional = [both[0].clone(), TestResult { skip: Some(optional), ..of("recovery", Skipped) }];
    assert_eq!(broken(ActorCore, &optional, true), [missing]);
    let half = [both[0].clone(), both[1].clone(), of("recovery", TimedOut)];
    let expected = [
        "ActorCoreValidator: failed tests: 1, where at most 0 is allowed",
        "ActorCoreValidator: passed of category recovery in percent: 50.000, where at least 100.000 is allowed",
    ];
    assert_eq!(broken(ActorCore, &half, true), expected);
    let names = MigrationPhase::ALL.map(|phase| PhaseValidator::of(phase).name);
    let expected = [
        "FoundationValidator",
        "ActorCoreValidator",
        "SyncValidator",
        "LighthouseValidator",
        "GovernanceValidator",
    ];
    assert_eq!(names, expected);
    assert_eq!(broken(Foundation, &[of("framework", Failed)], true).len(), 1);
    assert_eq!(broken(SyncImprovement, &[of("checkpoints", Passed)], true).len(), 1, "no full sync ran");
}

/// A test takes five minutes at most, and the configured share of the tests passes at least.
fn results() {
    let holds = |validator: ResultValidator, ran: &[TestResult], config: &TestConfig| {
        let ran: Vec<_> = ran.iter().collect();
        validator.validate(&ran, config).iter().map(|check| check.holds()).collect::<Vec<_>>()
    };
    let mut config = TestConfig::development();
    let lasting = |wall| {
        let mut result = of("lifecycle", Passed);
        result.measurement.wall = wall;
        result
    };
    let five_minutes = Duration::from_secs(300);
    let ran = [lasting(five_minutes), lasting(five_minutes + Duration::from_millis(1))];
    assert_eq!(holds(ResultValidator::Duration, &ran, &config), [true, false]);
    config.performance.success_percent_min = 75.0;
    let mut ran = vec![of("lifecycle", Passed), of("lifecycle", Passed), of("lifecycle", Passed)];
    ran.push(of("lifecycle", Failed));
    assert_eq!(holds(ResultValidator::SuccessRate, &ran, &config), [true]);
    ran.push(of("lifecycle", TimedOut));
    assert_eq!(holds(ResultValidator::SuccessRate, &ran, &config), [false]);
    assert_eq!(holds(ResultValidator::SuccessRate, &[], &config), [true; 0]);
}

/// What a record of the two quick tests comes to when something of it is another way.
fn comes_to(recorded: &Recorded, change: fn(&mut Recorded)) -> (Outcome, bool, Vec<String>) {
    let mut changed = recorded.clone();
    changed.identity.filter = None;
    change(&mut changed);
    let phases = replay(&changed).phases;
    assert_eq!(phases.len(), 1);
    let violations = phases[0].violations.iter().map(ToString::to_string).collect();
    (phases[0].outcome, phases[0].success, violations)
}

fn skip(recorded: &mut Recorded, name: &str, required: bool) {
    let test = recorded.tests.iter_mut().find(|test| test.name == name).expect("one of the two");
    test.skip = Some(Skip { required, reason: "it is missing".to_owned() });
}

fn measured<'a>(recorded: &'a mut Recorded, name: &str) -> &'a mut made::Measured {
    let test = recorded.tests.iter_mut().find(|test| test.name == name).expect("one of the two");
    test.measured.as_mut().expect("it was measured")
}

/// A phase comes to the worst of its tests; what was skipped never counts as passed.
fn phases() {
    type Change = fn(&mut Recorded);
    let recorded = recorded("validators");
    let cases: [(&str, Change, Outcome); 8] = [
        ("all pass", |_| (), Passed),
        ("one is skipped and was required", |run| skip(run, QUICK, true), Skipped),
        ("one is skipped and was not", |run| skip(run, QUICK, false), Passed),
        (
            "all are skipped",
            |run| {
                skip(run, QUICK, false);
                skip(run, SECOND, false);
            },
            Skipped,
        ),
        ("one saw nothing", |run| run.tests[0].events.clear(), Failed),
        ("one exceeded its deadline", |run| measured(run, QUICK).0.timed_out = true, TimedOut),
        (
            "one is skipped, and another exceeded its deadline",
            |run| {
                skip(run, SECOND, true);
                measured(run, QUICK).0.timed_out = true;
            },
            TimedOut,
        ),
        ("one took too long", |run| measured(run, QUICK).0.wall = Duration::from_secs(301), Failed),
    ];
    for (what, change, expected) in cases {
        let (outcome, success, violations) = comes_to(&recorded, change);
        assert_eq!((outcome, success), (expected, expected == Passed), "{what}: {violations:?}");
        assert_eq!(violations.is_empty(), matches!(expected, Passed | Skipped), "{what}: {violations:?}");
    }
}
