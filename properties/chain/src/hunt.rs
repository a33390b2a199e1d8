//! Looking for a planted fault with the engine that it names.

use alys_engines::sequential::{Kill, Seed, Settings, run_cases};
use alys_engines::violation::caught;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest as _};

use crate::faulty::{game, keys::IdealKeys, laws::LAWS, machine::Machine};
use crate::planted::{Engine, Fault};
use crate::reference::ChainReference;
use crate::suites::{GAME_SLOTS, NODE};

/// Runs the engine that the fault names, and says how it died; `None` when it survived.
///
/// The caller has planted the fault on this thread.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    match fault.engine {
        Engine::Node => node(),
        Engine::Law => law(),
        Engine::Game => game(),
    }
}

/// The first case of the suite of a node that fails, as it was drawn: a hunt has no use for a short one.
fn node() -> Option<Kill> {
    let settings = Settings::new(NODE.name, NODE.cases, Seed::Fixed.number());
    let settings = Settings { shrink_iterations: 0, ..settings };
    let strategy = ChainReference::sequential_strategy(NODE.transitions);
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

/// The first game that ends in a conflict; the authority comes first whose slots do the most harm.
fn game() -> Option<Kill> {
    let conflict = [2, 1, 3, 0].into_iter().find_map(|byzantine| game::play(byzantine, GAME_SLOTS).err());
    conflict.map(|conflict| Kill {
        cases: 1,
        message: format!("CH-5: two honest nodes can hold conflicting blocks final:\n{conflict}"),
        steps: conflict.moves.len(),
    })
}
