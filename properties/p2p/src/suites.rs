//! The suites: what they are called, and how much of them runs by default.

use alys_engines::{
    scenarios::{Broken, Scenario},
    violation::caught,
};

use crate::{planted::Engine, real::laws};

/// The laws that an engine runs on the real thing, as scenarios.
#[must_use]
pub fn scenarios(engine: Engine) -> Vec<Scenario> {
    let scenario = |(name, run): &laws::Law| {
        let run = *run;
        Scenario::new(*name, move || caught(run).map_err(|message| Broken { tried: 1, message }))
    };
    laws::laws(engine).iter().map(scenario).collect()
}
