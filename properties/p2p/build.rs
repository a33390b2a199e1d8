//! Compiles the twin: a copy of `alys-p2p` with every planted fault behind a switch.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use alys_planting::{Plan, modules, stale};

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let sources = manifest.join("../../crates/p2p/src");
    for watched in [&sources, &manifest.join("faults"), &manifest.join("build.rs")] {
        println!("cargo:rerun-if-changed={}", watched.display());
    }
    let names = modules_of(&sources)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (twin, faults) = (out.join("twin"), catalogue::all().collect::<Vec<_>>());
    let plan = Plan { sources: &sources, twin: &twin, modules: &names, faults: &faults };
    fs::write(out.join("stale.rs"), stale(&plan.write()?))?;
    fs::write(out.join("twin.rs"), modules(&twin, &names))?;
    Ok(())
}

/// The modules of the crate: whatever lies beside its root.
fn modules_of(sources: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(sources)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.insert(name.strip_suffix(".rs").unwrap_or(&name).to_owned());
    }
    names.remove("lib");
    Ok(names)
}
