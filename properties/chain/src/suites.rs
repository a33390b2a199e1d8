//! The suites of the chain: how much of each runs, and where it stands in the table of properties.

use alys_engines::sequential::Suite;

/// One node beside its model, with ideal signatures.
pub const NODE: Suite = Suite {
    name: "chain_node",
    test_path: "properties::node::every_answer_and_the_whole_state_are_the_models",
    cases: 6_000,
    transitions: 1..=60,
};

/// The same with BLS signatures.
pub const NODE_BLS: Suite = Suite {
    name: "chain_node_bls",
    test_path: "properties::node::bls_signatures_change_nothing",
    cases: 40,
    transitions: 1..=30,
};

/// How many slots the game of four authorities is played.
pub const GAME_SLOTS: u64 = 7;
