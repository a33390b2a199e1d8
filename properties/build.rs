//! Compiles the twin: a copy of the real components with every planted fault behind a switch.
//!
//! The copy lies in the build directory. Its modules take their mutexes and atomics from the `sync` module beside
//! them, so the library includes it several times: over the standard library, over loom and over shuttle.

#![allow(unreachable_pub, dead_code, reason = "the catalogue is shared with the library, which publishes it")]

#[path = "faults/catalogue.rs"]
mod catalogue;

use std::error::Error;
use std::fs;

use alys_planting::{compile, modules};

/// The components that exist in every twin.
const EVERYWHERE: [&str; 4] = ["lifecycle", "mailbox", "supervision", "tracker"];

/// The components that need a real runtime and exist only over the standard library. They alone name the root of their
/// crate: the others are found in three places, and say `super`.
const STANDARD_ONLY: [&str; 4] = ["clock", "comm", "drain", "supervised"];

fn main() -> Result<(), Box<dyn Error>> {
    let all = [EVERYWHERE, STANDARD_ONLY].concat();
    let twin = compile("../crates/actor/src", &all, catalogue::all())?;
    fs::write(twin.with_file_name("twin_everywhere.rs"), modules(&twin, &EVERYWHERE))?;
    fs::write(twin.with_file_name("twin_standard_only.rs"), modules(&twin, &STANDARD_ONLY))?;
    Ok(())
}
