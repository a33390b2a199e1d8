//! The tests of the consensus layer by name: known whether or not they are built in.

use crate::phase::MigrationPhase;
#[cfg(feature = "interop")]
use crate::{
    case::{Driving, Pace, TestCase, no_gates},
    evidence::Evidence,
    judge::Judge,
    stage::Stage,
};

use super::super::Listed;

/// The phase of all of them.
pub(super) const PHASE: MigrationPhase = MigrationPhase::LighthouseMigration;

const fn api(name: &'static str, summary: &'static str) -> Listed {
    Listed { name, phase: PHASE, category: "api_compatibility", summary }
}

const fn integration(name: &'static str, summary: &'static str) -> Listed {
    Listed { name, phase: PHASE, category: "consensus_integration", summary }
}

pub(super) const COMPATIBILITY: Listed = api(
    "test_api_compatibility",
    "Every answer of our beacon node is valid by the published document, and comes back from our client as it was.",
);
pub(super) const REFUSALS: Listed =
    api("test_api_refusals", "What our beacon node does not answer, it refuses with a status and a reason.");
pub(super) const HEADS: Listed = api(
    "test_head_events",
    "Whoever watches our beacon node is told every head, and the last one after a gap.",
);
pub(super) const NODES: Listed = api(
    "test_lying_beacon_nodes",
    "What a beacon node does wrong comes to a typed error, never to an answer.",
);
pub(super) const INTEGRATION: Listed = integration(
    "test_consensus_integration",
    "Blocks are proposed and followed by two nodes, each with its execution client, at every fork.",
);
pub(super) const BUILDING: Listed = integration(
    "test_payload_building",
    "Payloads are built on the tip, for the time, the randomness and the account that the chain asks for.",
);
pub(super) const FORK_CHOICE: Listed =
    integration("test_fork_choice", "The execution client is told the tip over every reorg.");
pub(super) const INVALID: Listed = integration(
    "test_invalid_payload",
    "A proposal is taken when its payload is called valid, and by nothing else; INVALID is not asked about again.",
);
pub(super) const RESTART: Listed = integration(
    "test_execution_client_restart",
    "An execution client that dies midway costs no block, and is handed what it has lost when it is back.",
);
pub(super) const EXPIRY: Listed = integration(
    "test_jwt_expiry",
    "Every request has a token of its time; a clock that stands still is a typed error, and costs no block.",
);
pub(super) const REAL: Listed = integration(
    "test_real_execution_client",
    "EthereumJS builds and imports what the chain asks for, and is stopped and started midway.",
);

pub(super) const REAL_NODE: Listed = api(
    "test_real_beacon_node",
    "Lodestar answers every question of our client, and its heads are told while they come.",
);

/// All of them, in the order in which they are listed and reported.
pub(super) const ALL: [Listed; 12] = [
    COMPATIBILITY,
    REFUSALS,
    HEADS,
    NODES,
    REAL_NODE,
    INTEGRATION,
    BUILDING,
    FORK_CHOICE,
    INVALID,
    RESTART,
    EXPIRY,
    REAL,
];

/// The test of this name.
#[cfg(feature = "interop")]
pub(super) const fn case(
    listed: Listed,
    pace: Pace,
    drive: fn(Stage) -> Driving,
    judge: fn(Evidence<'_>, &mut Judge),
) -> TestCase {
    let Listed { name, phase, category, summary } = listed;
    TestCase { name, phase, category, summary, pace, suite: None, drive, judge, gates: no_gates }
}
