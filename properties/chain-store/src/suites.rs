//! The suites: what they are called, and how much of them runs by default.

use alys_engines::sequential::Suite;

/// The store beside its model, with damage.
pub const MACHINE: Suite = Suite {
    name: "chain_store",
    test_path: "properties::store::every_answer_and_the_whole_store_are_the_models",
    cases: 400,
    transitions: 1..=25,
};

/// The store, crashed everywhere.
pub const CRASH: Suite = Suite {
    name: "chain_store_crash",
    test_path: "properties::crash::a_store_survives_every_crash",
    cases: 6,
    transitions: 1..=5,
};
