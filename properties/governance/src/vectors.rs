//! Vectors of other implementations, as they stand in files.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

/// The folder of the public vectors.
pub const PUBLIC: &str = "ALYS_BLS_VECTORS";

/// The vectors that are committed, made by `tools/bls-vectors.py`.
///
/// # Panics
///
/// When they cannot be read.
#[must_use]
pub fn committed() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/bls.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let vectors: Value =
        serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    assert!(vectors["origin"].is_string(), "vectors name their origin");
    vectors
}

/// One public vector.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicVector {
    /// What it is a vector of: the name of its folder.
    pub function: String,
    /// Its own name.
    pub name: String,
    /// What goes in.
    pub input: Value,
    /// What must come out.
    pub output: Value,
}

/// Where the public vectors are, if somebody says so.
#[must_use]
pub fn public_folder() -> Option<PathBuf> {
    env::var_os(PUBLIC).filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Reads the public vectors: a folder for each function, a file for each case.
///
/// # Panics
///
/// When they cannot be read: somebody has said that they are there.
#[must_use]
pub fn public(folder: &Path) -> Vec<PublicVector> {
    let list = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        paths
    };
    let mut vectors = Vec::new();
    for function in list(folder).into_iter().filter(|path| path.is_dir()) {
        for file in list(&function) {
            let named = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
            let mut case: Value =
                serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
            let (input, output) = (case["input"].take(), case["output"].take());
            vectors.push(PublicVector { function: named(&function), name: named(&file), input, output });
        }
    }
    vectors
}

/// Reads hexadecimal digits, with or without `0x` in front.
///
/// # Panics
///
/// When the value is no such text.
#[must_use]
pub fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no text"));
    let hex = text.strip_prefix("0x").unwrap_or(text);
    let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16);
    (0..hex.len() / 2).map(|at| digits(2 * at).unwrap_or_else(|_| panic!("{text} is not hex"))).collect()
}

/// Reads so many bytes; `None` when there are more or fewer.
#[must_use]
pub fn fixed<const N: usize>(value: &Value) -> Option<[u8; N]> {
    bytes(value).try_into().ok()
}

/// The entries of a list.
///
/// # Panics
///
/// When the value is none.
#[must_use]
pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}
