//! `alys-sync`, held to its rules (SY-1 to SY-10, WR-5, NW-1, NW-2, NW-5).
//!
//! - [`chains`] makes certified blocks for peers to serve.
//! - `target/` holds the stage for one engine, the watch that looks at all it does, and the laws. They are compiled twice: in
//!   [`real`] against the crate as it ships, in [`faulty`] against its twin in which faults can be planted; [`hunt`] looks
//!   for them. Among them are the plans of the simulated network, and all orders of delivery of a small sync.

pub mod chains;
pub mod faulty;
pub mod fuzz;
pub mod hunt;
pub mod planted;
pub mod real;
pub mod suites;
pub mod twin;
