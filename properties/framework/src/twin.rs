//! The framework once more, with every planted fault behind a switch.

#![allow(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    dead_code,
    unused_imports,
    clippy::all,
    unused_parens,
    unused_braces,
    unreachable_code,
    unused_variables,
    unexpected_cfgs,
    reason = "the build script writes this copy, without the comments; faults need not be pretty, and features are those of the framework"
)]

pub use crate::harness;

/// What the copy's errors say of headers: nothing here reads any.
pub mod headers {
    pub use alys_test_framework::HeadersError;
}

include!(concat!(env!("OUT_DIR"), "/twin.rs"));
