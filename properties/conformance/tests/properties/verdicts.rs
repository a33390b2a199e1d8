//! The kit's own honesty: what is not reached does not hold, and the same question has the same answer.

use alys_conformance::{
    adapters::AlysMailbox,
    capabilities::Capabilities,
    court::Verdict,
    mailbox::{Answer, MailboxUnderTest, Message, Parameters, Received, judge_mailbox},
};
use alys_models::mailbox::Policy;

/// A mailbox that is full from the beginning and never gives anything.
struct Wall;

impl MailboxUnderTest for Wall {
    fn name() -> String {
        "wall".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["try_send"],
            try_receive: true,
            policies: &[Policy::Reject],
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        (parameters.capacity > 0).then_some(Wall)
    }

    fn try_send(&mut self, _: usize, _: usize, message: Message) -> Answer {
        Answer::Full(Some(message))
    }

    fn try_receive(&mut self) -> Received {
        Received::Empty
    }
}

/// MB-4: a mailbox that takes nothing breaks the policy in one step; what could not be judged for that is masked, and
/// nothing but the refusal of capacity 0 is said to hold.
///
/// Engine: sequential
#[test]
fn what_is_never_reached_does_not_hold() {
    let report = judge_mailbox::<Wall>();
    assert_eq!(report.broken_rules(), ["MB-4"], "{report}");
    let held: Vec<_> = report.verdicts.iter().filter(|(_, verdict)| verdict.holds()).collect();
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!(held[0].0.name, "mb_1_capacity_zero_is_refused");
    let masked = report.verdict("mb_3_messages_of_a_sender_keep_their_order");
    assert!(matches!(masked, Some(Verdict::Masked { met: 0, .. })), "{masked:?}");
}

/// MB-1: judging twice says the same, byte for byte.
///
/// Engine: sequential
#[test]
fn a_report_is_the_same_every_time() {
    let report = || judge_mailbox::<AlysMailbox>().to_string();
    assert_eq!(report(), report());
}
