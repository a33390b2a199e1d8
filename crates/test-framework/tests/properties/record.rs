//! The record of a run: the same for the same seed, and enough to compute every verdict again.

use std::{fs, path::Path};

use alys_test_framework::{MergeError, Outcome, Report, Selection, TestConfig, merge, read, replay};

use super::support::{config, folder, run};

/// FW-2: two runs of one seed and configuration have one event log, byte for byte; another seed has another.
///
/// Engine: law
#[test]
fn one_seed_has_one_event_log() {
    let folder = folder("one_seed_has_one_event_log");
    let log = |seed| {
        // Which phases run must not depend on what the wall clock said of an earlier one.
        let config = TestConfig { seed, continue_after_failure: true, ..config(&folder) };
        let ended = run(config, Selection::default());
        fs::read(ended.directory.join("events.jsonl")).expect("the event log of a run")
    };
    let (first, second, other) = (log(7), log(7), log(8));
    assert!(first == second, "two event logs of one seed differ");
    assert!(first != other, "two seeds have one event log");
}

/// FW-3: the record of a run gives the same verdicts and metrics again; and a record that was changed anywhere is
/// refused, or replay says where it differs.
///
/// Engine: law
#[test]
fn replay_agrees_with_the_record_and_with_no_other() {
    let folder = folder("replay_agrees_with_the_record_and_with_no_other");
    let ended = run(config(&folder), Selection::default());
    let recorded = read(&ended.directory).expect("the record of a run");
    assert_eq!(replay(&recorded).differences, []);
    for (name, file, from, to) in CHANGES {
        let changed = folder.join(name);
        copy(&ended.directory, &changed);
        let text = fs::read_to_string(changed.join(file)).expect("a file of the record");
        assert!(text.contains(from), "{name}: `{from}` is not in {file}");
        fs::write(changed.join(file), text.replacen(from, to, 1)).expect("a copy of the record");
        let differences = read(&changed).map(|recorded| replay(&recorded).differences);
        assert!(
            differences.as_ref().map_or(true, |found| !found.is_empty()),
            "{name}: the change went unnoticed"
        );
    }
}

/// What is changed in a record: a name, the file, what stands there, and what is put instead.
const CHANGES: [(&str, &str, &str, &str); 6] = [
    ("a message of another number", "events.jsonl", r#""answer":4"#, r#""answer":5"#),
    ("an event less", "events.jsonl", r#""event_id":1,"#, r#""event_id":2,"#),
    ("an end that says less", "events.jsonl", r#""broken":0"#, r#""broken":1"#),
    ("an outcome", "measurements.jsonl", r#""outcome":"passed""#, r#""outcome":"failed""#),
    ("a deadline", "measurements.jsonl", r#""timed_out":false"#, r#""timed_out":true"#),
    ("a count", "measurements.jsonl", r#""tests_failed":0"#, r#""tests_failed":1"#),
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder of this test");
    for file in ["events.jsonl", "measurements.jsonl"] {
        fs::copy(from.join(file), to.join(file)).expect("a file of the record");
    }
}

/// FW-1, FW-3: two shards merged are the run without shards: the same tests in the same order, the same outcomes and
/// checks; shards of different seeds are refused by name, and so is a test that is in two.
///
/// Engine: law
#[test]
fn shards_merged_are_the_whole_run() {
    let folder = folder("shards_merged_are_the_whole_run");
    let shard = |shard: &str, seed| {
        let selection = Selection { shard: Some(shard.parse().expect("a shard")), ..Selection::default() };
        let ended = run(TestConfig { seed, continue_after_failure: true, ..config(&folder) }, selection);
        read(&ended.directory).expect("the record of a run")
    };
    let whole =
        run(TestConfig { seed: 7, continue_after_failure: true, ..config(&folder) }, Selection::default());
    let (one, two) = (shard("1/2", 7), shard("2/2", 7));
    let merged = Report::of(&merge(vec![two, one.clone()]).expect("two shards of one run"));
    let told = |report: &Report| {
        let tests = report.results().map(|test| (test.test_name.clone(), test.outcome, test.checks.clone()));
        tests.collect::<Vec<_>>()
    };
    assert_eq!(told(&merged), told(&whole.report));
    assert_eq!(merged.outcome, Outcome::Passed);
    let different = merge(vec![one.clone(), shard("2/2", 8)]);
    assert!(matches!(different, Err(MergeError::Different { what: "seed", .. })), "{different:?}");
    assert!(matches!(merge(vec![one.clone(), one]), Err(MergeError::Twice { .. })));
}
