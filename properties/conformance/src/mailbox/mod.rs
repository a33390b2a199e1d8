//! The part of the kit that is about mailboxes.

mod beside;
mod bench;
mod generate;
mod judge;
mod ledger;
mod ledger_checks;
mod machine;
mod operation;
mod run;
mod subject;

pub use operation::{PLAIN, Post, Step};
pub use run::{expect_clause, expect_some_rule_applies, judge_mailbox, judge_subject, replay_mailbox};
pub use subject::{Answer, Counted, MailboxUnderTest, Message, Parameters, Pending, Received, Seen, Subject};

/// The capacity that is written where there is none.
const UNBOUNDED: usize = 1_000_000;
