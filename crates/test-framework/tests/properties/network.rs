//! The tests of the network: they run where libp2p is in the program, and where it is not they say how to have it.

use std::sync::Arc;

use alys_test_framework::{
    Context, MigrationTestFramework, NetworkTestHarness, Selection, TestConfig, TestHarness, TestResult,
};

use super::support::MEMORY;

/// Runs all tests of the network with a seed.
fn ran(seed: u64) -> Vec<TestResult> {
    let config = TestConfig { seed, ..TestConfig::development() };
    let _alone = MEMORY.blocking_lock();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let framework = MigrationTestFramework::new(config.clone()).expect("a preset is valid");
        let context = Context {
            handle: framework.handle().clone(),
            config: Arc::new(config),
            selection: Selection::default(),
            observer: Arc::new(|_| ()),
        };
        let results = NetworkTestHarness::new(context).run_all_tests().await;
        framework.shutdown().await.expect("nothing is left running");
        results
    })
}

/// FW-1: the three tests of the network are listed by their names, whether they can run or not.
///
/// Engine: law
#[test]
fn tests_of_the_network_are_listed() {
    let listed: Vec<_> = alys_test_framework::tests().into_iter().map(|test| test.name).collect();
    for name in ["test_peer_discovery", "test_message_propagation", "test_network_resilience"] {
        assert_eq!(listed.iter().filter(|listed| **listed == name).count(), 1, "{name}");
    }
}

/// FW-1: where libp2p is not in the program, the tests of the network are skipped, which never counts as passed, with the command
/// that runs them.
///
/// Engine: law
#[cfg(not(feature = "p2p"))]
#[test]
fn tests_of_the_network_say_how_to_run_them() {
    use alys_test_framework::Outcome;

    let results = ran(1);
    assert_eq!(results.len(), 3);
    for result in results {
        let skip = result.skip.as_ref().expect("a reason");
        assert_eq!((result.outcome, skip.required, result.success()), (Outcome::Skipped, true, false));
        assert!(
            skip.reason.contains("cargo run --release -p alys-test-framework --features p2p -- run"),
            "{}",
            skip.reason
        );
    }
}

#[cfg(feature = "p2p")]
mod real {
    use alys_test_framework::{MigrationPhase, Quantity, Recorded, TestEvent, read, replay, run_recorded};

    use super::super::support::{config, folder};
    use super::*;

    /// NW-1, NW-2, NW-3, NW-4, FW-2: discovery, propagation and resilience pass on the simulated network and on libp2p; real
    /// sockets or not, one seed gives the same events twice, and another gives others.
    ///
    /// Engine: differential
    #[test]
    fn tests_of_the_network_pass_and_are_a_function_of_their_seed() {
        let [first, again, other] = [1, 1, 2].map(ran);
        assert_eq!((first.len(), again.len(), other.len()), (3, 3, 3));
        for result in first.iter().chain(&again).chain(&other) {
            let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
            assert!(result.success(), "{} with seed {}: {violations:#?}", result.test_name, result.seed);
        }
        for ((first, again), other) in first.iter().zip(&again).zip(&other) {
            assert_eq!(first.events, again.events, "{}, the same seed twice", first.test_name);
            assert_ne!(first.events, other.events, "{}, another seed", first.test_name);
        }
    }

    /// FW-3, NW-1, NW-2, NW-3, NW-4: verdicts of the network follow from all that was recorded: whatever of it is changed, the
    /// verdict is another one.
    ///
    /// Engine: exhaustive
    #[test]
    fn verdicts_of_the_network_follow_from_every_event() {
        let folder = folder("verdicts_of_the_network_follow_from_every_event");
        let selection = Selection { filter: Some("peer_discovery".to_owned()), shard: None };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let ended = {
            let _alone = MEMORY.blocking_lock();
            let phases = &[MigrationPhase::SyncImprovement];
            runtime.block_on(run_recorded(config(&folder), selection, phases, Arc::new(|_| ())))
        };
        let recorded = read(&ended.expect("a run").directory).expect("the record of a run");
        assert_eq!(replay(&recorded).differences, []);
        let mut changed = 0;
        for (test, tested) in recorded.tests.iter().enumerate() {
            for (at, event) in tested.events.iter().enumerate() {
                for key in event.metadata.0.keys() {
                    let other = with(&recorded, test, at, |event| change(event, key));
                    let noticed = replay(&other).differences;
                    assert!(noticed.iter().any(|one| one.of.contains(&tested.name)), "{key} of {event:?}");
                    changed += 1;
                }
            }
        }
        assert!(changed > 200, "{changed} things were recorded");
    }

    /// The same record with another event.
    fn with(recorded: &Recorded, test: usize, at: usize, change: impl FnOnce(&mut TestEvent)) -> Recorded {
        let mut other = recorded.clone();
        change(&mut other.tests[test].events[at]);
        other
    }

    fn change(event: &mut TestEvent, key: &str) {
        let value = event.metadata.0.get_mut(key).expect("a key of this event");
        *value = match &*value {
            Quantity::Count(count) => Quantity::Count(*count + 1),
            other => Quantity::Words(format!("not {other}")),
        };
    }
}
