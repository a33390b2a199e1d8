//! The priority mailbox, described once: its generator, its labels, its comparisons, and adapters for the real one.
//!
//! `target/` holds the adapters. They are compiled twice: in [`real`] against the crate as it ships, and in [`faulty`]
//! against its twin in which faults can be planted.

pub mod compare;
pub mod faulty;
mod generate;
mod hunt;
mod labels;
pub mod laws;
pub mod loom;
pub mod on_threads;
mod pair;
pub mod program;
pub mod real;
mod reference;
pub mod shuttle;
mod small;
pub mod spec;
pub mod suites;

pub use self::{
    generate::Profile,
    hunt::hunt,
    labels::{MailboxLabels, record},
    pair::{PairReference, PairState},
    reference::{ActorReference, HandReference, State},
};
