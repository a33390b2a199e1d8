//! The store, crashed at every operation of its disk.

use alys_chain_store_properties::{real::crashed::Crashing, suites};
use alys_engines::{
    crash::{self, CrashFailure},
    results,
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

/// CH-8: the suite is worth its name: a disk whose syncs do nothing is found out.
///
/// Engine: crash
#[test]
fn a_disk_that_lies_about_its_syncs_is_found_out() {
    let Err(CrashFailure::Broken(found)) = crash::run_exactly::<Crashing<true>>(&suites::CRASH, Seed::Fixed)
    else {
        panic!("a disk that never syncs has passed")
    };
    announce(&format!(
        "chain_store_crash: lying syncs die in case {} of {:.200}",
        found.generated_cases(),
        found.message
    ));
    assert_eq!(found.generated_cases(), 1, "{found}");
}
