//! The store, crashed at every operation of its disk.

use alys_chain_store_properties::{real::crashed::Crashing, suites};
use alys_engines::{
    crash, results,
    sequential::{Persistence, Seed, announce},
};

/// CH-8: nothing that was acknowledged is lost, whatever survives of the rest, and what is found agrees with itself.
///
/// Engine: crash
#[test]
fn a_store_survives_every_crash() {
    let under_way = results::begin(suites::CRASH.name);
    let report = crash::run::<Crashing<false>>(&suites::CRASH, Persistence::Committed, Seed::FromEnvironment);
    let report = report.unwrap_or_else(|failure| failure.end());
    announce(&report.to_string());
    under_way.passed(&report.to_json());
}
