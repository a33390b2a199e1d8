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
