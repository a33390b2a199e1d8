//! The planted faults of the framework: one-place text changes of the real source, each of which a law must find.

#[path = "catalogue/figures.rs"]
mod figures;
#[path = "catalogue/records.rs"]
mod records;
#[path = "catalogue/verdicts.rs"]
mod verdicts;

use alys_planting::Fault as Planted;

/// A planted fault of `crates/test-framework`.
pub type Fault = Planted<Law>;

/// The law that must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Checks, questions to events, and the verdict on one test.
    Checks,
    /// What is allowed in a configuration.
    Configuration,
    /// Percentiles, counts and comparisons.
    Figures,
    /// Shards and what they are merged to.
    Merging,
    /// The two files of a run.
    Records,
    /// Verdicts rebuilt from a record.
    Replaying,
    /// What is told of a run.
    Reports,
    /// The order of phases, and what ends them.
    Runs,
    /// What a phase and a result must keep to.
    Validators,
}

impl Law {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Checks,
        Self::Configuration,
        Self::Figures,
        Self::Merging,
        Self::Records,
        Self::Replaying,
        Self::Reports,
        Self::Runs,
        Self::Validators,
    ];
}

/// A fault in an expression.
const fn expression(
    law: Law,
    title: &'static str,
    rule: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::expression(law, title, rule, file, original, faulty)
}

/// The same in a statement.
const fn statement(
    law: Law,
    title: &'static str,
    rule: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::statement(law, title, rule, file, original, faulty)
}

/// Returns every planted fault; the position in this order is the number of its switch.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    [figures::FAULTS, records::FAULTS, verdicts::FAULTS].into_iter().flatten()
}
