//! The part of the kit that is about mailboxes.

mod bench;
mod bench_places;
mod beside;
mod beside_checks;
mod generate;
mod judge;
mod ledger;
mod ledger_checks;
mod ledger_judge;
mod ledger_places;
mod machine;
mod operation;
mod run;
mod subject;

pub use alys_models::mailbox::Policy;
pub use operation::{PLAIN, Post, Step};
pub use run::{expect_clause, expect_some_rule_applies, judge_mailbox, judge_subject, replay_mailbox};
pub use subject::{
    Answer, Counted, MailboxUnderTest, Message, Parameters, Pending, Place, Received, Seen, Subject,
};

/// The capacity that is written where there is none.
const UNBOUNDED: usize = 1_000_000;
