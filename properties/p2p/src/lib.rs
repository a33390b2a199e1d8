//! `alys-p2p`, held to its rules (NW-1, NW-3, NW-4, NW-6, NW-7, WR-5).
//!
//! `target/` holds the laws: of the cores, against the model of `alys-models` and against what is written down; and of the whole
//! network, on real libp2p over loopback, among peers that are hostile. They are compiled twice: in [`real`] against the crate as
//! it ships, in [`faulty`] against its twin in which faults can be planted; [`hunt`] looks for them.

pub mod faulty;
pub mod hunt;
pub mod planted;
pub mod real;
pub mod suites;
pub mod twin;
