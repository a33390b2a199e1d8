//! The twin of the wire format, with the fault that is planted on this thread.

use crate::twin as source;

#[path = "target/mod.rs"]
mod target;

pub use target::Wire;
