//! Runs: the order of phases, what ends them, and what is written beside them.

use std::{fs, sync::Arc};

use super::super::{
    alys::{
        Baseline, FrameworkError,
        MigrationPhase::{self, ActorCore, Foundation, SyncImprovement},
        MigrationTestFramework,
        Outcome::{Passed, Skipped, TimedOut},
        Progress, TestConfig, read,
    },
    made::{LATER, QUICK, config, folder, only, run},
};

pub(super) fn all() {
    one_seed_one_log();
    failures_end_the_run();
    observed();
    baselines();
    nothing_is_called_so();
    data_directories();
    names();
}

/// A phase is called by its name, with hyphens or underscores, and by nothing else.
fn names() {
    for phase in MigrationPhase::ALL {
        assert_eq!(phase.name().parse(), Ok(phase));
        assert_eq!(phase.name().replace('_', "-").parse(), Ok(phase));
    }
    for name in ["", "foundation ", "actor", "actor__core", "Foundation"] {
        let refused = name.parse::<MigrationPhase>().expect_err(name).to_string();
        assert!(
            refused.starts_with(&format!("no phase is called `{name}`; allowed are foundation, ")),
            "{refused}"
        );
    }
}

/// The same seed and configuration give the same event log, byte for byte, and another seed another one.
fn one_seed_one_log() {
    let data = folder("one_seed_one_log");
    let log = |seed: u64| {
        let config = TestConfig { seed, ..config(&data) };
        let (directory, report) = run(config, only("_t"), &[Foundation]).expect("a run");
        assert_eq!((report.outcome, report.exit_code(&[])), (Passed, 0));
        fs::read_to_string(directory.join("events.jsonl")).expect("its log")
    };
    let (first, again, other) = (log(1), log(1), log(2));
    assert_eq!(first, again);
    assert_ne!(first, other);
    let seeds = |log: &str| {
        let starts = log.lines().filter(|line| line.starts_with(r#"{"test""#)).map(str::to_owned);
        starts.collect::<Vec<_>>()
    };
    assert!(seeds(&first).iter().zip(seeds(&other)).all(|(one, other)| *one != other), "{first}\n{other}");
    assert_ne!(seeds(&first)[0].split("seed").nth(1), seeds(&first)[1].split("seed").nth(1));
}

/// A failed phase ends the run unless it is told to go on; a skipped one does not.
fn failures_end_the_run() {
    let data = folder("failures_end_the_run");
    let outcomes = |continue_after_failure| {
        let config = TestConfig { test_deadline_ms: 1, continue_after_failure, ..config(&data) };
        let (directory, report) = run(config, only(LATER), &MigrationPhase::ALL).expect("a run");
        assert_eq!(read(&directory).expect("its record").phases.len(), report.phases.len());
        assert_eq!((report.outcome, report.exit_code(&[])), (TimedOut, 1));
        report.phases.into_iter().map(|phase| (phase.phase, phase.outcome)).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(false), [(Foundation, Skipped), (ActorCore, TimedOut)]);
    let all = outcomes(true);
    assert_eq!(all.iter().map(|phase| phase.0).collect::<Vec<_>>(), MigrationPhase::ALL);
    let ran: Vec<_> = all.iter().filter(|phase| phase.1 != Skipped).collect();
    assert_eq!(ran, [&(ActorCore, TimedOut)]);
}

/// Whoever watches is told of each phase with the tests that are selected, and of each test that has ended.
fn observed() {
    let (seen, runtime) = (
        Arc::new(parking_lot::Mutex::new(Vec::new())),
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers"),
    );
    let told = Arc::clone(&seen);
    let observer = move |progress: &Progress| {
        if let Progress::Phase { phase, tests } = progress {
            told.lock().push(format!("{phase}: {tests}"));
        } else if let Progress::Ended(result) = progress {
            told.lock().push(result.test_name.clone());
        }
    };
    let data = folder("observed");
    runtime.block_on(async {
        let framework = MigrationTestFramework::with(config(&data), only(QUICK), Arc::new(observer));
        let framework = framework.expect("a valid configuration");
        assert_eq!(framework.workers(), 8);
        let result = framework.run_phase_validation(Foundation).await;
        assert!(result.success && result.results.len() == 1);
        assert_eq!(framework.run_phase_validation(SyncImprovement).await.outcome, Skipped);
        let metrics = framework.collect_metrics().await;
        assert_eq!((metrics.total_tests, metrics.outcomes), (1, [(Passed, 1)].into()));
        framework.shutdown().await.expect("nothing runs any more");
    });
    let expected = ["foundation: 1", QUICK, "sync_improvement: 0"];
    let seen = seen.lock();
    assert_eq!(
        seen.iter().filter(|line| !line.starts_with("test_") || *line == QUICK).collect::<Vec<_>>(),
        expected
    );
}

/// Figures of a run are stored once, where speed is tracked; what is no baseline is refused and left as it is.
fn baselines() {
    let data = folder("baselines");
    let tracked = |tracking| TestConfig { performance_tracking: tracking, ..config(&data) };
    let path = data.join("baseline.json");
    let stored = Baseline { figures: [("a test: figure".to_owned(), 2.0)].into() };
    stored.store(&data).expect("a folder");
    let (directory, _) = run(tracked(false), only(QUICK), &[Foundation]).expect("a run");
    assert_eq!(read(&directory).expect("its record").baseline, None);
    let (directory, _) = run(tracked(true), only(QUICK), &[Foundation]).expect("a run");
    assert_eq!(read(&directory).expect("its record").baseline, Some(stored));
    fs::write(&path, "{\"figures\": 1}").expect("a file");
    let refused = run(tracked(true), only(QUICK), &[Foundation]).expect_err("it is no baseline");
    assert!(matches!(&refused, FrameworkError::Baseline { path: at, .. } if *at == path), "{refused}");
    assert_eq!(fs::read_to_string(&path).expect("it is still there"), "{\"figures\": 1}");
}

fn nothing_is_called_so() {
    let data = folder("nothing_is_called_so");
    let refused = run(config(&data), only("no such test"), &[Foundation]).expect_err("nothing is selected");
    assert!(matches!(refused, FrameworkError::NothingSelected { filter } if filter == "no such test"));
    assert!(!data.join("runs").exists(), "nothing is begun");
    let wrong = TestConfig { test_deadline_ms: 0, ..config(&data) };
    let refused = run(wrong, only(QUICK), &[Foundation]).expect_err("no test ends at once");
    assert!(matches!(refused, FrameworkError::Config(_)), "{refused}");
    assert!(!data.join("runs").exists(), "nothing is begun");
}

/// A data directory that cannot be used is refused by its field, its value and what is allowed; what lies there stays.
fn data_directories() {
    let folder = folder("data_directories");
    let (file, baseline) = (folder.join("file"), folder.join("data/baseline.json"));
    fs::write(&file, "kept").expect("a file");
    fs::create_dir_all(&baseline).expect("a folder where a file should be");
    for (data, tracking, at) in [
        (file.clone(), false, file.join("runs")),
        (file.join("below"), true, file.join("below/baseline.json")),
        (folder.join("data"), true, baseline),
    ] {
        let config = TestConfig { performance_tracking: tracking, ..config(&data) };
        let refused = run(config, only(QUICK), &[Foundation]).expect_err("no such folder can be");
        let words = refused.to_string();
        assert!(
            words.starts_with(&format!("`test_data_dir` is {}, and {}", data.display(), at.display())),
            "{words}"
        );
        assert!(words.ends_with("allowed is a folder that can be made, read and written"), "{words}");
    }
    assert_eq!(fs::read_to_string(&file).expect("a file"), "kept");
}
