//! The ring buffer, the specimen of the engines: small, pure, and quick to copy and compare.
//!
//! A description like that of a component, with a real ring that belongs to the suite and has its faults in it. What the
//! engines promise (how fast they are, how soon they find something, how short it gets) is measured on it, beside other
//! libraries on the very same ring.

pub mod faulty;
mod generate;
mod machine;
mod real;
mod reference;
mod small;
mod spec;

pub use self::{
    faulty::RingFault,
    machine::{Machine, check},
    real::Ring,
    reference::{RingReference, State},
    spec::{RingSpec, Traffic},
};
use crate::sequential::Suite;

/// Places that a ring has at most.
pub const CAPACITY_MAX: usize = 4;

/// The ring without a fault.
pub type Sound = Machine<false>;

/// The ring with the fault that is planted on this thread.
pub type Faulty = Machine<true>;

/// Calls of one ring.
pub const RING: Suite = Suite {
    name: "ring",
    test_path: "properties::house_engines::the_ring_does_what_its_model_says",
    cases: 20_000,
    transitions: 1..=100,
};
