//! The tests of sync that run: they pass, their events follow from the seed, and their verdicts from the events.

use std::{fs, future::Future, pin::Pin, sync::Arc};

use alys_test_framework::{
    Context, MigrationPhase, MigrationTestFramework, Selection, SyncTestHarness, TestConfig, TestHarness,
    TestResult, read, replay, run_recorded,
};

use super::support::{MEMORY, config, folder};

/// Runs the tests of checkpoints with a seed.
fn checkpoints(seed: u64) -> Vec<TestResult> {
    let config = TestConfig { seed, ..TestConfig::development() };
    let _alone = MEMORY.blocking_lock();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let framework = MigrationTestFramework::new(config).expect("a valid configuration");
        let phase = framework.run_phase_validation(MigrationPhase::SyncImprovement).await;
        phase.results.into_iter().filter(|result| result.category == "checkpoints").collect()
    })
}

fn events(result: &TestResult) -> String {
    serde_json::to_string(&result.events).expect("events are JSON")
}

/// CH-6, CH-7, CH-8, FW-2: the tests of checkpoints pass with several seeds; one seed gives the same bytes twice, another
/// gives others.
///
/// Engine: actor
#[test]
fn tests_of_checkpoints_pass_and_are_a_function_of_their_seed() {
    let (first, again, other) = (checkpoints(1), checkpoints(1), checkpoints(2));
    assert_eq!((first.len(), again.len(), other.len()), (5, 5, 5));
    for result in first.iter().chain(&other) {
        let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
        assert!(result.success(), "{} with seed {}: {violations:#?}", result.test_name, result.seed);
        assert!(result.checks.len() >= 7, "{} has {} checks", result.test_name, result.checks.len());
    }
    for ((first, again), other) in first.iter().zip(&again).zip(&other) {
        assert_eq!(events(first), events(again), "{}, the same seed twice", first.test_name);
        assert_ne!(events(first), events(other), "{}, another seed", first.test_name);
    }
}

type Method = for<'a> fn(&'a SyncTestHarness) -> Pin<Box<dyn Future<Output = TestResult> + Send + 'a>>;

/// The methods of the harness, each with its name.
macro_rules! methods {
    ($($name:ident),* $(,)?) => {
        [$((stringify!($name), (|harness| Box::pin(harness.$name())) as Method)),*]
    };
}

/// FW-1, WR-3, WR-4: each method of the harness runs the test of its name, which the harness lists.
///
/// Engine: actor
#[tokio::test]
async fn each_method_of_sync_runs_the_test_of_its_name() {
    let methods = methods![
        test_message_corruption_handling,
        test_checkpoint_creation_consistency,
        test_configurable_checkpoint_intervals,
        test_checkpoint_recovery_scenarios,
        test_checkpoint_chain_validation,
        test_checkpoint_corruption_handling,
    ];
    let _alone = MEMORY.lock().await;
    let framework = MigrationTestFramework::new(TestConfig::development()).expect("a preset is valid");
    let context = Context {
        handle: framework.handle().clone(),
        config: Arc::new(TestConfig::development()),
        selection: Selection::default(),
        observer: Arc::new(|_| ()),
    };
    let harness = SyncTestHarness::new(context);
    let listed: Vec<_> = harness.tests().iter().map(|test| test.name).collect();
    for (at, (name, method)) in methods.into_iter().enumerate() {
        let result = method(&harness).await;
        let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
        assert!(result.success(), "{name}: {violations:#?}");
        assert_eq!((&*result.test_name, listed[at]), (name, name));
    }
    framework.shutdown().await.expect("nothing is left running");
}

/// What is changed in the events of a run: what stands there, what is put instead, and the test whose verdict must follow.
const CHANGES: [(&str, &str, &str); 10] = [
    (r#""served":10}"#, r#""served":0}"#, "test_checkpoint_creation_consistency"),
    (r#""interval":10"#, r#""interval":11"#, "test_checkpoint_creation_consistency"),
    (r#""reorgs":"#, r#""reorg":"#, "test_checkpoint_creation_consistency"),
    (r#""found":50"#, r#""found":51"#, "test_configurable_checkpoint_intervals"),
    (r#""found":""#, r#""found":"0"#, "test_checkpoint_recovery_scenarios"),
    (r#""by":"rebuild""#, r#""by":"nobody""#, "test_checkpoint_recovery_scenarios"),
    (
        r#""fault":"StateRoot","height""#,
        r#""fault":"BlockRoot","height""#,
        "test_checkpoint_chain_validation",
    ),
    (r#""fault":"Stray","height""#, r#""fault":"none","height""#, "test_checkpoint_chain_validation"),
    (r#""fault":"Id","height""#, r#""height""#, "test_checkpoint_corruption_handling"),
    (r#""blocks":1"#, r#""blocks":0"#, "test_checkpoint_corruption_handling"),
];

/// FW-3, CH-6, CH-7, CH-8: verdicts of checkpoints are functions of their events: a record that says otherwise of any of them
/// comes to another verdict, or to none.
///
/// Engine: law
#[test]
fn verdicts_of_checkpoints_follow_from_their_events() {
    let folder = folder("verdicts_of_checkpoints_follow_from_their_events");
    let selection = Selection { filter: Some("checkpoint".to_owned()), shard: None };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let ended = {
        let _alone = MEMORY.blocking_lock();
        let phases = &[MigrationPhase::SyncImprovement];
        runtime.block_on(run_recorded(config(&folder), selection, phases, Arc::new(|_| ()))).expect("a run")
    };
    let log = ended.directory.join("events.jsonl");
    let text = fs::read_to_string(&log).expect("the event log of a run");
    for (from, to, test) in CHANGES {
        let (before, after) = text.split_once(test).unwrap_or_else(|| panic!("no {test} in the log"));
        assert!(after.contains(from), "{test}: `{from}` is not in the log");
        fs::write(&log, format!("{before}{test}{}", after.replacen(from, to, 1)))
            .expect("a file of this test");
        let replayed = read(&ended.directory).map(|recorded| replay(&recorded).differences);
        let noticed = replayed.as_ref().map_or(true, |found| found.iter().any(|one| one.of.contains(test)));
        assert!(noticed, "{test}: `{from}` became `{to}` unnoticed: {replayed:?}");
    }
    fs::write(&log, text).expect("a file of this test");
    assert_eq!(replay(&read(&ended.directory).expect("the record")).differences, []);
}
