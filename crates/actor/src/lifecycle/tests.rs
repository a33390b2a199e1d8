//! What neither the examples nor the suites of `properties` show: threads of the operating system.

use std::thread;

use super::*;

#[test]
fn every_thread_gets_its_transitions_and_the_census_adds_up() {
    let registry = Registry::default();
    let names: Vec<_> = (0..8).map(|number| format!("actor {number}")).collect();
    thread::scope(|scope| {
        for name in &names {
            scope.spawn(|| {
                registry.register(name, &[]).unwrap();
                for trigger in [Trigger::Start, Trigger::Started, Trigger::Stop] {
                    registry.monitor().fire(name, trigger, None).unwrap();
                }
            });
        }
    });
    let census = registry.monitor().census();
    assert_eq!((census.count(LifecycleState::Stopping), census.total()), (8, 8));
}

#[test]
fn of_many_equal_reports_one_is_taken() {
    let monitor = LifecycleMonitor::default();
    monitor.register("chain").unwrap();
    let (from, to) = (LifecycleState::Uninitialized, LifecycleState::Starting);
    let taken = thread::scope(|scope| {
        let report = || monitor.record_transition("chain", from, to, None).is_ok();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(report)).collect();
        threads.into_iter().map(|one| one.join().unwrap()).filter(|taken| *taken).count()
    });
    assert_eq!((taken, monitor.get_transitions("chain").len()), (1, 1));
}

#[test]
fn a_name_that_only_the_monitor_knows_is_taken_too() {
    let registry = Registry::default();
    registry.monitor().register("stray").unwrap();
    let state = LifecycleState::Uninitialized;
    let taken = RegistryError::Taken { name: "stray".to_owned(), state };
    assert_eq!(registry.register("stray", &[]), Err(taken));
    assert_eq!(registry.remove("stray"), Err(RegistryError::Unknown { name: "stray".to_owned() }));
    assert!(registry.register("chain", &["stray"]).is_err());
}

#[test]
fn an_actor_forgotten_at_the_monitor_can_be_removed() {
    let registry = Registry::default();
    registry.register("chain", &[]).unwrap();
    registry.monitor().fire("chain", Trigger::Stop, None).unwrap();
    registry.monitor().forget("chain").unwrap();
    assert_eq!(registry.remove("chain"), Ok(()));
    assert!(registry.start_order().is_empty());
}
