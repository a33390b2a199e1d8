//! The tests, each a scenario on a thread of its own: it notes what it sees, and the judge has its own idea of that.

mod api;
mod beacon;
mod blocks;
mod client;
mod clients;
mod notes;
mod payloads;
mod real;
mod restarts;

pub(in crate::harness) use clients::failed;
pub(super) use real::install;

use crate::case::TestCase;

/// Those that live in this process, in the order in which they are listed and reported.
pub(super) static IN_PROCESS: &[TestCase] = &[
    api::COMPATIBILITY,
    api::REFUSALS,
    beacon::HEADS,
    beacon::NODES,
    blocks::INTEGRATION,
    blocks::BUILDING,
    blocks::FORK_CHOICE,
    payloads::INVALID,
    restarts::RESTART,
    restarts::EXPIRY,
];

/// Those against a real client.
pub(super) static REAL: &[TestCase] = &[real::NODE, real::CLIENT];
