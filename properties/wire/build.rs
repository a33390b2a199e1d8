//! Compiles the twin: a copy of crates/wire with every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use alys_planting::{PlanError, compile};

/// The modules of crates/wire, all of them: they name each other by `super`.
const MODULES: [&str; 11] = [
    "codes",
    "containers",
    "error",
    "fault",
    "frame",
    "gossip",
    "limits",
    "message",
    "protocol",
    "quota",
    "stream",
];

fn main() -> Result<(), PlanError> {
    compile("../../crates/wire/src", &MODULES, catalogue::all()).map(drop)
}
