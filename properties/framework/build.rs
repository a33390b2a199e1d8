//! Compiles the twin: a copy of what the framework judges, records and reports with, every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use alys_planting::{Plan, modules, stale};

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

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let sources = manifest.join("../../crates/test-framework/src");
    for watched in [&sources, &manifest.join("faults"), &manifest.join("build.rs")] {
        println!("cargo:rerun-if-changed={}", watched.display());
    }
    let (twin, faults) = (out.join("twin"), catalogue::all().collect::<Vec<_>>());
    let plan = Plan { sources: &sources, twin: &twin, modules: &MODULES, faults: &faults };
    fs::write(out.join("stale.rs"), stale(&plan.write()?))?;
    fs::write(out.join("twin.rs"), modules(&twin, &MODULES))?;
    Ok(())
}
