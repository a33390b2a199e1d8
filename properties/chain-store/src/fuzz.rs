//! The fuzz targets of store and proofs: any bytes, judged by what must be.

pub use alys_engines::fuzz::aloud;

use crate::faulty;
pub use crate::real::fuzzed::{auxpow_header, checkpoint_bytes};

/// A fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its program, its corpus and its dictionary.
    pub name: &'static str,
    /// Its body.
    pub body: fn(&[u8]),
    /// The same by the twin with the planted faults.
    pub twin: fn(&[u8]),
}

/// Every one of them.
pub const TARGETS: [Target; 2] = [
    Target { name: "auxpow_header", body: auxpow_header, twin: faulty::fuzzed::auxpow_header },
    Target { name: "checkpoint_bytes", body: checkpoint_bytes, twin: faulty::fuzzed::checkpoint_bytes },
];
