//! The two files of a run: what is written is read again, nothing that differs from run to run is among the events, and
//! what is no record is refused by its line.

use std::{fs, path::Path, time::Duration};

use super::super::{
    alys::{
        Baseline, LineCoverage, LogError, Measurement,
        MigrationPhase::Foundation,
        Outcome::{Failed, Passed, Skipped, TimedOut},
        RunWriter, Shortest, TestMetrics, TestResult, ValidationResult, read,
    },
    made::{config, event, figures, folder, identity, phase, result, written},
};

const EVENTS: &str = "events.jsonl";
const MEASUREMENTS: &str = "measurements.jsonl";

pub(super) fn all() {
    what_is_written_is_read();
    events_are_free_of_measurements();
    runs_are_numbered();
    what_is_no_record_is_refused();
}

fn results() -> Vec<TestResult> {
    let shortest = Shortest {
        rule: Some("MB-2".to_owned()),
        text: "one step".to_owned(),
        page: "<p>".to_owned(),
        replay: "again".to_owned(),
    };
    vec![
        figures("one", Passed, &[("messages per second", 1000.5)]),
        TestResult { shortest: Some(shortest), ..result("two", Foundation, Failed) },
        result("three", Foundation, TimedOut),
        result("four", Foundation, Skipped),
    ]
}

/// Everything of a run is in its files; what a test saw that was cancelled is in neither.
fn what_is_written_is_read() {
    let data = folder("what_is_written_is_read");
    let (config, results) = (config(&data), results());
    let baseline = Baseline { figures: [("one: messages per second".to_owned(), 999.0)].into() };
    let mut writer = RunWriter::create(&data, &identity(&config), Some(&baseline)).expect("a folder");
    writer.phase(&phase(Foundation, Failed, results.clone())).expect("a folder");
    writer.lines(&LineCoverage::Skipped("no tool".to_owned())).expect("a folder");
    let metrics = TestMetrics { total_tests: 3, ..TestMetrics::default() };
    let recorded = read(&writer.end(&metrics).expect("a folder")).expect("a record");
    assert_eq!(recorded.identity, identity(&config));
    assert_eq!((recorded.baseline, recorded.metrics), (Some(baseline), Some(metrics)));
    assert_eq!(recorded.lines, Some(LineCoverage::Skipped("no tool".to_owned())));
    assert_eq!(recorded.phases, [(Foundation, (Failed, Duration::from_millis(250)))].into());
    assert_eq!(recorded.tests.len(), results.len());
    for (test, result) in recorded.tests.iter().zip(&results) {
        let TestResult { test_name, phase, seed, skip, shortest, measurement, outcome, .. } = result;
        assert_eq!((&test.name, &test.phase, &test.seed), (test_name, phase, seed));
        assert_eq!((&test.skip, &test.shortest), (skip, shortest));
        let ran = *outcome != Skipped;
        assert_eq!(test.measured, ran.then(|| (measurement.clone(), *outcome)), "{test_name}");
        let ended = matches!(outcome, Passed | Failed);
        assert_eq!(test.events, if ended { vec![event(0)] } else { Vec::new() }, "{test_name}");
        assert_eq!(test.ended, ended.then_some((1, u64::from(*outcome == Failed))), "{test_name}");
    }
}

/// Two runs that differ in what was measured alone have the same event log, byte for byte.
fn events_are_free_of_measurements() {
    let data = folder("events_are_free_of_measurements");
    let slower = |result: &TestResult| {
        let measurement = Measurement {
            wall: Duration::from_secs(9),
            overhead: Duration::from_secs(1),
            values: [("messages per second".to_owned(), 1.0)].into(),
            ..result.measurement.clone()
        };
        TestResult { measurement, ..result.clone() }
    };
    let fast = phase(Foundation, Failed, results());
    let slow = ValidationResult {
        results: fast.results.iter().map(slower).collect(),
        duration: Duration::from_secs(20),
        ..fast.clone()
    };
    let [fast, slow] = [fast, slow].map(|result| written(&data, &result));
    let bytes = |run: &Path, file: &str| fs::read(run.join(file)).expect("a file of the record");
    assert_eq!(bytes(&fast, EVENTS), bytes(&slow, EVENTS));
    assert_ne!(bytes(&fast, MEASUREMENTS), bytes(&slow, MEASUREMENTS));
}

/// The next run has the number after the highest that there is, and leaves every other folder as it is.
fn runs_are_numbered() {
    let data = folder("runs_are_numbered");
    fs::create_dir_all(data.join("runs/000007")).expect("a folder");
    fs::create_dir_all(data.join("runs/notes")).expect("a folder");
    fs::write(data.join("runs/000007/events.jsonl"), "kept").expect("a folder");
    let next = || written(&data, &phase(Foundation, Passed, Vec::new()));
    assert_eq!([next(), next()], ["runs/000008", "runs/000009"].map(|name| data.join(name)));
    assert_eq!(fs::read_to_string(data.join("runs/000007/events.jsonl")).expect("a file"), "kept");
}

/// What is put in the place of a record's lines: a name, the file, the line counted from 1, and the new text of it.
type Damage = (&'static str, &'static str, usize, &'static str);

const DAMAGE: [Damage; 9] = [
    ("another line first", EVENTS, 1, r#"{"phase":"foundation"}"#),
    ("a second run", EVENTS, 3, "1"),
    ("a test before any phase", EVENTS, 2, r#"{"test":{"name":"one","seed":7}}"#),
    ("an event of no test", EVENTS, 3, r#"{"ended":{"checks":1,"broken":0}}"#),
    (
        "an event left out",
        EVENTS,
        4,
        r#"{"event":{"event_id":1,"timestamp":0,"event_type":"observed","source":"it","metadata":{}}}"#,
    ),
    (
        "an event after the end",
        EVENTS,
        6,
        r#"{"event":{"event_id":1,"timestamp":0,"event_type":"observed","source":"it","metadata":{}}}"#,
    ),
    ("an unknown kind of line", EVENTS, 4, r#"{"even":1}"#),
    (
        "an unknown test",
        MEASUREMENTS,
        2,
        r#"{"shortest":{"name":"nine","shortest":{"rule":null,"text":"","page":"","replay":""}}}"#,
    ),
    ("a second run", MEASUREMENTS, 2, "1"),
];

/// A file that is no record is refused with its path and line, and stays as it is.
fn what_is_no_record_is_refused() {
    let data = folder("what_is_no_record_is_refused");
    let run = written(&data, &phase(Foundation, Failed, results()));
    let intact = [EVENTS, MEASUREMENTS].map(|file| fs::read_to_string(run.join(file)).expect("a file"));
    assert!(read(&run).is_ok() && read(&run.join(EVENTS)).is_ok());
    for (what, file, number, text) in DAMAGE {
        let whole = &intact[usize::from(file == MEASUREMENTS)];
        let mut lines: Vec<&str> = whole.lines().collect();
        lines[number - 1] = if text == "1" { lines[0] } else { text };
        let damaged = lines.join("\n");
        fs::write(run.join(file), &damaged).expect("a file");
        let refused = read(&run).expect_err(what);
        let LogError::Line { path, line, .. } = &refused else { panic!("{what}: {refused}") };
        assert_eq!((path, *line), (&run.join(file), number), "{what}: {refused}");
        assert_eq!(fs::read_to_string(run.join(file)).expect("a file"), damaged);
        fs::write(run.join(file), whole).expect("a file");
    }
    let newer = intact[0].replacen("\"schema\":1", "\"schema\":2", 1);
    fs::write(run.join(EVENTS), &newer).expect("a file");
    assert!(read(&run).expect_err("newer").to_string().contains("schema 2; allowed is 1"));
    fs::write(run.join(EVENTS), &intact[0]).expect("a file");
    let other = intact[1].replacen("\"seed\":2026", "\"seed\":2027", 1);
    fs::write(run.join(MEASUREMENTS), &other).expect("a file");
    assert!(matches!(read(&run), Err(LogError::TwoRuns { path }) if path == run.join(MEASUREMENTS)));
    let nowhere = data.join("nowhere");
    assert!(matches!(read(&nowhere), Err(LogError::Unreadable { path, .. }) if path == nowhere));
    fs::remove_file(run.join(MEASUREMENTS)).expect("a file");
    assert!(matches!(read(&run), Err(LogError::Unreadable { path, .. }) if path == run.join(MEASUREMENTS)));
}
