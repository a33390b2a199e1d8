//! The priority mailbox, held to its model.

use alys_properties::{
    mailbox::{MailboxLabels, laws, real, suites},
    scenarios::expect_pass as expect_scenarios,
    sequential::{expect_covered, expect_pass},
};

/// MB-1..13: every answer, counter, dead letter and wake-up, with futures polled and dropped by hand.
///
/// Engine: sequential
#[test]
fn every_answer_and_every_wake_up_is_the_models() {
    expect_covered::<real::hand::Hand, MailboxLabels<false>>(&suites::BY_HAND);
}

/// MB-1..13: the same behind a real Actix actor, fed by tokio tasks and Actix actors.
///
/// Engine: actor
#[test]
fn an_actor_behind_the_mailbox_does_what_the_model_says() {
    expect_covered::<real::actor::Drained, MailboxLabels<true>>(&suites::BY_ACTOR);
}

/// MB-14: two mailboxes side by side, each with its own model; a step at one changes nothing at the other.
///
/// Engine: sequential
#[test]
fn what_happens_at_one_mailbox_is_not_felt_at_another() {
    expect_pass::<real::pair::Pair>(&suites::PAIR);
}

/// MB-1..13: configurations are judged by their fields, the backpressure state is a function of the fill, a mailbox that
/// never runs empty leaves the thread to others, and at every edge what must be seen is seen.
///
/// Engine: law
#[test]
fn configurations_thresholds_and_yields_obey_their_laws() {
    let test = "properties::mailbox::configurations_thresholds_and_yields_obey_their_laws";
    expect_scenarios("mailbox_laws", test, "inputs", laws::REAL.scenarios());
}
