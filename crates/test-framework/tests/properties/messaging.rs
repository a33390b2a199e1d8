//! Tests of ordering, overflow and communication: all pass, and their events are a function of the seed alone.

use alys_test_framework::{MigrationPhase, MigrationTestFramework, TestConfig, TestResult};

use super::support::MEMORY;

/// Categories, and how many tests the issue asks of each.
const CATEGORIES: [(&str, usize); 3] = [("ordering", 3), ("overflow", 6), ("communication", 6)];

/// Tests whose events are drawn: another seed must show others.
const DRAWN: [&str; 8] = [
    "test_fifo_message_ordering",
    "test_priority_message_ordering",
    "test_concurrent_ordering_verification",
    "test_backpressure_mechanisms",
    "test_overflow_recovery",
    "test_message_dropping_policies",
    "test_overflow_under_load",
    "test_broadcast_messaging",
];

/// Runs the actor phase with a seed, and returns the results of these categories.
fn results(seed: u64) -> Vec<TestResult> {
    let config = TestConfig { seed, ..TestConfig::development() };
    let _alone = MEMORY.blocking_lock();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let framework = MigrationTestFramework::new(config).expect("a valid configuration");
        let phase = framework.run_phase_validation(MigrationPhase::ActorCore).await;
        let ours = |result: &TestResult| CATEGORIES.iter().any(|(category, _)| result.category == *category);
        phase.results.into_iter().filter(ours).collect()
    })
}

/// The events as they are stored.
fn events(result: &TestResult) -> String {
    serde_json::to_string(&result.events).expect("events are JSON")
}

/// The same without the plan, which names the seed.
fn course(result: &TestResult) -> String {
    let course: Vec<_> = result.events.iter().filter(|event| event.source.0 != "plan").collect();
    serde_json::to_string(&course).expect("events are JSON")
}

/// FW-2, MB-2, MB-3: every test passes with several seeds, one seed gives the same bytes twice, and another seed gives
/// others where a test is drawn.
///
/// Engine: actor
#[test]
fn tests_of_messages_pass_and_are_a_function_of_their_seed() {
    let (first, again, other) = (results(1), results(1), results(2));
    for (category, tests) in CATEGORIES {
        let of_it = first.iter().filter(|result| result.category == category).count();
        assert_eq!(of_it, tests, "tests of category {category}");
    }
    for result in first.iter().chain(&again).chain(&other) {
        let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
        assert!(result.success(), "{} with seed {}: {violations:#?}", result.test_name, result.seed);
    }
    for ((first, again), other) in first.iter().zip(&again).zip(&other) {
        let name = &*first.test_name;
        assert!(first.events.len() > 10, "{name} has {} events", first.events.len());
        assert_eq!(events(first), events(again), "{name}, the same seed twice");
        let differs = course(first) != course(other);
        assert_eq!(differs, DRAWN.contains(&name), "whether {name} depends on its seed");
    }
}
