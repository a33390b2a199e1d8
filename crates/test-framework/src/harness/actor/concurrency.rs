//! Concurrency: many senders, many messages, many actors.

mod balancing;
mod crew;
mod crowd;
mod processing;
mod throughput;

pub(super) use self::{
    balancing::LOAD_BALANCING, crowd::ACTORS_AT_ONCE, processing::CONCURRENT_PROCESSING,
    throughput::HIGH_THROUGHPUT,
};

use crate::{event::TestEventType::Observed, evidence::Evidence, judge::Judge};

/// The least number of messages that any test of load sends, whatever the configuration.
const MESSAGES_MIN: u64 = 1000;

/// How many senders there are.
const SENDERS: usize = 8;

/// Judges how so many crews ended: each is down, and nobody of it is left.
fn judge_end(seen: Evidence<'_>, judge: &mut Judge, crews: usize) {
    judge.same("LC-7", "how the crews ended", &vec!["down"; crews], &seen.words(Observed, "crew", "end"));
    judge.same("LC-4", "actors left", &vec![0; crews], &seen.counts(Observed, "crew", "left"));
}
