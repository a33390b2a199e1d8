//! Compiles the twin: a copy of governance with every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use alys_planting::{PlanError, compile};

/// Every module of governance.
const MODULES: [&str; 12] = [
    "ballots",
    "certificate",
    "engine",
    "evidence",
    "message",
    "proposal",
    "registry",
    "scheme",
    "shell",
    "tally",
    "terms",
    "vote",
];

fn main() -> Result<(), PlanError> {
    compile("../../crates/governance/src", &MODULES, catalogue::all()).map(drop)
}
