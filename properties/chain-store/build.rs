//! Compiles the twin: a copy of store, checkpoints, proof of work and of the node on the store with every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use alys_planting::{PlanError, compile};

const MODULES: [&str; 5] = ["checkpoint", "node", "pow", "store", "stored"];

fn main() -> Result<(), PlanError> {
    compile("../../crates/chain/src", &MODULES, catalogue::all()).map(drop)
}
