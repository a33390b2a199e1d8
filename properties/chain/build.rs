//! Compiles the twin: a copy of the chain with every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use alys_planting::{PlanError, compile};

/// The modules of the chain that decide; none of them touches a disk.
const CORE: [&str; 12] = [
    "approvals",
    "authorities",
    "candidate",
    "engine",
    "finality",
    "node",
    "pool",
    "scheme",
    "slots",
    "transition",
    "tree",
    "voter",
];

fn main() -> Result<(), PlanError> {
    compile("../../crates/chain/src", &CORE, catalogue::all()).map(drop)
}
