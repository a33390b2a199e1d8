//! Compiles the twin: a copy of `alys-sync` with every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use alys_planting::{PlanError, compile_all};

fn main() -> Result<(), PlanError> {
    compile_all("../../crates/sync/src", catalogue::all()).map(drop)
}
