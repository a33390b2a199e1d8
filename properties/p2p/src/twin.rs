//! The real modules with the planted faults behind switches.
//!
//! Generated from `crates/p2p/src` by the build script; with no fault planted it behaves as the original does, at
//! the cost of one comparison a switch.

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

include!(concat!(env!("OUT_DIR"), "/twin.rs"));
