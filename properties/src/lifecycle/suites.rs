//! The lifecycle suites: how much of each runs, and where it stands in the table of properties.

use crate::sequential::Suite;

/// Registrations, triggers and reports from one thread, allowed and forbidden ones.
pub const LIFECYCLE: Suite = Suite {
    name: "lifecycle",
    test_path: "properties::lifecycle::every_answer_and_the_whole_state_are_the_models",
    cases: 20_000,
    transitions: 1..=80,
};
