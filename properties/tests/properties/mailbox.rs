//! The priority mailbox, held to its model.

use alys_properties::{
    mailbox::{MailboxLabels, real, suites},
    sequential::expect_covered,
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
