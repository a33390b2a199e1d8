//! The project's own source text, for tests that hold the house to its rules.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders that hold Rust sources of ours.
const FOLDERS: [&str; 5] = ["crates", "models", "properties", "fuzz", "examples"];

/// One file of the project.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path from the root of the project, with forward slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl SourceFile {
    /// Returns the lines that are not comments, numbered from 1.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Returns the root of the project.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
}

/// Reads a file of the project.
///
/// # Panics
///
/// When it cannot be read: a check that reads nothing would pass.
#[must_use]
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns every Rust file of the project, sorted by path.
///
/// # Panics
///
/// When a folder cannot be read.
#[must_use]
pub fn rust_files() -> Vec<SourceFile> {
    FOLDERS.iter().flat_map(|folder| files(folder, ".rs")).collect()
}

/// Returns the files under a folder whose names end so, sorted by path; build output is left out.
///
/// # Panics
///
/// When a folder or file cannot be read.
#[must_use]
pub fn files(folder: &str, ending: &str) -> Vec<SourceFile> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root().join(&folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        for entry in entries {
            let entry = entry.unwrap_or_else(|error| panic!("{folder}: {error}"));
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{folder}/{name}");
            if entry.path().is_dir() {
                let output =
                    name.starts_with('.') || ["target", "artifacts", "coverage", "corpus"].contains(&&*name);
                if !output || path.contains("/src/") {
                    folders.push(path);
                }
            } else if name.ends_with(ending) {
                found.push(SourceFile { text: read(&path), path });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}
