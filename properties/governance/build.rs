//! Compiles the twin: a copy of governance with every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use alys_planting::{Plan, modules, stale};

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

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let sources = manifest.join("../../crates/governance/src");
    for watched in [&sources, &manifest.join("faults"), &manifest.join("build.rs")] {
        println!("cargo:rerun-if-changed={}", watched.display());
    }
    let (twin, faults) = (out.join("twin"), catalogue::all().collect::<Vec<_>>());
    let plan = Plan { sources: &sources, twin: &twin, modules: &MODULES, faults: &faults };
    fs::write(out.join("stale.rs"), stale(&plan.write()?))?;
    fs::write(out.join("twin.rs"), modules(&twin, &MODULES))?;
    Ok(())
}
