//! The fuzz target of a node: any bytes are a case of the suite, judged by the model.

pub use alys_engines::fuzz::{Input, Machine, Named, Target};

use crate::{faulty, real, suites::NODE};

/// A node with ideal signatures beside its model.
pub const CHAIN_TRANSITIONS: Target = Target {
    name: "chain_transitions",
    transitions: 24,
    machines: &[Machine::of::<real::machine::Machine<real::keys::IdealKeys>>(&NODE)],
    twins: &[Machine::of::<faulty::machine::Machine<faulty::keys::IdealKeys>>(&NODE)],
};

/// [`CHAIN_TRANSITIONS`] as a type.
#[derive(Clone, Copy, Debug)]
pub struct ChainTransitions;

impl Named for ChainTransitions {
    const TARGET: &'static Target = &CHAIN_TRANSITIONS;
}
