//! The tests of the actor system, as a phase and one by one.

use std::{future::Future, pin::Pin, sync::Arc};

use alys_test_framework::{
    ActorTestHarness, Context, MigrationPhase, MigrationTestFramework, Outcome, Selection, TestConfig,
    TestEvent, TestHarness, TestResult, ValidationResult,
};

use super::support::MEMORY;

async fn actor_phase(config: TestConfig) -> ValidationResult {
    let _alone = MEMORY.lock().await;
    let framework = MigrationTestFramework::new(config).expect("a preset is valid");
    let result = framework.run_phase_validation(MigrationPhase::ActorCore).await;
    framework.shutdown().await.expect("nothing is left running");
    result
}

/// What a test did not hold to, one line for each.
fn complaints(result: &TestResult) -> Vec<String> {
    result.violations().map(|check| format!("{}: {check}", result.test_name)).collect()
}

/// SV-1, SV-2, SV-3, SV-4, SV-5, SV-6, SV-7, SV-8, SV-10, LC-1, LC-2, LC-3, LC-4, LC-6, MB-1, MB-3, MB-5, MB-9, MB-12,
/// OT-2, OT-3, CM-6, CM-7, FW-1: every test of the actor system runs and passes, and so does the phase.
///
/// Engine: actor
#[tokio::test]
async fn the_actor_phase_passes() {
    let phase = actor_phase(TestConfig::development()).await;
    let complaints: Vec<_> = phase.results.iter().flat_map(complaints).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert_eq!(phase.outcome, Outcome::Passed, "{:?}", phase.violations);
    let unfinished = phase.results.iter().filter(|result| result.outcome != Outcome::Passed);
    assert_eq!(unfinished.count(), 0);
}

/// The events of every test, as a log holds them.
fn logs(phase: &ValidationResult) -> Vec<(String, String)> {
    let log = |events: &[TestEvent]| serde_json::to_string(events).expect("events are JSON");
    phase.results.iter().map(|result| (result.test_name.clone(), log(&result.events))).collect()
}

/// FW-2: two runs with one seed write the same events, byte for byte, whether tests run side by side or one by one; those
/// that draw random numbers write others with another seed.
///
/// Engine: actor
#[tokio::test]
async fn one_seed_gives_the_same_events() {
    let development = TestConfig::development();
    let first = logs(&actor_phase(development.clone()).await);
    let second = logs(&actor_phase(TestConfig { parallel_tests: false, ..development.clone() }).await);
    for ((name, first), (_, second)) in first.iter().zip(&second) {
        assert_eq!(first, second, "{name}");
    }
    assert_eq!(first.len(), second.len());
    let other = logs(&actor_phase(TestConfig { seed: development.seed + 1, ..development }).await);
    let differs = |name: &str| {
        let of = |logs: &[(String, String)]| logs.iter().find(|(test, _)| test == name).cloned();
        of(&first) != of(&other)
    };
    assert!(differs("test_supervisor_restart_validation"), "delays are shortened at random");
    assert!(!differs("test_actor_creation_lifecycle"), "nothing in it is drawn");
}

type Method = for<'a> fn(&'a ActorTestHarness) -> Pin<Box<dyn Future<Output = TestResult> + Send + 'a>>;

/// The methods of the harness, each with its name.
macro_rules! methods {
    ($($name:ident),* $(,)?) => {
        [$((stringify!($name), (|harness| Box::pin(harness.$name())) as Method)),*]
    };
}

/// FW-1: each method of the harness runs the test of its name, which the harness lists.
///
/// Engine: actor
#[tokio::test]
async fn each_method_runs_the_test_of_its_name() {
    let methods = methods![
        test_actor_creation_lifecycle,
        test_actor_supervision_tree,
        test_actor_state_transitions,
        test_panic_injection_recovery,
        test_supervisor_restart_validation,
        test_cascading_failure_prevention,
        test_concurrent_message_processing,
        test_high_throughput_messaging,
        test_message_load_balancing,
        test_actors_at_once,
    ];
    let _alone = MEMORY.lock().await;
    let framework = MigrationTestFramework::new(TestConfig::development()).expect("a preset is valid");
    let context = Context {
        handle: framework.handle().clone(),
        config: Arc::new(TestConfig::development()),
        selection: Selection::default(),
        observer: Arc::new(|_| ()),
    };
    let harness = ActorTestHarness::new(context);
    let listed: Vec<_> = harness.tests().iter().map(|test| test.name).collect();
    for (name, method) in methods {
        let result = method(&harness).await;
        assert_eq!(result.test_name, name);
        assert!(result.success(), "{}", complaints(&result).join("\n"));
        assert!(listed.contains(&name), "{name} is not among {listed:?}");
    }
    framework.shutdown().await.expect("nothing is left running");
}
