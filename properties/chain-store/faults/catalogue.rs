//! The planted faults of store, checkpoints and proof of work: one-place text changes of the real source.

#[path = "catalogue/checkpoints.rs"]
mod checkpoints;
#[path = "catalogue/files.rs"]
mod files;
#[path = "catalogue/headers.rs"]
mod headers;
#[path = "catalogue/nodes.rs"]
mod nodes;
#[path = "catalogue/pow.rs"]
mod pow;
#[path = "catalogue/store.rs"]
mod store;

/// One planted fault.
pub type Fault = alys_planting::Fault<Engine>;

/// What must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// The state machine suite of the store.
    Machine,
    /// The crash suite of the store.
    Crash,
    /// A law of files: how they are made, opened and refused.
    Files,
    /// A law of checkpoints and their intervals.
    Checkpoints,
    /// A law of merged mining, anchors, retarget and gate.
    Pow,
    /// A law of the headers of the parent chain.
    Headers,
    /// A law of a node on the store, crashed or not.
    Nodes,
}

/// The rules that a fault breaks.
type Rules = &'static [&'static str];

/// A fault in an expression, which the state machine suite must find unless the entry says otherwise.
const fn expression(
    title: &'static str,
    rules: Rules,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::expression(Engine::Machine, title, rules, file, original, faulty)
}

/// The same in a statement.
const fn statement(
    title: &'static str,
    rules: Rules,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::statement(Engine::Machine, title, rules, file, original, faulty)
}

/// Every fault, in the order of the switches' numbers.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    let all =
        [store::FAULTS, files::FAULTS, checkpoints::FAULTS, pow::FAULTS, headers::FAULTS, nodes::FAULTS];
    all.into_iter().flatten()
}
