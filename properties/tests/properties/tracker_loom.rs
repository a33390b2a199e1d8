//! The ordering tracker under every interleaving of small scenarios.

use alys_properties::{
    planted,
    scenarios::{Scenario as Stored, expect_pass},
    sequential::announce,
    tracker::{Scenario, history::Script, on_loom, pairs, scenarios},
};

/// A script as a scenario that is stored by its name when it breaks.
fn stored(name: String, script: Script) -> Stored {
    Stored::new(name, move || on_loom::explore(&script))
}

/// OT-1..3: every pair of calls, one a thread, every interleaving: some order of the two explains the answers.
///
/// Engine: loom
#[test]
fn loom_every_pair_of_calls_is_linearizable() {
    let test = "properties::tracker_loom::loom_every_pair_of_calls_is_linearizable";
    let pairs: Vec<_> = pairs().into_iter().map(|script| stored(format!("{script:?}"), script)).collect();
    // A record in order and a verification touch nothing in common: not every pair has two interleavings.
    let least = 100 * pairs.len() as u64;
    let tried = expect_pass("tracker_loom_pairs", test, "interleavings", pairs);
    assert!(tried > least, "only {tried} interleavings were explored");
}

/// OT-1..3: two threads of two calls each, every interleaving: some order of the calls explains every answer.
///
/// Engine: loom
#[test]
fn loom_every_interleaving_is_linearizable() {
    let test = "properties::tracker_loom::loom_every_interleaving_is_linearizable";
    let named = scenarios().into_iter();
    let scenarios: Vec<_> =
        named.map(|Scenario { name, script, .. }| stored(name.to_owned(), script)).collect();
    let least = 10 * scenarios.len() as u64;
    let tried = expect_pass("tracker_loom_scenarios", test, "interleavings", scenarios);
    assert!(tried > least, "only {tried} interleavings were explored");
}

/// OT-1..3: each scenario fails with the planted faults that it names.
///
/// Engine: loom
#[test]
fn loom_every_scenario_refuses_a_weaker_tracker() {
    for Scenario { name, script, refuses } in scenarios() {
        assert!(!refuses.is_empty(), "{name} refuses nothing");
        for id in refuses {
            let _planted = planted::plant(id);
            let Some(kill) = on_loom::refuse(&script) else { panic!("{name}: `{id}` survived") };
            let rule = kill.rule().unwrap_or("a panic");
            announce(&format!("tracker, loom: {name}: {id} dies in execution {} of {rule}", kill.cases));
        }
    }
}
