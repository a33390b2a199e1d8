//! The production gate at its limits (SY-5).

use alys_engines::violation::check_eq;
use alys_models::sync::{ModelGate, ProvedTip, SyncTruth, TruthSetting};

use super::alys::gate::{Closed, Gate, Position, decide};

/// Heights of targets: around what rounds, and the ends.
const TARGETS: [u64; 14] =
    [1, 2, 99, 100, 199, 200, 201, 399, 400, 1_000, 20_000, 1 << 53, u64::MAX - 1, u64::MAX];

/// Limits of the lag.
const LIMITS: [u64; 7] = [0, 1, 2, 5, 100, 1_000_000, u64::MAX];

/// The gate is open exactly when the rule says so, at every limit, one before and one behind it.
pub fn the_gate_is_the_rules() -> u64 {
    let mut tried = 0;
    for target in TARGETS {
        for limit in LIMITS {
            // The largest lag that the first condition allows.
            let share = (u128::from(target) * 5 / 1000) as u64;
            let lags =
                [0, 1, share.saturating_sub(1), share, share + 1, limit, limit.saturating_add(1), target];
            for lag in lags.into_iter().filter(|lag| *lag <= target) {
                let position = Position { height: target - lag, target: Some(target), at_genesis: 9 };
                let open = u128::from(lag) * 1000 <= u128::from(target) * 5 && lag <= limit;
                let gate = if open { Gate::Open } else { Gate::Closed(Closed::Behind { lag, target }) };
                for (sample, bootstrap) in [(1, false), (9, true)] {
                    let real = decide(&position, limit, sample, bootstrap);
                    check_eq(
                        "SY-5",
                        &format!("the gate {lag} of {target} behind, limit {limit}"),
                        &gate,
                        &real,
                    );
                }
                let modelled = if modelled(target, lag, limit) { ModelGate::Open } else { ModelGate::Closed };
                check_eq("SY-5", "what the model says of it", &modelled, &seen(gate));
                tried += 1;
            }
        }
        let above = Position { height: u64::MAX, target: Some(target), at_genesis: 0 };
        check_eq("SY-5", "the gate above the target", &Gate::Open, &decide(&above, 0, 3, false));
    }
    tried
}

fn seen(gate: Gate) -> ModelGate {
    if gate == Gate::Open { ModelGate::Open } else { ModelGate::Closed }
}

/// The same by the model: one peer that has proved a fresh tip.
fn modelled(target: u64, lag: u64, max_lag_blocks: u64) -> bool {
    let setting = TruthSetting { freshness_slots: 0, sample_min: 3, max_lag_blocks, bootstrap: false };
    let tip = |height| ProvedTip { height, slot: 0, root: [1; 32] };
    let mut truth = SyncTruth::new(setting, tip(target - lag));
    truth.joined(1);
    truth.proved(1, tip(target));
    truth.gate() == ModelGate::Open
}

/// Unknown is closed, and a target of 0 is open by the operator or by a whole sample at genesis.
pub fn nothing_is_open_that_is_not_known() -> u64 {
    let mut tried = 0;
    for sample in 1..5 {
        for at_genesis in 0..6 {
            for bootstrap in [false, true] {
                for height in [0, 1, 7] {
                    let position = Position { height, target: None, at_genesis };
                    let unknown = decide(&position, 100, sample, bootstrap);
                    check_eq(
                        "SY-5",
                        "the gate to an unknown target",
                        &Gate::Closed(Closed::Unknown),
                        &unknown,
                    );
                    let gate = match bootstrap || at_genesis >= sample {
                        true => Gate::Open,
                        false => Gate::Closed(Closed::Genesis { answered: at_genesis, needed: sample }),
                    };
                    let position = Position { target: Some(0), ..position };
                    let real = decide(&position, 100, sample, bootstrap);
                    check_eq(
                        "SY-5",
                        &format!("the gate with {at_genesis} of {sample} at genesis"),
                        &gate,
                        &real,
                    );
                    tried += 1;
                }
            }
        }
    }
    tried
}
