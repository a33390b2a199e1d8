//! Laws that hold under every schedule, as scenarios.

use crate::{
    planted::{Engine, Fault},
    scenarios::{self, Broken, Scenario},
    sequential::{Kill, Persistence},
    violation::caught,
};

/// The rule that a law states, its name, and itself; what it is told is the seed of a schedule.
pub type Law = (&'static str, &'static str, fn(u64));

/// Schedules for each law.
const SEEDS: u64 = 300;

/// Every law under every schedule.
#[must_use]
pub fn scenarios(laws: &[Law]) -> Vec<Scenario> {
    let under_all = |law: fn(u64)| {
        move || {
            (0..SEEDS).try_for_each(|seed| {
                caught(|| law(seed))
                    .map_err(|text| Broken { tried: seed + 1, message: format!("{text} (schedule {seed})") })
            })?;
            Ok(SEEDS)
        }
    };
    laws.iter().map(|(_, name, law)| Scenario::new(*name, under_all(*law))).collect()
}

/// Runs the laws of the rules that a fault breaks on the twin, in which the caller has planted it; `None` when none of
/// them finds it.
///
/// # Panics
///
/// When the fault names another engine.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    assert_eq!(fault.engine, Engine::Communication, "communication has no other engine");
    hunt_by(fault.rules)
}

/// The same with the laws of these rules.
#[must_use]
pub fn hunt_by(rules: &[&str]) -> Option<Kill> {
    let mut laws = super::faulty::ALL.concat();
    laws.retain(|(rule, ..)| rules.contains(rule));
    let found = scenarios::run("hunt", &Persistence::None, scenarios(&laws)).err()?;
    Some(Kill { cases: u32::try_from(found.tried).unwrap_or(u32::MAX), steps: 1, message: found.message })
}
