//! Looking for a planted fault with the engine that it names.

use super::{faulty, on_loom, suites::LIFECYCLE};
use crate::{
    planted::{Engine, Fault},
    sequential::{self, Kill},
};

/// Runs the engine that the fault names on the lifecycle, and says after how many cases it died: generated cases, or
/// executions of loom. `None` when it survived, or when the engine is no engine of the lifecycle.
///
/// The caller has planted the fault on this thread.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    match fault.engine {
        Engine::Lifecycle => sequential::hunt::<faulty::machine::Machine>(&LIFECYCLE, LIFECYCLE.cases),
        Engine::Loom => on_loom::hunt(fault),
        _ => None,
    }
}
