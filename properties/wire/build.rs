//! Compiles the twin: a copy of crates/wire with every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use alys_planting::{Plan, modules, stale};

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

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let sources = manifest.join("../../crates/wire/src");
    for watched in [&sources, &manifest.join("faults"), &manifest.join("build.rs")] {
        println!("cargo:rerun-if-changed={}", watched.display());
    }
    let (twin, faults) = (out.join("twin"), catalogue::all().collect::<Vec<_>>());
    let plan = Plan { sources: &sources, twin: &twin, modules: &MODULES, faults: &faults };
    fs::write(out.join("stale.rs"), stale(&plan.write()?))?;
    fs::write(out.join("twin.rs"), modules(&twin, &MODULES))?;
    Ok(())
}
