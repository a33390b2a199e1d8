//! Reports to show: runs of the real framework, with what a sound tree does not give put in.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use alys_properties::{
    coverage::{SituationCount, SuiteCoverage, artifacts},
    showcase,
};
use alys_test_framework::{
    Baseline, ChaosPlan, ChaosReport, ChaosTestFramework, ChaosTime, Check, Identity, Judge, Measurement,
    MigrationPhase, MigrationTestFramework, Outcome, PhaseMetrics, PropertyCoverage, Recorded, Report,
    RunWriter, Shortest, TestConfig, TestEventType, TestMetrics, TestResult, TrendPoint, ValidationResult,
    read,
};

/// A name that a page must show as it is.
const HOSTILE: &str =
    "<script>document.title='broken'</script> \"quoted\" 'single' & <!--<script> </pre> ü 🦀";

/// A folder for one report, empty.
fn folder(name: &str) -> PathBuf {
    let folder = artifacts().with_file_name("browser").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn config() -> TestConfig {
    TestConfig {
        continue_after_failure: true,
        test_data_dir: "target/alys-test".into(),
        ..TestConfig::development()
    }
}

/// A real run of all phases, written down and read again.
fn run() -> Recorded {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (phases, metrics) = runtime.block_on(async {
        let framework = MigrationTestFramework::new(config()).unwrap();
        let run = (framework.run_all().await, framework.collect_metrics().await);
        framework.shutdown().await.unwrap();
        run
    });
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let identity = Identity { schema: 1, version, config: config(), filter: None, shard: None };
    let mut writer = RunWriter::create(&folder("run"), &identity, None).unwrap();
    for phase in &phases {
        writer.phase(phase).unwrap();
    }
    read(&writer.end(&metrics).unwrap()).unwrap()
}

/// A run in which a test failed at an event, with the shortest way to a failure; another exceeded its deadline; names are
/// hostile; and everything that a report can have is there.
pub(super) fn mixed() -> Report {
    let mut recorded = run();
    let failing =
        recorded.tests.iter_mut().find(|test| test.name == "test_actor_creation_lifecycle").unwrap();
    let answer =
        failing.events.iter_mut().filter(|event| event.event_type == TestEventType::ReplyReceived).nth(1);
    answer.unwrap().metadata.0.insert("answer".to_owned(), 7_u64.into());
    failing.shortest = Some(shortest());
    let late = recorded.tests.iter_mut().find(|test| test.name == "test_virtual_time").unwrap();
    late.measured.as_mut().unwrap().0.timed_out = true;
    let mut report = Report::of(&recorded);
    let actors = phase_of(&mut report, MigrationPhase::ActorCore);
    let sampled = actors.results[0].clone();
    actors.results.extend([hostile(&sampled), measured(&sampled, 1.0), measured(&sampled, 40.0)]);
    let results: Vec<_> = report.results().cloned().collect();
    report.compared = baseline(&results).compare(&results);
    report.trend = trend();
    report.chaos = Some(chaos());
    report.coverage = PropertyCoverage::read(&suites()).unwrap();
    recount(&mut report);
    report
}

fn phase_of(report: &mut Report, phase: MigrationPhase) -> &mut ValidationResult {
    report.phases.iter_mut().find(|one| one.phase == phase).unwrap()
}

/// A chaos run in virtual time, one step of which was made to look as if nothing had come of it.
fn chaos() -> ChaosReport {
    let mut plan = ChaosPlan::default();
    plan.steps.retain(|step| step.strategy.time() == ChaosTime::Virtual);
    let mut report = ChaosTestFramework::new(plan).unwrap().run();
    report.effective -= std::mem::take(&mut report.injections[1].effective);
    report.injections[1].note = Some(HOSTILE.to_owned());
    report
}

/// The counterexample of a planted fault, as the suite finds it.
fn shortest() -> Shortest {
    let fault = showcase::faults().find(|fault| fault.rules.contains(&"MB-2")).unwrap();
    let found = showcase::show(fault.id).unwrap();
    let rule = found.rule().map(str::to_owned);
    Shortest { rule, text: found.to_string(), page: found.page(), replay: found.replay.clone() }
}

/// A failed test whose every text is hostile, without an event that its check names.
fn hostile(like: &TestResult) -> TestResult {
    let mut judge = Judge::default();
    judge.equal(HOSTILE, HOSTILE, HOSTILE, "</script>");
    judge.at_most("MB-1", "messages queued", 100_u64, 100_u64);
    let mut result = TestResult {
        test_name: format!("{HOSTILE} {}", "without_an_end_".repeat(20)),
        category: HOSTILE.to_owned(),
        summary: HOSTILE.to_owned(),
        outcome: Outcome::Failed,
        checks: judge.into_checks(),
        shortest: None,
        replay: format!("echo {HOSTILE}"),
        ..like.clone()
    };
    for event in &mut result.events {
        event.source.0 = format!("{} {HOSTILE}", event.source.0);
    }
    result
}

/// A passed test with samples and values; `scale` makes it slower.
fn measured(like: &TestResult, scale: f64) -> TestResult {
    let mut random = fastrand::Rng::with_seed(7);
    let mut sample = || (((random.f64() + random.f64() + 0.2).exp() * 900.0 * scale) as u64, random.f64());
    let samples = (0..3000).map(|_| sample()).map(|(time, rare)| if rare < 0.02 { time * 12 } else { time });
    let measurement = Measurement {
        wall: Duration::from_micros(48_213),
        values: [
            ("messages per second".to_owned(), 812_345.6 / scale),
            ("memory kept in bytes".to_owned(), 8192.0),
        ]
        .into(),
        samples: [("latency".to_owned(), samples.collect())].into(),
        ..Measurement::default()
    };
    let mut gates = Judge::default();
    gates.at_least("throughput", "messages per second", 1000.0, 812_345.6 / scale);
    TestResult {
        test_name: format!("test_high_throughput_messaging_{scale}"),
        category: "concurrency".to_owned(),
        summary: "A thousand messages and more go through one mailbox.".to_owned(),
        outcome: Outcome::Passed,
        checks: holding(),
        gates: gates.into_checks(),
        measurement,
        shortest: None,
        ..like.clone()
    }
}

fn holding() -> Vec<Check> {
    let mut judge = Judge::default();
    judge.equal("MB-7", "messages received", 1000_u64, 1000_u64);
    judge.equal("MB-3", "order within a lane", "as it was sent", "as it was sent");
    judge.at_least("FW-1", "things checked", 1_u64, 2_u64);
    judge.into_checks()
}

/// A baseline beside which one figure is better, one worse and one the same.
fn baseline(results: &[TestResult]) -> Baseline {
    let figures = results.iter().flat_map(|result| {
        result
            .measurement
            .values
            .iter()
            .map(|(name, value)| (format!("{}: {name}", result.test_name), *value))
    });
    let changed = figures.zip([1.0, 0.7, 1.0, 1.31]).map(|((name, value), change)| (name, value * change));
    Baseline { figures: changed.collect() }
}

fn trend() -> Vec<TrendPoint> {
    let mut random = fastrand::Rng::with_seed(11);
    let point = |run: u64| {
        let failed = u64::from(run % 7 == 3) + u64::from(run % 11 == 5);
        let skipped = if run < 9 { 30 } else { 23 };
        let figures = ["messages per second", "restart in microseconds"].map(|name| {
            (
                format!("test_high_throughput_messaging: {name}"),
                700_000.0 + 90_000.0 * random.f64() + 1000.0 * run as f64,
            )
        });
        let passed = 10 + run - failed;
        TrendPoint {
            run,
            passed,
            failed,
            skipped,
            tests_ms: 900.0 + 60.0 * run as f64,
            figures: figures.into(),
        }
    };
    (1..=24).map(point).collect()
}

/// A folder as suites leave it: one that met everything, one that missed something, one without situations, one of
/// another version.
fn suites() -> PathBuf {
    let folder = folder("suites");
    let result = |suite: &str, did: &str| {
        fs::write(
            folder.join(format!("{suite}-result.json")),
            format!("{{\"suite\":\"{suite}\",\"passed\":true,\"did\":{did}}}"),
        )
    };
    result(
        "mailbox",
        "{\"cases\":300000,\"transitions\":12135647,\"seconds\":18.558519279,\"seed\":169303789}",
    )
    .unwrap();
    result("mailbox_loom_ends", "{\"interleavings\":292,\"scenarios\":5,\"seconds\":0.022438723}").unwrap();
    for (suite, count) in [("mailbox", 12), ("tracker", 0)] {
        let coverage = serde_json::to_vec(&went_through(suite, count)).unwrap();
        fs::write(folder.join(format!("{suite}-coverage.json")), coverage).unwrap();
    }
    fs::write(folder.join("another-coverage.json"), "{}").unwrap();
    folder
}

fn went_through(suite: &str, count: u64) -> SuiteCoverage {
    let words = |words: [&str; 2]| words.map(str::to_owned).to_vec();
    let situation = |name: &str, count| SituationCount { name: name.to_owned(), count, minimum: 5 };
    SuiteCoverage {
        suite: suite.to_owned(),
        whole: true,
        cases: 1000,
        seed: 7,
        transitions: 40_000,
        kinds: words(["send", "receive"]),
        classes: words(["empty", "full"]),
        rows: Vec::new(),
        situations: vec![situation("a full mailbox", 80), situation("a sender that waits", count)],
        sample: alys_properties::coverage::Sample::default(),
    }
}

/// A report of a run of which nothing was selected.
pub(super) fn nothing() -> Report {
    let mut report = Report::of(&Recorded { tests: Vec::new(), phases: BTreeMap::new(), ..run() });
    report.differences.clear();
    recount(&mut report);
    report
}

/// A report of so many tests, every thirtieth of which failed.
pub(super) fn of_many(tests: usize) -> Report {
    let mut report = Report::of(&run());
    let actors = phase_of(&mut report, MigrationPhase::ActorCore);
    let like = actors.results[0].clone();
    let (passed, failed) = (measured(&like, 1.0), hostile(&like));
    let of = |number: usize| {
        let mut result = if number % 30 == 7 { failed.clone() } else { passed.clone() };
        result.test_name = format!("{number} {}", result.test_name);
        // Thousands of samples of each of thousands of tests are more than anybody keeps.
        if number >= 50 {
            result.measurement.samples.clear();
        }
        result
    };
    actors.results = (0..tests).map(of).collect();
    recount(&mut report);
    report
}

/// Counts what is in a report, and says what it came to.
fn recount(report: &mut Report) {
    let mut metrics = TestMetrics { execution: report.metrics.execution.clone(), ..TestMetrics::default() };
    for phase in &mut report.phases {
        let counted = PhaseMetrics::of(&phase.results, phase.duration);
        metrics.total_tests += counted.tests_run;
        metrics.phases.insert(phase.phase, counted);
        for result in &phase.results {
            *metrics.outcomes.entry(result.outcome).or_default() += 1;
        }
        if phase.results.iter().any(|result| result.outcome == Outcome::Failed) {
            (phase.outcome, phase.success) = (Outcome::Failed, false);
        }
    }
    let failed = report.phases.iter().any(|phase| phase.outcome == Outcome::Failed);
    if failed {
        report.outcome = Outcome::Failed;
    }
    report.metrics = metrics;
}
