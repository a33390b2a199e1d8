//! The tests of governance: they pass, their events follow from the seed, and their verdicts from the events.

use std::{fs, future::Future, pin::Pin, sync::Arc};

use alys_test_framework::{
    Context, GovernanceIntegrationHarness, MigrationPhase, MigrationTestFramework, Selection, TestConfig,
    TestHarness, TestResult, read, replay, run_recorded,
};

use super::support::{MEMORY, config, folder};

/// Runs the phase of governance with a seed.
fn governed(seed: u64) -> (bool, Vec<TestResult>) {
    let config = TestConfig { seed, ..TestConfig::development() };
    let _alone = MEMORY.blocking_lock();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let framework = MigrationTestFramework::new(config).expect("a valid configuration");
        let phase = framework.run_phase_validation(MigrationPhase::GovernanceIntegration).await;
        (phase.success, phase.results)
    })
}

fn events(result: &TestResult) -> String {
    serde_json::to_string(&result.events).expect("events are JSON")
}

/// Tests whose events hold nothing that is drawn.
const FIXED: [&str; 1] = ["test_aggregate_signature_validation"];

/// GV-1..GV-7, FW-1, FW-2: the phase of governance passes with several seeds; one seed gives the same bytes twice, another
/// gives others.
///
/// Engine: actor
#[test]
fn the_phase_of_governance_passes_and_is_a_function_of_its_seed() {
    let (first, again, other) = (governed(1), governed(1), governed(2));
    assert!(first.0 && other.0, "the phase passes");
    assert_eq!((first.1.len(), other.1.len()), (10, 10));
    for result in first.1.iter().chain(&other.1) {
        let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
        assert!(result.success(), "{} with seed {}: {violations:#?}", result.test_name, result.seed);
        assert!(result.checks.len() >= 5, "{} has {} checks", result.test_name, result.checks.len());
    }
    for ((first, again), other) in first.1.iter().zip(&again.1).zip(&other.1) {
        assert_eq!(events(first), events(again), "{}, the same seed twice", first.test_name);
        if !FIXED.contains(&first.test_name.as_str()) {
            assert_ne!(events(first), events(other), "{}, another seed", first.test_name);
        }
    }
}

type Method =
    for<'a> fn(&'a GovernanceIntegrationHarness) -> Pin<Box<dyn Future<Output = TestResult> + Send + 'a>>;

/// The methods of the harness, each with its name.
macro_rules! methods {
    ($($name:ident),* $(,)?) => {
        [$((stringify!($name), (|harness| Box::pin(harness.$name())) as Method)),*]
    };
}

/// FW-1, GV-5: each method of the harness runs the test of its name, which the harness lists.
///
/// Engine: actor
#[tokio::test]
async fn each_method_of_governance_runs_the_test_of_its_name() {
    let methods = methods![
        test_governance_workflow,
        test_proposal_expiry,
        test_proposal_execution,
        test_concurrent_proposals,
        test_signature_validation,
        test_multi_signature_validation,
        test_aggregate_signature_validation,
        test_equivocation_detection,
        test_byzantine_thirds,
        test_replay_protection,
    ];
    let _alone = MEMORY.lock().await;
    let framework = MigrationTestFramework::new(TestConfig::development()).expect("a preset is valid");
    let context = Context {
        handle: framework.handle().clone(),
        config: Arc::new(TestConfig::development()),
        selection: Selection::default(),
        observer: Arc::new(|_| ()),
    };
    let harness = GovernanceIntegrationHarness::new(context);
    assert!(harness.health_check().await);
    let listed: Vec<_> = harness.tests().iter().map(|test| test.name).collect();
    assert_eq!(listed.len(), methods.len());
    for (at, (name, method)) in methods.into_iter().enumerate() {
        let result = method(&harness).await;
        let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
        assert!(result.success(), "{name}: {violations:#?}");
        assert_eq!((&*result.test_name, listed[at]), (name, name));
    }
    assert_eq!(harness.get_metrics().await["passed"], 10);
    framework.shutdown().await.expect("nothing is left running");
}

/// What is changed in the events of a run: what stands there, what is put instead, and the test whose verdict must follow.
const CHANGES: [(&str, &str, &str); 10] = [
    ("Decided(0, Approved", "Decided(0, Rejected", "test_governance_workflow"),
    ("Decided(1, Expired", "Decided(1, Rejected", "test_proposal_expiry"),
    ("Execute(0)", "Counted(0)", "test_proposal_execution"),
    ("UnknownMember", "BadSignature", "test_concurrent_proposals"),
    ("BadSignature", "UnknownMember", "test_signature_validation"),
    ("TooMany(17)", "TooMany(16)", "test_multi_signature_validation"),
    ("with a signer twice: Order", "with a signer twice: 14", "test_aggregate_signature_validation"),
    (r#""evidence":"proved""#, r#""evidence":"nothing""#, "test_equivocation_detection"),
    (r#""blocks":1"#, r#""blocks":0"#, "test_byzantine_thirds"),
    ("Counted(1, 3, Approve)", "Known(1, 3, Approve)", "test_replay_protection"),
];

/// FW-3, GV-1..GV-6: verdicts of governance are functions of their events: a record that says otherwise of any of them comes
/// to another verdict, or to none.
///
/// Engine: law
#[test]
fn verdicts_of_governance_follow_from_their_events() {
    let folder = folder("verdicts_of_governance_follow_from_their_events");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let ended = {
        let _alone = MEMORY.blocking_lock();
        let phases = &[MigrationPhase::GovernanceIntegration];
        runtime
            .block_on(run_recorded(config(&folder), Selection::default(), phases, Arc::new(|_| ())))
            .expect("a run")
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
