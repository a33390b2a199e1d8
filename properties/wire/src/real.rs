//! The wire format as it ships.

use alys_wire as source;

#[path = "target/mod.rs"]
mod target;

pub use target::Wire;
