//! What holds of the engine for every script.

use alys_engines::scenarios::expect_pass;
use alys_sync_properties::{planted::Engine, suites::scenarios};

/// SY-5, SY-7, SY-10: every setting is bounded, the defaults are the rules', the states follow one another by their table, and the gate is
/// open exactly when its rule says so.
///
/// Engine: law
#[test]
fn settings_states_and_gate_obey_their_laws() {
    let test = "properties::laws::settings_states_and_gate_obey_their_laws";
    expect_pass("sync_rules", test, "inputs", scenarios(Engine::Rules));
}

/// SY-4, SY-5: what is not proved does not count, who is silent does, a tip is fresh up to its bound, and state and gate follow.
///
/// Engine: law
#[test]
fn proofs_obey_their_laws() {
    expect_pass(
        "sync_proofs",
        "properties::laws::proofs_obey_their_laws",
        "scripts",
        scenarios(Engine::Proofs),
    );
}

/// SY-7, WR-5: scores, backoffs, breakers, bans, and what line noise costs.
///
/// Engine: law
#[test]
fn peers_obey_their_laws() {
    expect_pass("sync_peers", "properties::laws::peers_obey_their_laws", "scripts", scenarios(Engine::Peers));
}

/// SY-1, SY-2, SY-3, SY-6, SY-8, SY-9, SY-10: batches are asked for, given up, asked for again, and enter the chain.
///
/// Engine: law
#[test]
fn downloads_obey_their_laws() {
    let test = "properties::laws::downloads_obey_their_laws";
    expect_pass("sync_download", test, "scripts", scenarios(Engine::Download));
}
