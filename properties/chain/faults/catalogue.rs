//! The planted faults of the chain: one-place text changes of the real source, each of which a named engine must find.

#[path = "catalogue/batches.rs"]
mod batches;
#[path = "catalogue/blocks.rs"]
mod blocks;
#[path = "catalogue/finality.rs"]
mod finality;
#[path = "catalogue/signatures.rs"]
mod signatures;

use alys_planting::Fault as Planted;

/// A planted fault of `crates/chain`.
pub type Fault = Planted<Engine>;

/// The engine that must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// The sequential suite of a node beside its model.
    Node,
    /// A law, or an exhaustive property, stated for all inputs of one function.
    Law,
    /// The game of four authorities of which one is Byzantine.
    Game,
}

/// A fault in an expression, which the suite of a node must find unless [`by`] says otherwise.
const fn expression(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::expression(Engine::Node, title, rules, file, original, faulty)
}

/// The same in a statement.
const fn statement(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::statement(Engine::Node, title, rules, file, original, faulty)
}

/// The same fault, for another engine to find.
const fn by(engine: Engine, fault: Fault) -> Fault {
    fault.found_by(engine)
}

/// Returns every planted fault; the position in this order is the number of its switch.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    [blocks::FAULTS, finality::FAULTS, signatures::FAULTS, batches::FAULTS].into_iter().flatten()
}
