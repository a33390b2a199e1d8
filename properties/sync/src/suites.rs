//! The suites: what they are called, and how much of them runs by default.

use alys_engines::{
    scenarios::{Broken, Scenario},
    sequential::Suite,
    violation::caught,
};

use crate::{planted::Engine, real::laws};

/// The plans of the simulated network.
pub const PLANS: Suite = Suite {
    name: "sync_plans",
    test_path: "properties::plans::nodes_come_to_the_honest_tip_through_every_plan",
    cases: 500,
    transitions: 1..=12,
};

/// The laws that an engine runs on the real thing, as scenarios.
#[must_use]
pub fn scenarios(engine: Engine) -> Vec<Scenario> {
    let scenario = |(name, run): &laws::Law| {
        let run = *run;
        Scenario::new(*name, move || caught(run).map_err(|message| Broken { tried: 1, message }))
    };
    laws::laws(engine).iter().map(scenario).collect()
}
