//! The suites: what they are called, and how much of them runs by default.

use std::path::PathBuf;

use alys_engines::{
    coverage::artifacts,
    scenarios::{Broken, Scenario},
    sequential::Suite,
    violation::caught,
};

use crate::{planted::Engine, real::laws};

/// The store beside its model, with damage.
pub const MACHINE: Suite = Suite {
    name: "chain_store",
    test_path: "properties::store::every_answer_and_the_whole_store_are_the_models",
    cases: 600,
    transitions: 1..=25,
};

/// The store, crashed everywhere.
pub const CRASH: Suite = Suite {
    name: "chain_store_crash",
    test_path: "properties::crash::a_store_survives_every_crash",
    cases: 8,
    transitions: 1..=6,
};

/// A folder for a store on a disk of the system; one a thread, since tests run side by side.
#[must_use]
pub fn folder() -> PathBuf {
    let thread = format!("{:?}", std::thread::current().id());
    let digits: String = thread.chars().filter(char::is_ascii_digit).collect();
    artifacts().join(format!("chain-store-{}-{digits}", std::process::id()))
}

/// The laws that an engine runs on the real thing, as scenarios.
#[must_use]
pub fn scenarios(engine: Engine) -> Vec<Scenario> {
    let scenario = |(name, run): &laws::Law| {
        let run = *run;
        Scenario::new(*name, move || caught(run).map_err(|message| Broken { tried: 1, message }))
    };
    laws::laws(engine).iter().map(scenario).collect()
}
