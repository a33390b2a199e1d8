//! The baseline: what was measured, compared with what is measured.

use std::{collections::BTreeMap, fs};

use alys_test_framework::{
    Baseline, FrameworkError, MigrationPhase, Outcome, Selection, TestConfig, TestResult,
};

use super::support::{config, folder, run};

/// A passed test of these figures, run in a folder of this name.
fn measured(name: &str, figures: &[(&str, f64)]) -> TestResult {
    let folder = folder(name);
    let selection = Selection { filter: Some("virtual_time".to_owned()), shard: None };
    let mut result = run(config(&folder), selection).report.phases.remove(0).results.remove(0);
    assert_eq!((result.phase, result.outcome), (MigrationPhase::Foundation, Outcome::Passed));
    result.measurement.values = figures.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    result
}

/// FW-4: a figure a second gets worse by falling, any other by rising, by so many percent of the baseline; a figure that
/// the baseline does not have is compared with nothing, and one that it has stays as it was measured first.
///
/// Engine: law
#[test]
fn figures_are_compared_with_those_that_were_measured_first() {
    let mut baseline = Baseline::default();
    assert!(
        baseline
            .add(&[measured("baseline_first", &[("messages per second", 1000.0), ("latency in ms", 2.0)])])
    );
    let later =
        [measured("baseline_later", &[("messages per second", 800.0), ("latency in ms", 1.5), ("new", 1.0)])];
    let worse: BTreeMap<_, _> = baseline
        .compare(&later)
        .into_iter()
        .map(|compared| (compared.figure, compared.worse_percent))
        .collect();
    let expected =
        [("test_virtual_time: latency in ms", -25.0), ("test_virtual_time: messages per second", 20.0)];
    assert_eq!(worse, expected.map(|(name, percent)| (name.to_owned(), percent)).into());
    assert!(baseline.add(&later), "there is a new figure");
    assert_eq!(baseline.figures["test_virtual_time: messages per second"], 1000.0);
}

/// FW-4: figures of a test that did not pass are no baseline.
///
/// Engine: law
#[test]
fn what_did_not_pass_is_no_baseline() {
    let failed = TestResult {
        outcome: Outcome::Failed,
        ..measured("baseline_failed", &[("messages per second", 1.0)])
    };
    let mut baseline = Baseline::default();
    assert!(!baseline.add(&[failed]));
    assert_eq!(baseline, Baseline::default());
}

/// FW-4, FW-5: a run whose figure is worse than the stored one by more than is allowed fails its phase; a file that is no
/// baseline is refused by its path, and is left as it is.
///
/// Engine: law
#[test]
fn a_stored_baseline_is_read_or_refused() {
    let folder = folder("a_stored_baseline_is_read_or_refused");
    let mut baseline = Baseline::default();
    baseline.add(&[measured("baseline_stored", &[("latency in ms", 2.0)])]);
    baseline.store(&folder).expect("a folder of this test");
    assert_eq!(Baseline::load(&folder).expect("it was stored"), Some(baseline));
    let path = folder.join("baseline.json");
    fs::write(&path, "{\"figures\": 1}").expect("a folder of this test");
    let tracked = TestConfig { performance_tracking: true, ..config(&folder) };
    let refused = alys_test_framework::MigrationTestFramework::new(tracked).expect_err("it is no baseline");
    assert!(matches!(&refused, FrameworkError::Baseline { path: at, .. } if *at == path), "{refused}");
    assert_eq!(fs::read_to_string(&path).expect("it is still there"), "{\"figures\": 1}");
}
