//! What every build script with a twin does.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::twin::at;
use crate::{Fault, Plan, PlanError, modules, stale};

/// Compiles the twin of a crate in the build script of a package, and returns the twin's folder.
///
/// `sources` is the crate's folder of sources, seen from the package. Into the build directory go the twin, `twin.rs` with the
/// declarations of its modules, and `stale.rs` with the faults that are not in it. The script runs again when the sources, the
/// package's folder `faults` or the script itself have changed.
///
/// # Errors
///
/// [`PlanError`]; among others outside of a build script.
#[expect(clippy::print_stdout, reason = "that is how a build script speaks to cargo")]
pub fn compile<E: 'static>(
    sources: &str,
    names: &[&str],
    faults: impl Iterator<Item = &'static Fault<E>>,
) -> Result<PathBuf, PlanError> {
    let (manifest, out) = (variable("CARGO_MANIFEST_DIR")?, variable("OUT_DIR")?);
    let sources = manifest.join(sources);
    for watched in [&sources, &manifest.join("faults"), &manifest.join("build.rs")] {
        println!("cargo:rerun-if-changed={}", watched.display());
    }
    let (twin, faults) = (out.join("twin"), faults.collect::<Vec<_>>());
    let left_out = Plan { sources: &sources, twin: &twin, modules: names, faults: &faults }.write()?;
    write(&out.join("stale.rs"), &stale(&left_out))?;
    write(&out.join("twin.rs"), &modules(&twin, names))?;
    Ok(twin)
}

/// The same with every module that lies beside the root of the crate.
///
/// # Errors
///
/// As [`compile`].
pub fn compile_all<E: 'static>(
    sources: &str,
    faults: impl Iterator<Item = &'static Fault<E>>,
) -> Result<PathBuf, PlanError> {
    let names = beside_the_root(&variable("CARGO_MANIFEST_DIR")?.join(sources))?;
    compile(sources, &names.iter().map(String::as_str).collect::<Vec<_>>(), faults)
}

fn beside_the_root(sources: &Path) -> Result<Vec<String>, PlanError> {
    let mut names = Vec::new();
    for entry in at(sources, fs::read_dir(sources))? {
        let name = at(sources, entry)?.file_name().to_string_lossy().into_owned();
        names.push(name.strip_suffix(".rs").unwrap_or(&name).to_owned());
    }
    names.retain(|name| name != "lib");
    names.sort();
    // A file beside a folder of its name is one module.
    names.dedup();
    Ok(names)
}

fn variable(name: &'static str) -> Result<PathBuf, PlanError> {
    env::var_os(name).map(PathBuf::from).ok_or(PlanError::Variable(name))
}

fn write(path: &Path, text: &str) -> Result<(), PlanError> {
    at(path, fs::write(path, text))
}
