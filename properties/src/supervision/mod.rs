//! Supervision, described once: its generator, its labels, its comparisons, and adapters for the real tree.
//!
//! `target/` holds the adapters. They are compiled twice: in [`real`] against the crate as it ships, and in [`faulty`]
//! against its twin in which faults can be planted.

pub mod actor_laws;
mod big;
pub mod compare;
pub mod faulty;
mod generate;
mod hunt;
mod labels;
pub mod on_loom;
pub mod real;
mod reference;
mod situations;
mod small;
pub mod suites;
pub mod tree_laws;
pub mod world_compare;
mod world_generate;
mod world_labels;
mod world_reference;

pub use self::{
    generate::Profile,
    hunt::hunt,
    labels::{SupervisionLabels, record},
    reference::{State, SupervisionReference},
    world_labels::{WorldLabels, record as record_world},
    world_reference::{WorldReference, WorldState},
};
