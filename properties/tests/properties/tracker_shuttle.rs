//! The ordering tracker under random schedules of larger programs.

use alys_properties::{
    concurrent::{Plan, expect_explained, expect_on_threads, explore},
    planted::{self, Engine},
    sequential::{announce, cases_wanted, seed_wanted},
    tracker::{
        hunt,
        on_shuttle::{PLAN, Scheduled},
        on_threads::Unscheduled,
    },
};

/// OT-1..4: three or four threads of three to five calls, under random and PCT schedules: some order of the calls
/// explains every answer.
///
/// Engine: shuttle
#[test]
fn random_schedules_are_linearizable() {
    let explored = expect_explained::<Scheduled>(&PLAN.wanted());
    assert_eq!(
        explored.schedules,
        2 * PLAN.schedules as u64 * u64::from(explored.programs),
        "a scheduler stopped early"
    );
}

/// OT-1..4: the same programs on threads of the operating system.
///
/// Engine: threads
#[test]
fn threads_of_the_system_are_linearizable() {
    expect_on_threads::<Unscheduled>(seed_wanted(PLAN.seed), cases_wanted(150), 4);
}

/// OT-1..3: the schedules find the planted faults that are theirs to find.
///
/// Engine: shuttle
#[test]
fn random_schedules_refuse_a_weaker_tracker() {
    let ours =
        |fault: &&planted::Fault| fault.file.starts_with("tracker/") && fault.engine == Engine::Shuttle;
    let faults: Vec<_> = planted::live().filter(ours).collect();
    assert!(!faults.is_empty(), "no fault names shuttle");
    for fault in faults {
        let _planted = planted::plant(fault.id);
        let Some(kill) = hunt(fault) else { panic!("`{}` survived", fault.id) };
        let rule = kill.rule().unwrap_or("a panic");
        announce(&format!("tracker_shuttle: {} dies in schedule {} of {rule}", fault.id, kill.cases));
    }
}

/// OT-1, OT-2: a seed stands for its histories, so that a counterexample can be found again.
///
/// Engine: shuttle
#[test]
fn a_seed_stands_for_its_histories() {
    let plan = Plan { programs: 20, ..PLAN };
    let digest = |seed| explore::<Scheduled>(&Plan { seed, ..plan }).map_err(|_| "broken").unwrap().digest;
    assert_eq!(digest(PLAN.seed), digest(PLAN.seed));
    assert_ne!(digest(PLAN.seed), digest(PLAN.seed + 1_000), "every program of another seed is the same");
}
