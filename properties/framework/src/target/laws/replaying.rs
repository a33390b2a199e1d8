//! Replaying: a record gives its verdicts and metrics again, and whatever of it was changed shows.

use std::time::Duration;

use super::super::{
    alys::{Measurement, MigrationPhase::Foundation, Outcome, Recorded, replay},
    made::{SECOND, recorded},
};

pub(super) fn all() {
    let recorded = recorded("replaying");
    let again = replay(&recorded);
    assert_eq!(again.differences, []);
    assert_eq!(Some(&again.metrics), recorded.metrics.as_ref());
    assert_eq!(again.phases.len(), 1);
    let told: Vec<_> = again.phases[0]
        .results
        .iter()
        .map(|test| (&test.test_name, test.outcome, test.checks.len()))
        .collect();
    let kept: Vec<_> = recorded.tests.iter().map(|test| (&test.name, Outcome::Passed)).collect();
    assert_eq!(told.iter().map(|test| (test.0, test.1)).collect::<Vec<_>>(), kept);
    assert!(told.iter().all(|test| test.2 >= 3), "{told:?}");
    for (what, change, expected) in CHANGES {
        let mut changed = recorded.clone();
        change(&mut changed);
        let of: Vec<_> = replay(&changed).differences.into_iter().map(|found| found.of).collect();
        assert_eq!(of, *expected, "{what}");
    }
}

/// What is changed in a record, and of what replay must say that it differs.
type Change = (&'static str, fn(&mut Recorded), &'static [&'static str]);

const CHECKS: &str = "test_shards_partition_the_tests: checks, and broken ones";

const CHANGES: &[Change] = &[
    (
        "the last event of a test is gone",
        |run| drop(run.tests[1].events.pop()),
        &[SECOND, CHECKS, "phase foundation", "metrics"],
    ),
    ("a test passed that did not", |run| measured(run).1 = Outcome::Failed, &[SECOND]),
    ("a test was checked less", |run| run.tests[1].ended = Some((1, 0)), &[CHECKS]),
    ("a test broke something", |run| broken_one(run), &[CHECKS]),
    ("a test has no end", |run| run.tests[1].ended = None, &[CHECKS]),
    ("a test was not measured", |run| run.tests[1].measured = None, &[SECOND, "metrics"]),
    ("a test had another seed", |run| run.tests[1].seed += 1, &["test_shards_partition_the_tests: seed"]),
    (
        "a test is of another version",
        |run| run.tests[1].name.push('x'),
        &["test_shards_partition_the_testsx", "phase foundation", "metrics"],
    ),
    ("a test took longer", |run| measured(run).0.wall += Duration::from_millis(1), &["metrics"]),
    ("a phase failed", |run| phase(run).0 = Outcome::Failed, &["phase foundation"]),
    ("a phase took longer", |run| phase(run).1 += Duration::from_secs(1), &["metrics"]),
    ("a phase has no end", |run| run.phases.clear(), &["test_virtual_time", SECOND, "metrics"]),
    ("the run has no end", |run| run.metrics = None, &["the run"]),
    ("the resources were others", |run| run.resources.clear(), &["metrics"]),
];

fn measured(run: &mut Recorded) -> &mut (Measurement, Outcome) {
    run.tests[1].measured.as_mut().expect("it was measured")
}

fn phase(run: &mut Recorded) -> &mut (Outcome, Duration) {
    run.phases.get_mut(&Foundation).expect("it was run")
}

fn broken_one(run: &mut Recorded) {
    let (_, broken) = run.tests[1].ended.as_mut().expect("it has ended");
    *broken += 1;
}
