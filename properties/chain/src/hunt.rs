//! Looking for a planted fault with the engine that it names.

use alys_engines::sequential::{self, Kill};
use alys_engines::violation::caught;

use crate::faulty::{game, keys::IdealKeys, laws::LAWS, machine::Machine};
use crate::planted::{Engine, Fault};
use crate::suites::{GAME_SLOTS, NODE};

/// Runs the engine that the fault names, and says how it died; `None` when it survived.
///
/// The caller has planted the fault on this thread.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    match fault.engine {
        Engine::Node => sequential::hunt::<Machine<IdealKeys>>(&NODE, NODE.cases),
        Engine::Law => law(),
        Engine::Game => game(),
    }
}

/// The first law that does not hold.
fn law() -> Option<Kill> {
    let broken = LAWS.iter().zip(1..).find_map(|((_, _, law), tried)| Some((caught(*law).err()?, tried)));
    broken.map(|(message, cases)| Kill { cases, message, steps: 1 })
}

/// The first game that ends in a conflict.
fn game() -> Option<Kill> {
    let conflict = (0..4).find_map(|byzantine| game::play(byzantine, GAME_SLOTS).err());
    conflict.map(|conflict| Kill {
        cases: 1,
        message: format!("CH-5: two honest nodes can hold conflicting blocks final:\n{conflict}"),
        steps: conflict.moves.len(),
    })
}
