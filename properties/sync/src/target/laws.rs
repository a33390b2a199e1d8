//! The laws by what they are about.

use super::{laws_gate, laws_settings};
use crate::planted::Engine;

/// A law: what it is called, and a check that says how much it tried.
pub type Law = (&'static str, fn() -> u64);

const RULES: [Law; 5] = [
    ("settings", laws_settings::every_setting_is_bounded),
    ("defaults", laws_settings::the_defaults_are_the_rules),
    ("states", laws_settings::states_follow_by_the_table),
    ("gate", laws_gate::the_gate_is_the_rules),
    ("unknown", laws_gate::nothing_is_open_that_is_not_known),
];

/// The laws that an engine runs; none for one that runs cases.
#[must_use]
pub fn laws(engine: Engine) -> &'static [Law] {
    match engine {
        Engine::Rules => &RULES,
        _ => &[],
    }
}
