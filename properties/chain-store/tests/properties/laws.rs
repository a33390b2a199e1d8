//! What holds for all inputs of one function, and at its edges.

use alys_chain_store_properties::{planted::Engine, real::laws_checkpoints, suites::scenarios};
use alys_engines::{
    scenarios::expect_pass,
    sequential::{announce, cases_wanted},
};

/// How many imports are disturbed by default.
const IMPORTS: u32 = 25;

/// CH-10: every refusal of merged mining alone, with parents mined at the difficulty of regtest; ranges, the gate, and the
/// retarget of our own chain.
///
/// Engine: law
#[test]
fn merged_mining_obeys_its_laws() {
    let test = "properties::laws::merged_mining_obeys_its_laws";
    expect_pass("chain_pow_laws", test, "proofs", scenarios(Engine::Pow));
}

/// CH-10: headers of the parent chain are judged as by whoever knows the whole chain: links, bits, work, time.
///
/// Engine: law
#[test]
fn headers_obey_their_laws() {
    let test = "properties::laws::headers_obey_their_laws";
    expect_pass("chain_header_laws", test, "headers", scenarios(Engine::Headers));
}

/// CH-7, CH-8, CH-10: a foreign, newer, truncated or rotten file is refused and left as it was, rot is never served, and a
/// full disk is a typed error.
///
/// Engine: law
#[test]
fn files_obey_their_laws() {
    let test = "properties::laws::files_obey_their_laws";
    expect_pass("chain_file_laws", test, "files", scenarios(Engine::Files));
}

/// CH-6, CH-7: checkpoints are due at multiples of their interval, and bind every bit.
///
/// Engine: law
#[test]
fn checkpoints_obey_their_laws() {
    let test = "properties::laws::checkpoints_obey_their_laws";
    expect_pass("chain_checkpoint_laws", test, "checkpoints", scenarios(Engine::Checkpoints));
}

/// CH-6, CH-7, CH-8: with an interval of 10 to 100, 100 to 1000 blocks and 0 to 10 failures (crashes, corrupt and missing
/// checkpoints), an import completes, every checkpoint is verified, and its height is a multiple of the interval.
///
/// Engine: law
#[test]
fn disturbed_imports_complete() {
    let met = laws_checkpoints::disturbed_imports_complete(u64::from(cases_wanted(IMPORTS)));
    announce(&format!("chain_imports: {met:?}"));
    assert!(met.crashes > 0 && met.harmed > met.rebuilt && met.rebuilt > 0, "not worth its name: {met:?}");
}
