//! The supervision suites: how much of each runs, and where it stands in the table of properties.

use crate::sequential::Suite;

/// Trees of up to three levels: failures in every state, requests, reports that come too late, and time.
pub const TREE: Suite = Suite {
    name: "supervision_tree",
    test_path: "properties::supervision::every_decision_and_the_whole_tree_are_the_models",
    cases: 40_000,
    transitions: 1..=70,
};

/// Real actors: panics, errors and stops in every place, messages queued and in hand, backoffs, groups and shutdowns.
pub const ACTORS: Suite = Suite {
    name: "supervision_actors",
    test_path: "properties::supervision::supervised_actors_do_what_the_model_says",
    cases: 30_000,
    transitions: 1..=50,
};
