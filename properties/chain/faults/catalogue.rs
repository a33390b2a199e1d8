//! The planted faults of the chain: one-place text changes of the real source, each of which a named engine must find.

use alys_planting::Fault as Planted;

/// A planted fault of `crates/chain`.
pub type Fault = Planted<Engine>;

/// The engine that must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// The sequential suite of a node beside its model.
    Node,
    /// A law stated for all inputs of one function.
    Law,
}

/// Returns every planted fault; the position in this order is the number of its switch.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    let all: [&'static [Fault]; 0] = [];
    all.into_iter().flatten()
}
