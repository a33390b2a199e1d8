//! The tracker suites: how much of each runs, and where it stands in the table of properties.

use crate::sequential::Suite;

/// Calls from one thread, on a tracker that is looked at after each of them and on one that is not.
pub const TRACKER: Suite = Suite {
    name: "tracker",
    test_path: "properties::tracker::every_answer_and_the_whole_state_are_the_models",
    cases: 60_000,
    transitions: 1..=60,
};

/// Numbered messages through a real mailbox to a real actor that records them; the transitions are messages.
pub const TRACKER_ACTOR: Suite = Suite {
    name: "tracker_actor",
    test_path: "properties::tracker::an_actor_records_what_it_handles",
    cases: 3_000,
    transitions: 1..=40,
};
