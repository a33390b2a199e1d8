//! Governance once more, with every planted fault behind a switch.

#![allow(
    missing_docs,
    missing_debug_implementations,
    clippy::all,
    unused_parens,
    unused_braces,
    unreachable_code,
    unused_variables,
    reason = "the build script writes this copy, without the comments, and faults need not be pretty"
)]

include!(concat!(env!("OUT_DIR"), "/twin.rs"));
