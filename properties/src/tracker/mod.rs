//! The ordering tracker, described once: its generator, its labels, its comparisons, and adapters for the real one.
//!
//! `target/` holds the adapters. They are compiled four times: in [`real`] against the crate as it ships, in
//! [`faulty`] against its twin in which faults can be planted, and in [`on_loom`] and [`on_shuttle`] against the twins
//! whose threads a scheduler holds in its hand.

pub mod compare;
pub mod faulty;
mod generate;
pub mod history;
mod hunt;
mod labels;
mod memory;
pub mod on_loom;
pub mod on_shuttle;
pub mod on_threads;
mod programs;
pub mod real;
mod reference;
mod scenarios;
mod situations;
mod small;
pub mod suites;
pub mod traffic;

pub use self::{
    generate::Profile,
    hunt::hunt,
    labels::{TrackerLabels, record},
    programs::program,
    reference::{State, TrackerReference},
    scenarios::{Scenario, pairs, scenarios},
};

/// Actors that a case may use; small, so that keys collide.
pub const ACTORS: usize = 3;

/// Senders that a case may use.
pub const SENDERS: usize = 3;
