//! The suites of governance: how much of each runs, and where it stands in the table of properties.

use alys_engines::sequential::Suite;

/// The engine beside its model, with ideal signatures.
pub const IDEAL: Suite = Suite {
    name: "governance",
    test_path: "properties::governance::every_answer_and_the_whole_state_are_the_models",
    cases: 6_000,
    transitions: 1..=60,
};

/// The same with BLS signatures.
pub const BLS: Suite = Suite {
    name: "governance_bls",
    test_path: "properties::governance::bls_signatures_change_nothing",
    cases: 60,
    transitions: 1..=30,
};
