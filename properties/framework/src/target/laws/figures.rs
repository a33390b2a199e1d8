//! Figures: percentiles, counts, and comparisons with what was measured before.

use std::{collections::BTreeMap, fs, time::Duration};

use super::super::{
    alys::{
        Baseline, FrameworkError, Measurement,
        MigrationPhase::Foundation,
        Outcome::{self, Failed, Passed, Skipped, TimedOut},
        Percentiles, PhaseMetrics, ResourceMetrics, TestResult, Transferred, replay,
    },
    made::{SECOND, figures, folder, recorded, result},
};

pub(super) fn all() {
    percentiles();
    means();
    counts();
    joined();
    comparisons();
    additions();
    stored();
    regressions();
}

/// The percentile that sorting gives: the smallest sample that is not below so many thousandths of all.
fn sorted(samples: &[u64], permille: usize) -> u64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    sorted[(permille * sorted.len()).div_ceil(1000).max(1) - 1]
}

fn percentiles() {
    let mut state = 4_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for case in 0..300 {
        let (count, bits) = (1 + draw(400), 1 + draw(30));
        let samples: Vec<_> = (0..count).map(|_| draw(1 << bits)).collect();
        let found = Percentiles::of(&samples).expect("there are samples");
        assert_eq!((found.samples, Some(found.max)), (count, samples.iter().copied().max()));
        for (permille, found) in [(500, found.p50), (950, found.p95), (990, found.p99)] {
            let expected = sorted(&samples, permille);
            let close = expected <= found && found <= expected + expected / 1000 + 1;
            assert!(close, "case {case}: {permille} permille of {count} is {expected}, told was {found}");
        }
    }
    assert_eq!(Percentiles::of(&[]), None);
}

fn means() {
    let samples =
        [("latency".to_owned(), vec![1_000_000, 2_000_000, 6_000_000]), ("none".to_owned(), vec![])];
    let measurement = Measurement { samples: samples.into(), ..Measurement::default() };
    assert_eq!(measurement.mean_ms("latency"), Some(3.0));
    assert_eq!((measurement.mean_ms("none"), measurement.mean_ms("other")), (None, None));
}

fn lasting(outcome: Outcome, millis: u64) -> TestResult {
    let mut result = result("a test", Foundation, outcome);
    result.measurement.wall = Duration::from_millis(millis);
    result
}

fn counts() {
    let results = [lasting(Passed, 10), lasting(Failed, 20), lasting(TimedOut, 60), lasting(Skipped, 0)];
    let duration = Duration::from_secs(1);
    let expected = PhaseMetrics {
        tests_run: 3,
        tests_passed: 1,
        tests_failed: 2,
        tests_skipped: 1,
        duration,
        average_duration: Duration::from_millis(30),
    };
    assert_eq!(PhaseMetrics::of(&results, duration), expected);
    let nothing = PhaseMetrics { tests_skipped: 1, duration, ..PhaseMetrics::default() };
    assert_eq!(PhaseMetrics::of(&results[3..], duration), nothing);
}

/// What two processes took: the higher peaks, the sums of what adds up, and the mean over all samples.
fn joined() {
    let transferred = |in_bytes, out_bytes| Some(Transferred { in_bytes, out_bytes });
    let one = ResourceMetrics {
        samples: 3,
        watched: Duration::from_secs(2),
        memory_peak_bytes: 100,
        memory_mean_bytes: 40,
        cpu: Duration::from_secs(1),
        threads_peak: 9,
        open_files_peak: 4,
        network: transferred(1, 2),
        disk: transferred(3, 4),
        ..ResourceMetrics::default()
    };
    let other = ResourceMetrics {
        samples: 1,
        watched: Duration::from_secs(6),
        memory_peak_bytes: 90,
        memory_mean_bytes: 80,
        cpu: Duration::from_secs(3),
        threads_peak: 8,
        open_files_peak: 7,
        network: None,
        disk: transferred(10, 20),
        ..ResourceMetrics::default()
    };
    let expected = ResourceMetrics {
        samples: 4,
        watched: Duration::from_secs(8),
        memory_peak_bytes: 100,
        memory_mean_bytes: 50,
        cpu: Duration::from_secs(4),
        threads_peak: 9,
        open_files_peak: 7,
        network: None,
        disk: transferred(13, 24),
        ..ResourceMetrics::default()
    };
    assert_eq!(one.clone().joined(&other), expected);
    assert_eq!(expected.cpu_percent(), Some(50.0));
    assert_eq!(ResourceMetrics::default().cpu_percent(), None);
}

/// A figure a second gets worse by falling, any other by rising, in percent of the baseline.
fn comparisons() {
    let mut baseline = Baseline::default();
    let first = [("messages per second", 1000.0), ("latency in ms", 2.0), ("nothing", 0.0)];
    assert!(baseline.add(&[figures("a", Passed, &first)]));
    let later = [("messages per second", 800.0), ("latency in ms", 1.5), ("nothing", 5.0), ("new", 1.0)];
    let compared = baseline.compare(&[figures("a", Passed, &later), figures("b", Passed, &later)]);
    let worse: BTreeMap<_, _> = compared.iter().map(|one| (&*one.figure, one.worse_percent)).collect();
    assert_eq!(
        worse,
        [("a: latency in ms", -25.0), ("a: messages per second", 20.0), ("a: nothing", 0.0)].into()
    );
    let speed = compared.iter().find(|one| one.figure == "a: messages per second").expect("it is compared");
    assert_eq!((speed.baseline, speed.measured), (1000.0, 800.0));
    assert_eq!(baseline.compare(&[figures("a", Failed, &later)]), [], "it did not pass");
}

/// What was measured first stays; what did not pass, or is no number, is no baseline.
fn additions() {
    let mut baseline = Baseline::default();
    let bad = [("latency", f64::NAN), ("speed", f64::INFINITY)];
    assert!(!baseline.add(&[figures("a", Failed, &[("latency", 1.0)]), figures("a", Passed, &bad)]));
    assert_eq!(baseline, Baseline::default());
    assert!(baseline.add(&[figures("a", Passed, &[("latency", 1.0)])]));
    assert!(!baseline.add(&[figures("a", Passed, &[("latency", 9.0)])]), "there is nothing new");
    assert!(baseline.add(&[figures("a", Passed, &[("latency", 9.0), ("other", 3.0)])]));
    let expected = [("a: latency".to_owned(), 1.0), ("a: other".to_owned(), 3.0)];
    assert_eq!(baseline.figures, expected.into());
}

fn stored() {
    let folder = folder("stored");
    assert_eq!(Baseline::load(&folder).expect("there is none"), None);
    let baseline = Baseline { figures: [("a: latency".to_owned(), 1.25)].into() };
    let below = folder.join("below");
    baseline.store(&below).expect("its folder is made");
    assert_eq!(Baseline::load(&below).expect("it was stored"), Some(baseline));
    let path = below.join("baseline.json");
    fs::write(&path, "{}").expect("a file");
    let refused = Baseline::load(&below).expect_err("it has no figures");
    assert!(matches!(refused, FrameworkError::Baseline { path: at, .. } if at == path));
    fs::remove_file(&path).expect("a file");
    fs::create_dir(&path).expect("a folder where a file should be");
    assert!(matches!(Baseline::load(&below), Err(FrameworkError::File { .. })));
}

/// A regression is worse than its baseline by more than is allowed, an improvement better by more than that; a phase with
/// a regression has failed.
fn regressions() {
    let mut recorded = recorded("regressions");
    let known = ["exact", "worse", "better", "as much better", "slower per second"];
    recorded.baseline =
        Some(Baseline { figures: known.map(|name| (format!("{SECOND}: {name}"), 100.0)).into() });
    let figures = [("exact", 115.0), ("better", 84.0), ("as much better", 85.0), ("new", 1.0)];
    let (measurement, _) = recorded.tests[1].measured.as_mut().expect("it was measured");
    measurement.values = figures.map(|(name, value)| (name.to_owned(), value)).into();
    measurement.samples.insert("latency".to_owned(), (1..=100).collect());
    let kept = replay(&recorded);
    assert_eq!(
        kept.phases[0].outcome, Passed,
        "as much worse as is allowed: {:?}",
        kept.phases[0].violations
    );
    assert_eq!(kept.metrics.performance.regressions, []);
    let better: Vec<_> = kept.metrics.performance.improvements.iter().map(|one| &*one.figure).collect();
    assert_eq!(better, [format!("{SECOND}: better")]);
    assert_eq!(kept.metrics.performance.latencies[&format!("{SECOND}: latency")].p95, 95);

    let (measurement, _) = recorded.tests[1].measured.as_mut().expect("it was measured");
    measurement.values.extend([("worse".to_owned(), 115.5), ("slower per second".to_owned(), 84.0)]);
    let worse = replay(&recorded);
    assert_eq!((worse.phases[0].outcome, worse.phases[0].violations.len()), (Failed, 2));
    let names: Vec<_> = worse.metrics.performance.regressions.iter().map(|one| &*one.figure).collect();
    assert_eq!(names, [format!("{SECOND}: slower per second"), format!("{SECOND}: worse")]);
    recorded.baseline = None;
    let alone = replay(&recorded).metrics.performance;
    assert!(alone.regressions.is_empty() && alone.improvements.is_empty());
}
