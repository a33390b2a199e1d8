//! Looking for a planted fault with the engine that it names.

use super::{faulty, on_loom, on_shuttle, suites::TRACKER};
use crate::{
    concurrent,
    planted::{Engine, Fault},
    sequential::{self, Kill},
};

/// Runs the engine that the fault names on the tracker, and says after how many cases it died: generated cases,
/// executions of loom, or schedules of shuttle. `None` when it survived, or when the engine is no engine of the
/// tracker.
///
/// The caller has planted the fault on this thread.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    match fault.engine {
        Engine::Tracker => sequential::hunt::<faulty::machine::Machine>(&TRACKER, TRACKER.cases),
        Engine::Loom => on_loom::hunt(fault),
        Engine::Shuttle => concurrent::hunt::<on_shuttle::Scheduled>(&on_shuttle::PLAN),
        _ => None,
    }
}
