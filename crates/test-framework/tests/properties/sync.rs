//! The tests of sync that run: they pass, their events follow from the seed, and their verdicts from the events.

use std::{fs, future::Future, pin::Pin, sync::Arc};

use alys_test_framework::{
    Context, MigrationPhase, MigrationTestFramework, Selection, SyncTestHarness, TestConfig, TestHarness,
    TestResult, read, replay, run_recorded,
};

use super::support::{MEMORY, config, folder};

/// Runs those tests of sync whose names have a word in them, with a seed.
fn named(word: &str, seed: u64) -> Vec<TestResult> {
    let config = TestConfig { seed, ..TestConfig::development() };
    let _alone = MEMORY.blocking_lock();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let selection = Selection { filter: Some(word.to_owned()), shard: None };
        let framework = MigrationTestFramework::with(config, selection, Arc::new(|_| ()));
        let framework = framework.expect("a valid configuration");
        framework.run_phase_validation(MigrationPhase::SyncImprovement).await.results
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
    let [first, again, other] = [1, 1, 2].map(|seed| named("checkpoint", seed));
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

/// SY-1, SY-2, SY-3, SY-4, SY-5, SY-6, SY-8, SY-10, NW-2, NW-5: tests of disturbed and parallel syncs pass with several
/// seeds; one seed gives the same bytes twice, another gives others.
///
/// Engine: actor
#[test]
fn tests_of_sync_pass_and_are_a_function_of_their_seed() {
    for word in ["genesis_to_tip", "partition", "slow_peer", "sync_coordination", "race_condition"] {
        let [first, again, other] = [1, 1, 2].map(|seed| named(word, seed));
        assert_eq!((first.len(), again.len(), other.len()), (1, 1, 1), "{word}");
        for result in first.iter().chain(&other) {
            let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
            assert!(result.success(), "{} with seed {}: {violations:#?}", result.test_name, result.seed);
        }
        assert_eq!(events(&first[0]), events(&again[0]), "{word}, the same seed twice");
        assert_ne!(events(&first[0]), events(&other[0]), "{word}, another seed");
    }
}

type Method = for<'a> fn(&'a SyncTestHarness) -> Pin<Box<dyn Future<Output = TestResult> + Send + 'a>>;

/// The methods of the harness, each with its name.
macro_rules! methods {
    ($($name:ident),* $(,)?) => {
        [$((stringify!($name), (|harness| Box::pin(harness.$name())) as Method)),*]
    };
}

/// FW-1, WR-3, WR-4, SY-1, SY-7, SY-9: each method of the harness runs the test of its name, which the harness lists.
///
/// Engine: actor
#[tokio::test]
async fn each_method_of_sync_runs_the_test_of_its_name() {
    let methods = methods![
        test_genesis_to_tip_sync,
        test_message_corruption_handling,
        test_cascading_peer_disconnections,
        test_network_partition_tolerance,
        test_slow_peer_handling,
        test_sync_with_comprehensive_failures,
        test_checkpoint_creation_consistency,
        test_configurable_checkpoint_intervals,
        test_checkpoint_recovery_scenarios,
        test_checkpoint_chain_validation,
        test_checkpoint_corruption_handling,
        test_concurrent_sync_sessions,
        test_sync_coordination,
        test_multi_peer_load_balancing,
        test_race_condition_handling,
        test_parallel_sync_with_failures,
        test_parallel_sync_performance,
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
    assert!(harness.health_check().await);
    let large = harness.test_full_sync_large_chain(3000).await;
    let violations: Vec<_> = large.violations().map(ToString::to_string).collect();
    assert!(large.success(), "{violations:#?}");
    let (name, others): (Vec<_>, Vec<_>) =
        harness.tests().iter().map(|test| test.name).partition(|name| *name == large.test_name);
    assert_eq!((name.len(), others.len()), (1, methods.len()));
    for (at, (name, method)) in methods.into_iter().enumerate() {
        let result = method(&harness).await;
        let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
        assert!(result.success(), "{name}: {violations:#?}");
        assert_eq!((&*result.test_name, others[at]), (name, name));
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
