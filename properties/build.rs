//! Compiles the twin: a copy of the real components with every planted fault behind a switch.
//!
//! The copy lies in the build directory. Its modules take their mutexes and atomics from the `sync` module beside
//! them, so the library includes it several times: over the standard library, over loom and over shuttle.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;
#[path = "faults/patch.rs"]
mod patch;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::{env, io};

use catalogue::Fault;

/// The components that exist in every twin.
const EVERYWHERE: &[&str] = &["lifecycle", "mailbox", "supervision", "tracker"];

/// The components that need a real runtime and exist only over the standard library.
const STANDARD_ONLY: &[&str] = &["clock", "comm", "drain", "supervised"];

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let sources = manifest.join("../crates/actor/src");
    for watched in [&sources, &manifest.join("faults"), &manifest.join("build.rs")] {
        println!("cargo:rerun-if-changed={}", watched.display());
    }

    let twin = out.join("twin");
    if twin.exists() {
        fs::remove_dir_all(&twin)?;
    }
    let mut written = Vec::new();
    for component in EVERYWHERE.iter().chain(STANDARD_ONLY) {
        for (name, target) in files_of(&sources, component)? {
            copy(&sources, &name, &twin.join(target), &mut written)?;
        }
    }
    fs::write(out.join("stale.rs"), stale(&written))?;
    fs::write(out.join("twin_everywhere.rs"), modules(&twin, EVERYWHERE))?;
    fs::write(out.join("twin_standard_only.rs"), modules(&twin, STANDARD_ONLY))?;
    Ok(())
}

/// A copied file: its name, and the faults that had to be left out of it.
type Written = (String, Vec<(&'static str, usize)>);

/// Lists the files of a component as (name in the sources, place in the twin).
///
/// `x.rs` beside a folder `x` becomes `x/mod.rs`: a module included by path looks for its children beside itself.
fn files_of(sources: &Path, component: &str) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let mut folders = vec![component.to_owned()];
    while let Some(folder) = folders.pop() {
        if !sources.join(&folder).is_dir() {
            continue;
        }
        for entry in fs::read_dir(sources.join(&folder))? {
            let entry = entry?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push(name);
            } else if name.ends_with(".rs") {
                files.push((name.clone(), name));
            }
        }
    }
    let single = format!("{component}.rs");
    if sources.join(&single).is_file() {
        files.push((single, format!("{component}/mod.rs")));
    }
    files.sort();
    Ok(files)
}

/// Writes one file of the twin.
fn copy(sources: &Path, name: &str, target: &Path, written: &mut Vec<Written>) -> Result<(), Box<dyn Error>> {
    let source = fs::read_to_string(sources.join(name))?;
    let faults: Vec<_> = catalogue::all().enumerate().filter(|(_, fault)| fault.file == name).collect();
    let patched = patch::patch(&source, &faults).map_err(|overlap| format!("{name}: {overlap}"))?;
    fs::create_dir_all(target.parent().unwrap_or(sources))?;
    fs::write(target, at_home(patch::without_tests(&patched.text)))?;
    written.push((name.to_owned(), patched.stale));
    Ok(())
}

/// Makes paths from the root of the original crate lead into the standard twin.
///
/// Only the components that exist there alone name the root: the others are found in three places, and say `super`.
fn at_home(source: String) -> String {
    let components = EVERYWHERE.iter().chain(STANDARD_ONLY);
    components
        .fold(source, |text, name| text.replace(&format!("crate::{name}"), &format!("crate::twin::{name}")))
}

/// Writes the list of faults that are not in the twin, those of files that are gone included.
fn stale(written: &[Written]) -> String {
    let gone = |fault: &&Fault| written.iter().all(|(name, _)| name != fault.file);
    let gone = catalogue::all().filter(gone).map(|fault| (fault.id, 0));
    let edited = written.iter().flat_map(|(_, stale)| stale.iter().copied());
    let entries: String =
        edited.chain(gone).map(|(id, occurrences)| format!("({id:?}, {occurrences}), ")).collect();
    format!("&[{entries}]\n")
}

/// Writes the module declarations of the components that exist.
fn modules(twin: &Path, components: &[&str]) -> String {
    let root = |component: &&&str| twin.join(component).join("mod.rs");
    let present = components.iter().filter(|component| root(component).is_file());
    present.map(|component| format!("#[path = {:?}]\npub mod {component};\n", root(&component))).collect()
}
