//! A supervised system under every interleaving of small scenarios.

use alys_properties::{
    planted,
    scenarios::{Scenario, expect_pass},
    sequential::announce,
    supervision::on_loom::{self, SCENARIOS},
};

/// SV-5, SV-9, SV-10, LC-1, LC-2, LC-3: two threads report, ask and look at once; one restart is in progress at most, every
/// history is a chain, and no call of a shell is lost.
///
/// Engine: loom
#[test]
fn loom_reports_and_requests_are_one_step_each() {
    let test = "properties::supervision_loom::loom_reports_and_requests_are_one_step_each";
    let stored = |scenario: &'static on_loom::Scenario| {
        Scenario::new(scenario.name, move || on_loom::explore(scenario))
    };
    let tried =
        expect_pass("supervision_loom", test, "interleavings", SCENARIOS.iter().map(stored).collect());
    assert!(tried > 2 * SCENARIOS.len() as u64, "only {tried} interleavings were explored");
}

/// SV-9, SV-10, LC-3: each scenario fails with the planted faults that it names.
///
/// Engine: loom
#[test]
fn loom_every_scenario_refuses_a_weaker_supervision() {
    for scenario in SCENARIOS {
        assert!(!scenario.refuses.is_empty(), "{} refuses nothing", scenario.name);
        for id in scenario.refuses {
            let _planted = planted::plant(id);
            let Some(kill) = on_loom::refuse(scenario) else { panic!("{}: `{id}` survived", scenario.name) };
            let rule = kill.rule().unwrap_or("a panic");
            announce(&format!(
                "supervision, loom: {}: {id} dies in execution {} of {rule}",
                scenario.name, kill.cases
            ));
        }
    }
}
