//! Looking for a planted fault with the engine that it names.

use super::{
    actor_laws, faulty, on_loom,
    suites::{ACTORS, TREE},
    tree_laws,
};
use crate::{
    planted::{Engine, Fault},
    sequential::{self, Kill},
};

/// Runs the engine that the fault names on supervision, and says after how many cases it died; `None` when it survived.
///
/// The caller has planted the fault on this thread.
///
/// # Panics
///
/// When the fault names an engine that supervision does not have.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    match fault.engine {
        Engine::Supervision => sequential::hunt::<faulty::tree::Machine>(&TREE, TREE.cases),
        Engine::SupervisedActor => sequential::hunt::<faulty::actors::Stage>(&ACTORS, ACTORS.cases),
        Engine::SupervisedLaw => actor_laws::hunt(),
        Engine::SupervisionLaw => tree_laws::hunt(),
        Engine::Loom => on_loom::hunt(fault),
        other => panic!("supervision has no engine {other:?}"),
    }
}
