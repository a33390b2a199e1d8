//! The ordering tracker under random schedules of larger programs.

use alys_properties::{
    planted::{self, Engine},
    scenarios::{Broken, Scenario, expect_pass},
    sequential::{announce, cases_wanted},
    tracker::{
        hunt,
        on_shuttle::{self, PLAN, Plan},
    },
};

/// OT-1..4: three or four threads of three to five calls, under random and PCT schedules: some order of the calls
/// explains every answer.
///
/// Engine: shuttle
#[test]
fn random_schedules_are_linearizable() {
    let test = "properties::tracker_shuttle::random_schedules_are_linearizable";
    let one = |number: u64| Plan { seed: PLAN.seed + number, programs: 1, ..PLAN };
    let explore = move |number| match on_shuttle::explore(&one(number)) {
        Ok(explored) => Ok(explored.schedules),
        Err(kill) => Err(Broken { tried: u64::from(kill.cases), message: kill.message }),
    };
    let count = u64::from(cases_wanted(PLAN.programs));
    let programs =
        (0..count).map(|number| Scenario::new(format!("program {number}"), move || explore(number)));
    let tried = expect_pass("tracker_shuttle", test, "schedules", programs.collect());
    assert_eq!(tried, 2 * PLAN.schedules as u64 * count, "a scheduler stopped early");
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
    let digest = |seed| on_shuttle::explore(&Plan { seed, ..plan }).unwrap().digest;
    assert_eq!(digest(PLAN.seed), digest(PLAN.seed));
    assert_ne!(digest(PLAN.seed), digest(PLAN.seed + 1_000), "every program of another seed is the same");
}
