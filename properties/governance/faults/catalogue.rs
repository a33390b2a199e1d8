//! The planted faults of governance: one-place text changes of the real source, each of which a named engine must find.

#[path = "catalogue/engine.rs"]
mod engine;
#[path = "catalogue/proofs.rs"]
mod proofs;
#[path = "catalogue/signatures.rs"]
mod signatures;
#[path = "catalogue/votes.rs"]
mod votes;

use alys_planting::Fault as Planted;

/// A planted fault of `crates/governance`.
pub type Fault = Planted<Engine>;

/// The engine that must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// The sequential suite beside the model.
    Machine,
    /// A law, stated for all inputs of one function.
    Law,
    /// The game of four members of which one is Byzantine.
    Game,
    /// What coalitions can do.
    Coalitions,
}

/// A fault in an expression, which the sequential suite must find.
const fn expression(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::expression(Engine::Machine, title, rules, file, original, faulty)
}

/// The same in a statement.
const fn statement(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::statement(Engine::Machine, title, rules, file, original, faulty)
}

/// A fault in an expression that a law must find.
const fn law(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    expression(title, rules, file, original, faulty).found_by(Engine::Law)
}

/// The same in a statement.
const fn law_statement(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    statement(title, rules, file, original, faulty).found_by(Engine::Law)
}

/// Returns every planted fault; the position in this order is the number of its switch.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    [engine::FAULTS, proofs::FAULTS, signatures::FAULTS, votes::FAULTS].into_iter().flatten()
}
