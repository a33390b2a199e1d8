//! Real headers of Bitcoin, where there are some.

use std::{env, fs, path::PathBuf};

use alys_chain_store_properties::real::laws_headers::real_headers_validate;
use alys_engines::sequential::{announce, is_deep};

/// Names a file of raw headers, or a folder of such files, called `mainnet-FIRST-LAST.bin`.
const VARIABLE: &str = "ALYS_BITCOIN_HEADERS";

/// Each bit of every so many headers is flipped in the main job; in the deep tier, of every one.
const SHARE: usize = 40;

/// The files of headers, with the height at which each begins.
fn files() -> Vec<(u64, PathBuf)> {
    let Some(given) = env::var_os(VARIABLE).map(PathBuf::from) else { return Vec::new() };
    let inside = fs::read_dir(&given).map(|all| all.flatten().map(|entry| entry.path()).collect());
    let mut paths: Vec<PathBuf> = inside.unwrap_or_else(|_| vec![given]);
    paths.sort();
    let first = |path: &PathBuf| {
        path.file_stem()?.to_str()?.strip_prefix("mainnet-")?.split('-').next()?.parse().ok()
    };
    paths.into_iter().filter_map(|path| Some((first(&path)?, path))).collect()
}

/// CH-10: real headers validate, retargets included; every bit of them that flips is refused against the state before it,
/// and in a thousand whole imports, with height and reason.
///
/// Engine: law
#[test]
fn real_headers_validate_and_flipped_ones_do_not() {
    let Some(given) = env::var_os(VARIABLE) else {
        announce(&format!("chain_real_headers: Skipped: {VARIABLE} is unset"));
        return;
    };
    let files = files();
    assert!(!files.is_empty(), "{VARIABLE} is {}: no `mainnet-FIRST-LAST.bin` there", given.display());
    let share = if is_deep() { 1 } else { SHARE };
    for (first, path) in files {
        let bytes = fs::read(&path).expect("the headers can be read");
        let tried = real_headers_validate(first, &bytes, share);
        let count = bytes.len() / 80;
        announce(&format!(
            "chain_real_headers: {count} headers from height {first}, {tried} checks, each bit of one in {share} flipped"
        ));
    }
}
