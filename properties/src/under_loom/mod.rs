//! The concurrent components over loom, which explores every interleaving of a small model.
//!
//! The same text as [`crate::twin`]; what lives here can be used only inside `loom::model`.

#![allow(
    dead_code,
    unused,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    elided_lifetimes_in_paths,
    clippy::all,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a generated copy: the lints are applied to the original, and the switches are not idiomatic"
)]

mod sync;

include!(concat!(env!("OUT_DIR"), "/twin_everywhere.rs"));
