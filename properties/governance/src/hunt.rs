//! Looking for a planted fault with the engine that it names.

use alys_engines::sequential::{Kill, Seed, Settings, run_cases};
use alys_engines::violation::caught;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest as _};

use crate::faulty::{coalitions, game, keys::IdealKeys, laws::LAWS, machine::Machine};
use crate::planted::{Engine, Fault};
use crate::reference::GovernanceReference;
use crate::suites::IDEAL;

/// Runs the engine that the fault names, and says how it died; `None` when it survived.
///
/// The caller has planted the fault on this thread.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    match fault.engine {
        Engine::Machine => machine(),
        Engine::Law => law(),
        Engine::Game => game(),
        Engine::Coalitions => coalitions(),
    }
}

/// The first case of the suite that fails, as it was drawn: a hunt has no use for a short one.
fn machine() -> Option<Kill> {
    let settings = Settings::new(IDEAL.name, IDEAL.cases, Seed::Fixed.number());
    let settings = Settings { shrink_iterations: 0, ..settings };
    let strategy = GovernanceReference::sequential_strategy(IDEAL.transitions);
    let config = Config { failure_persistence: None, verbose: 0, ..Config::default() };
    let passed = run_cases(&settings, &strategy, |(state, steps, _)| {
        Machine::<IdealKeys>::test_sequential(config.clone(), state, steps, None);
    });
    let failure = *passed.err()?;
    let steps = failure.value.map_or(0, |(_, steps, _)| steps.len());
    Some(Kill { cases: failure.generated, message: failure.message, steps })
}

/// The first law that does not hold.
fn law() -> Option<Kill> {
    let broken = LAWS.iter().zip(1..).find_map(|((_, _, law), tried)| Some((caught(*law).err()?, tried)));
    broken.map(|(message, cases)| Kill { cases, message, steps: 1 })
}

/// The game of four members, and batches.
fn game() -> Option<Kill> {
    let played = caught(|| match game::batches() {
        Err(broken) => Some(broken.to_string()),
        Ok(_) => game::play([1; 4], (2, 3), 3).err().map(|broken| broken.to_string()),
    });
    let message = played.unwrap_or_else(Some)?;
    Some(Kill { cases: 1, message, steps: 1 })
}

/// Every coalition of small registries.
fn coalitions() -> Option<Kill> {
    let message = caught(|| coalitions::hold_all(0)).err()?;
    Some(Kill { cases: 1, message, steps: 1 })
}
