//! The tests of the actor system, run as a phase and one by one.

use alys_test_framework::{
    MigrationPhase, MigrationTestFramework, Outcome, Selection, TestConfig, TestResult, ValidationResult,
};
use std::sync::Arc;

/// Runs the phase of the actor system; with a filter, those of its tests whose names contain it.
async fn actor_phase(filter: Option<&str>) -> ValidationResult {
    let selection = Selection { filter: filter.map(str::to_owned), shard: None };
    let framework =
        MigrationTestFramework::with(TestConfig::development(), selection, Arc::new(|_| ())).unwrap();
    let result = framework.run_phase_validation(MigrationPhase::ActorCore).await;
    framework.shutdown().await.unwrap();
    result
}

/// What a test did not hold to, one line for each.
fn complaints(result: &TestResult) -> Vec<String> {
    result.violations().map(|check| format!("{}: {check}", result.test_name)).collect()
}

/// LC-1, LC-3, LC-4, LC-6, SV-1 to SV-10, MB-3, MB-7, MB-12, FW-1: every test of the actor system passes on the real one.
///
/// Engine: actor
#[tokio::test]
async fn the_actor_phase_passes() {
    let phase = actor_phase(std::env::var("ALYS_TEST_FILTER").ok().as_deref()).await;
    let complaints: Vec<_> = phase.results.iter().flat_map(complaints).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert_eq!(phase.outcome, Outcome::Passed, "{:?}", phase.violations);
}
