//! Sessions and workers side by side: they end in one chain, spread their load, and gain by it.

mod balancing;
mod concurrent;
mod coordination;
mod failures;
mod performance;
mod races;

use std::time::Duration;

use alys_sync::simulated::Host;

pub(super) use balancing::LOAD_BALANCING;
pub(super) use concurrent::CONCURRENT_SESSIONS;
pub(super) use coordination::COORDINATION;
pub(super) use failures::WITH_FAILURES;
pub(super) use performance::PERFORMANCE;
pub(super) use races::RACE_CONDITIONS;

use super::played::{completed, of};
use crate::{event::TestEventType::StateTransition, evidence::Evidence};

/// How many of the sessions of a run, one a node, have come to the honest tip.
fn sessions_completed(seen: Evidence<'_>, run: &str, sessions: u32) -> u32 {
    (0..sessions).filter(|node| completed(seen, run, *node)).count().try_into().unwrap_or(u32::MAX)
}

/// When a session said first that it was synced; nothing if it never did.
fn synced_after(seen: Evidence<'_>, run: &str, node: u32) -> Option<Duration> {
    let who = of(run, Host::Node(node));
    let mut said = seen.from(StateTransition, &who).filter(|event| event.words("state") == "Synced");
    said.next()?.count("at_ms").map(Duration::from_millis)
}

fn short(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
