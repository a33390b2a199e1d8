//! The part of the kit that is about sync engines: capabilities, what an adapter implements, and a network in virtual time whose
//! peers are honest, withhold and lie.
//!
//! An engine is told what its network tells and how late it is, and says what the network must do; nothing here has a clock.
//! What it is held to is the truth: which blocks there are, what each peer has shown, and what was asked of whom. Its own
//! word for any of that counts for nothing.

mod bench;
mod capabilities;
pub mod clauses;
mod drive;
mod generate;
mod judge;
mod machine;
mod macros;
mod player;
mod steps;
mod subject;
mod watch;
mod words;
mod world;

pub use self::{
    capabilities::SyncCapabilities,
    clauses::{SyncClause, SyncMissing, sync_clauses},
    judge::{
        SyncSubject, expect_some_sync_rule_applies, expect_sync_clause, judge_sync, judge_sync_subject,
        replay_sync,
    },
    steps::{Behaviour, PLAIN_START, SyncStart, SyncStep},
    subject::{SyncParameters, SyncUnderTest},
    words::{SyncAnswer, SyncAsk, SyncBlock, SyncCommand, SyncEvent, SyncStatus, SyncTip, root_behind},
};
