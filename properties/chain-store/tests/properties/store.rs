//! The store, held to its model.

use alys_chain_store_properties::{real, suites};
use alys_engines::{
    results,
    sequential::{self, Persistence, Seed, announce, fail},
};

/// CH-3, CH-5, CH-6, CH-7, CH-8, CH-9, CH-10: every answer of the store, and all that it can be asked after each transition,
/// rows damaged behind its back included.
///
/// Engine: sequential
#[test]
fn every_answer_and_the_whole_store_are_the_models() {
    let under_way = results::begin(suites::MACHINE.name);
    let report = sequential::run_with_seeds::<real::machine::Machine>(
        &suites::MACHINE,
        Persistence::Committed,
        Seed::FromEnvironment,
    );
    let report = report.unwrap_or_else(|found| fail(&found));
    announce(&report.to_string());
    under_way.passed(&report.to_json());
}
