//! Planted faults of the gate, the settings and the table of states.

use super::{Engine::Rules, Fault};

const GATE: &str = "gate.rs";
const CONFIG: &str = "config.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Rules,
        "relative_gate_only: a node may be any number of blocks behind",
        &["SY-5"],
        GATE,
        "within(lag, target) && lag <= max_lag_blocks",
        "within(lag, target)",
    ),
    Fault::expression(
        Rules,
        "absolute_gate_only: a node may be behind by more than half a per cent",
        &["SY-5"],
        GATE,
        "within(lag, target) && lag <= max_lag_blocks",
        "lag <= max_lag_blocks",
    ),
    Fault::expression(
        Rules,
        "gate_one_block_early: the limit of the lag is taken for closed",
        &["SY-5"],
        GATE,
        "within(lag, target) && lag <= max_lag_blocks",
        "within(lag, target) && lag < max_lag_blocks",
    ),
    Fault::expression(
        Rules,
        "gate_below_half_a_per_cent: exactly half a per cent is closed",
        &["SY-5"],
        GATE,
        "1000 * u128::from(lag) <= 5 * u128::from(target)",
        "1000 * u128::from(lag) < 5 * u128::from(target)",
    ),
    Fault::expression(
        Rules,
        "gate_wraps: the share is computed in 64 bits",
        &["SY-5"],
        GATE,
        "1000 * u128::from(lag) <= 5 * u128::from(target)",
        "lag.wrapping_mul(1000) <= target.wrapping_mul(5)",
    ),
    Fault::expression(
        Rules,
        "empty_sample_is_genesis: one peer fewer than the sample opens the gate",
        &["SY-5"],
        GATE,
        "bootstrap || at_genesis >= sample",
        "bootstrap || at_genesis + 1 >= sample",
    ),
    Fault::expression(
        Rules,
        "settings_limit_taken_for_refused: the largest value is refused",
        &["SY-10"],
        CONFIG,
        "value < min || max < value",
        "value < min || max <= value",
    ),
    Fault::expression(
        Rules,
        "settings_zero_accepted: values below the least are accepted",
        &["SY-10"],
        CONFIG,
        "value < min || max < value",
        "max < value",
    ),
];
