//! Compiles the twin: a copy of the chain with every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use alys_planting::{Plan, modules, stale};

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

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let sources = manifest.join("../../crates/chain/src");
    for watched in [&sources, &manifest.join("faults"), &manifest.join("build.rs")] {
        println!("cargo:rerun-if-changed={}", watched.display());
    }
    let (twin, faults) = (out.join("twin"), catalogue::all().collect::<Vec<_>>());
    let plan = Plan { sources: &sources, twin: &twin, modules: &CORE, faults: &faults };
    fs::write(out.join("stale.rs"), stale(&plan.write()?))?;
    fs::write(out.join("twin.rs"), modules(&twin, &CORE))?;
    Ok(())
}
