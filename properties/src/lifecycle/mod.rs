//! The actor lifecycle, described once: its generator, its labels, its comparisons, and adapters for the real one.
//!
//! `target/` holds the adapters. They are compiled three times: in [`real`] against the crate as it ships, in
//! [`faulty`] against its twin in which faults can be planted, and in [`on_loom`] against the twin over loom.

pub mod compare;
pub mod faulty;
mod generate;
pub mod history;
mod hunt;
mod labels;
pub mod on_loom;
pub mod real;
mod reference;
mod scenarios;
mod situations;
mod small;
pub mod suites;

pub use self::{
    generate::Profile,
    hunt::hunt,
    labels::{LifecycleLabels, record},
    reference::{LifecycleReference, State},
    scenarios::{Scenario, scenarios},
};

/// Actors that a case may use: enough for a cycle of four and one beside it.
pub const ACTORS: usize = 5;
