//! Nodes as processes: `cargo test --release -p alys-test-framework --features p2p --test node properties`.
//!
//! They are killed, told to end, run out of disk and are told nonsense; what they leave is opened and compared.
#![cfg(target_os = "linux")]

#[path = "."]
#[allow(clippy::unwrap_used, reason = "helpers of tests are tests as well")]
mod properties {
    mod disk;
    mod followed;
    mod killed;
    mod metrics;
    mod process;
    mod refused;
    mod signals;
    mod stores;
}
