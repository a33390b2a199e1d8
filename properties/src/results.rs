//! What each suite did, as data for programs: `<suite>-result.json` among the [`artifacts`].

use std::fs;

use serde_json::{Value, json};

use crate::{coverage::artifacts, sequential::announce};

/// Writes that a suite passed, and what it did; a file that cannot be written is told, and fails nothing.
pub fn write(suite: &str, did: &Value) {
    let file = artifacts().join(format!("{suite}-result.json"));
    let result = json!({ "suite": suite, "passed": true, "did": did });
    if let Err(error) = fs::write(&file, format!("{result:#}\n")) {
        announce(&format!("{}: the result could not be written: {error}", file.display()));
    }
}
