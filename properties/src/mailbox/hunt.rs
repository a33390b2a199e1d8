//! Looking for planted faults of the mailbox, each with the engine that must find it.

use super::{faulty, laws, loom, suites};
use crate::{
    planted::{Engine, Fault},
    scenarios::{self, Scenario},
    sequential::{self, Kill, Persistence},
};

/// Runs the engine of a planted fault until it finds the fault; `None` when it does not within its default budget.
///
/// # Panics
///
/// When the fault names an engine that the mailbox does not have.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    match fault.engine {
        Engine::Mailbox => sequential::hunt::<faulty::hand::Hand>(&suites::BY_HAND, suites::BY_HAND.cases),
        Engine::MailboxActor => {
            sequential::hunt::<faulty::actor::Drained>(&suites::BY_ACTOR, suites::BY_ACTOR.cases)
        }
        Engine::MailboxPair => sequential::hunt::<faulty::pair::Pair>(&suites::PAIR, suites::PAIR.cases),
        Engine::Law => among(laws::FAULTY.scenarios()),
        Engine::Loom => {
            among(loom::beginnings_and_ends().into_iter().chain(loom::pairs_of_operations()).collect())
        }
        other => panic!("the mailbox has no engine {other:?}"),
    }
}

fn among(scenarios: Vec<Scenario>) -> Option<Kill> {
    let found = scenarios::run("hunt", &Persistence::None, scenarios).err()?;
    Some(Kill { cases: u32::try_from(found.tried).unwrap_or(u32::MAX), steps: 1, message: found.message })
}
