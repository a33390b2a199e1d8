//! The command line: what it exits with, and what it leaves.

use std::{fs, process::Command};

use alys_test_framework::MigrationPhase;

use super::{
    foundation,
    support::{COMPLETE, command, folder, program, said},
};

/// FW-1, FW-5: a run that skipped something required ends with 3, and with 0 where that is allowed; its record replays.
///
/// Engine: law
#[test]
fn a_run_says_by_its_exit_code_what_it_came_to() {
    let folder = folder("a_run_says_by_its_exit_code_what_it_came_to");
    let run = program(&folder, &["run", "--seed", "5", "--junit", "junit.xml", "--json", "report.json"]);
    assert_eq!(run.status.code(), Some(if COMPLETE { 0 } else { 3 }), "{}", said(&run));
    assert!(said(&run).contains("seed 5"), "{}", said(&run));
    for (feature, reason) in [
        (cfg!(feature = "p2p"), "is not in this program"),
        (cfg!(feature = "interop"), "is built without the consensus layer"),
    ] {
        assert_eq!(said(&run).contains(reason), !feature, "{reason}: {}", said(&run));
    }
    let json = fs::read_to_string(folder.join("report.json")).expect("the report that was asked for");
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&report["seed"], &report["schema"]), (&5.into(), &1.into()));
    let junit = fs::read_to_string(folder.join("junit.xml")).expect("the report that was asked for");
    assert!(junit.contains("test_genesis_to_tip_sync") && junit.contains("<skipped"));
    let replayed = program(&folder, &["replay", "target/alys-test/runs/000001"]);
    assert_eq!(replayed.status.code(), Some(0), "{}", said(&replayed));
    let allowed = ["sync_improvement", "lighthouse_migration"];
    let allowed = allowed.map(|phase| ["--allow-skipped", phase]).concat();
    let run = program(&folder, &[&["run", "--filter", "test_s"], &*allowed].concat());
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
}

/// FW-5: bad usage, bad configuration, bad files and an unwritable data directory end with 2 before anything has started,
/// and leave everything as it was.
///
/// Engine: law
#[test]
fn what_is_refused_ends_with_2_and_changes_nothing() {
    let folder = folder("what_is_refused_ends_with_2_and_changes_nothing");
    fs::write(folder.join("bad.toml"), "seed = -1").expect("a folder of this test");
    fs::write(folder.join("events.jsonl"), "{}\n").expect("a folder of this test");
    fs::write(folder.join("file"), "").expect("a folder of this test");
    fs::write(folder.join("data.toml"), "test_data_dir = \"file/data\"").expect("a folder of this test");
    fs::write(folder.join("plan.toml"), "workers = 65").expect("a folder of this test");
    fs::write(folder.join("chaos.toml"), "chaos_enabled = true\nchaos.plan = \"plan.toml\"")
        .expect("a folder of this test");
    let refused: [(&[&str], &str); 11] = [
        (&["run", "--phase", "actors"], "actor_core"),
        (&["run", "--shard", "3/2"], "K/N"),
        (&["run", "--config", "bad.toml"], "seed"),
        (&["run", "--config", "none.toml"], "none.toml"),
        (&["run", "--config", "data.toml"], "file/data"),
        (&["run", "--filter", "no such test"], "no such test"),
        (&["run", "--config", "chaos.toml"], "`workers` is 65; allowed is 1 to 64"),
        (&["run", "--profile", "flames.svg"], "--features profile"),
        (&["chaos", "--plan", "plan.toml"], "`workers` is 65; allowed is 1 to 64"),
        (&["chaos", "--plan", "none.toml"], "none.toml"),
        (&["replay", "events.jsonl"], "line 1"),
    ];
    for (arguments, word) in refused {
        let output = program(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(word), "{arguments:?}: {}", said(&output));
    }
    let mut left: Vec<_> =
        fs::read_dir(&folder).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    left.sort();
    assert_eq!(left, ["bad.toml", "chaos.toml", "data.toml", "events.jsonl", "file", "plan.toml"]);
    assert_eq!(fs::read_to_string(folder.join("events.jsonl")).expect("it is still there"), "{}\n");
}

/// FW-1: a command that this program was built without ends with 2 and names what builds it.
///
/// Engine: law
#[cfg(not(feature = "p2p"))]
#[test]
fn a_command_that_is_not_built_says_what_builds_it() {
    let folder = folder("a_command_that_is_not_built");
    let commands: [(&[&str], &str); 2] = [
        (&["node", "--data", "data"], "--features p2p -- node"),
        (&["sync", "--data", "data", "--from", "/ip4/127.0.0.1/tcp/1"], "--features p2p -- sync"),
    ];
    for (arguments, word) in commands {
        let output = program(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(word), "{arguments:?}: {}", said(&output));
    }
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 0);
}

/// FW-1, FW-3: chaos by a plan ends with 0 where everything was seen to happen and to answer again, and with 1 where not; after
/// the phases it is part of the record, and of all that is told of the run.
///
/// Engine: law
#[test]
fn chaos_is_believed_where_it_was_seen() {
    let folder = folder("chaos_is_believed_where_it_was_seen");
    let plan = |steps: &str| fs::write(folder.join("plan.toml"), steps).expect("a folder of this test");
    plan("[[steps]]\nat_ms = 100\nstrategy.panics = { worker = 1, count = 2 }");
    let seen = program(&folder, &["chaos", "--plan", "plan.toml", "--seed", "7", "--json", "chaos.json"]);
    assert_eq!(seen.status.code(), Some(0), "{}", said(&seen));
    let seen = json(&folder.join("chaos.json"));
    assert_eq!((&seen["seed"], &seen["effective"], &seen["recoveries"]), (&7.into(), &2.into(), &2.into()));
    fs::write(folder.join("run.toml"), "chaos_enabled = true\nchaos.plan = \"plan.toml\"")
        .expect("a folder of this test");
    let arguments =
        ["run", "--phase", "foundation", "--config", "run.toml", "--html", "page.html", "--json", "run.json"];
    let run = program(&folder, &arguments);
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
    assert_eq!(json(&folder.join("run.json"))["chaos"]["effective"], 2);
    let page = fs::read_to_string(folder.join("page.html")).expect("the page that was asked for");
    assert!(page.contains("id=\"chaos\"") && page.contains("data-step=\"0\""));
    let replayed = program(&folder, &["report", "target/alys-test/runs/000001"]);
    assert!(said(&replayed).contains("2 attempted, 2 effective, 2 recovered"), "{}", said(&replayed));
    plan("[[steps]]\nat_ms = 100\nstrategy.floods = { worker = 1, messages = 1, each_ms = 0 }");
    let unseen = program(&folder, &["chaos", "--plan", "plan.toml"]);
    assert_eq!(unseen.status.code(), Some(1), "{}", said(&unseen));
    let run = program(&folder, &arguments);
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
}

/// FW-1: where there is no coverage tool, coverage is skipped with the reason, and fails nothing.
///
/// Engine: law
#[test]
fn a_missing_coverage_tool_is_said() {
    let folder = folder("a_missing_coverage_tool_is_said");
    let mut run = command(&folder, &["run", "--phase", "foundation", "--json", "run.json"]);
    let run = run.env("TEST_COVERAGE_ENABLED", "true").env("CARGO", "no-such-cargo").output();
    let run = run.expect("the program of this package");
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
    assert!(said(&run).contains("skipped   line coverage: "), "{}", said(&run));
    let lines = &json(&folder.join("run.json"))["lines"];
    assert!(lines["skipped"].as_str().is_some_and(|why| why.contains("cargo llvm-cov")), "{lines}");
}

fn json(path: &std::path::Path) -> serde_json::Value {
    let text = fs::read_to_string(path).expect("the file that was asked for");
    serde_json::from_str(&text).expect("JSON")
}

/// FW-1: the example runs as it stands; the next property looks at what it says.
///
/// Engine: law
#[test]
fn the_example_runs() {
    foundation::main().expect("the example ends well");
}

/// FW-1: the example, which makes the framework inside of another runtime, says what a phase came to.
///
/// Engine: law
#[test]
fn the_example_says_what_it_ran() {
    let this = std::env::current_exe().expect("a test has a path");
    let arguments = ["--exact", "--nocapture", "properties::command_line::the_example_runs"];
    let output = Command::new(this).args(arguments).output().expect("this program, once more");
    let tests = alys_test_framework::tests();
    let expected = tests.iter().filter(|test| test.phase == MigrationPhase::Foundation).count();
    let lines = format!("Foundation validation: true\nTests run: {expected}\n");
    assert!(output.status.success() && said(&output).contains(&lines), "{}", said(&output));
}
