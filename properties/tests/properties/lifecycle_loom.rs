//! The actor lifecycle under every interleaving of small scenarios.

use alys_properties::{
    lifecycle::{Scenario, on_loom, scenarios},
    planted,
    scenarios::{Scenario as Stored, expect_pass},
    sequential::announce,
};

/// LC-1, LC-2, LC-3, LC-5, LC-6: two threads of two calls each, every interleaving: some order of the calls explains every
/// answer, and what is left when both are done.
///
/// Engine: loom
#[test]
fn loom_every_interleaving_is_linearizable() {
    let test = "properties::lifecycle_loom::loom_every_interleaving_is_linearizable";
    let stored = |Scenario { name, script, .. }| Stored::new(name, move || on_loom::explore(&script));
    let scenarios: Vec<_> = scenarios().into_iter().map(stored).collect();
    let least = 5 * scenarios.len() as u64;
    let tried = expect_pass("lifecycle_loom", test, "interleavings", scenarios);
    assert!(tried > least, "only {tried} interleavings were explored");
}

/// LC-1, LC-2, LC-3, LC-5, LC-6: each scenario fails with the planted faults that it names.
///
/// Engine: loom
#[test]
fn loom_every_scenario_refuses_a_weaker_lifecycle() {
    for Scenario { name, script, refuses } in scenarios() {
        assert!(!refuses.is_empty(), "{name} refuses nothing");
        for id in refuses {
            let _planted = planted::plant(id);
            let Some(kill) = on_loom::refuse(&script) else { panic!("{name}: `{id}` survived") };
            let rule = kill.rule().unwrap_or("a panic");
            announce(&format!("lifecycle, loom: {name}: {id} dies in execution {} of {rule}", kill.cases));
        }
    }
}
