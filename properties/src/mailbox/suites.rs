//! The mailbox suites: how much of each runs, and where it stands in the table of properties.

use crate::sequential::Suite;

/// Transitions on futures and receives polled by hand.
pub const BY_HAND: Suite = Suite {
    name: "mailbox",
    test_path: "properties::mailbox::every_answer_and_every_wake_up_is_the_models",
    cases: 300_000,
    transitions: 1..=80,
};

/// Two mailboxes side by side.
pub const PAIR: Suite = Suite {
    name: "mailbox_pair",
    test_path: "properties::mailbox::what_happens_at_one_mailbox_is_not_felt_at_another",
    cases: 60_000,
    transitions: 1..=80,
};

/// The same with a real actor behind the mailbox.
pub const BY_ACTOR: Suite = Suite {
    name: "mailbox_actor",
    test_path: "properties::mailbox::an_actor_behind_the_mailbox_does_what_the_model_says",
    cases: 120_000,
    transitions: 1..=60,
};
