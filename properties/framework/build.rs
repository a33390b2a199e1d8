//! Compiles the twin: a copy of what the framework judges, records and reports with, every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use alys_planting::{PlanError, compile};

/// All but the harnesses, in whose place the package has a small one of its own, and the command line.
const MODULES: [&str; 21] = [
    "baseline",
    "case",
    "chaos",
    "config",
    "error",
    "event",
    "evidence",
    "framework",
    "judge",
    "log",
    "measurement",
    "metrics",
    "phase",
    "replay",
    "report",
    "result",
    "run",
    "session",
    "shortest",
    "stage",
    "validators",
];

fn main() -> Result<(), PlanError> {
    compile("../../crates/test-framework/src", &MODULES, catalogue::all()).map(drop)
}
