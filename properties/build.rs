//! Compiles the twin: a copy of the real components with every planted fault behind a switch.
//!
//! The copy lies in the build directory. Its modules take their mutexes and atomics from the `sync` module beside
//! them, so the library includes it several times: over the standard library, over loom and over shuttle.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use alys_planting::{Plan, modules, stale};

/// The components that exist in every twin.
const EVERYWHERE: [&str; 4] = ["lifecycle", "mailbox", "supervision", "tracker"];

/// The components that need a real runtime and exist only over the standard library. They alone name the root of their
/// crate: the others are found in three places, and say `super`.
const STANDARD_ONLY: [&str; 4] = ["clock", "comm", "drain", "supervised"];

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let sources = manifest.join("../crates/actor/src");
    for watched in [&sources, &manifest.join("faults"), &manifest.join("build.rs")] {
        println!("cargo:rerun-if-changed={}", watched.display());
    }
    let (twin, faults) = (out.join("twin"), catalogue::all().collect::<Vec<_>>());
    let all = [EVERYWHERE, STANDARD_ONLY].concat();
    let plan = Plan { sources: &sources, twin: &twin, modules: &all, faults: &faults };
    fs::write(out.join("stale.rs"), stale(&plan.write()?))?;
    fs::write(out.join("twin_everywhere.rs"), modules(&twin, &EVERYWHERE))?;
    fs::write(out.join("twin_standard_only.rs"), modules(&twin, &STANDARD_ONLY))?;
    Ok(())
}
