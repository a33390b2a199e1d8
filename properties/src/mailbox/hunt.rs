//! Looking for planted faults of the mailbox, each with the engine that must find it.

use super::{faulty, laws, loom, suites};
use crate::{
    planted::{Engine, Fault},
    sequential::{self, Kill},
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
        Engine::Law => laws::FAULTY.check().err().map(|(cases, message)| Kill { cases, steps: 1, message }),
        Engine::Loom => [loom::beginnings_and_ends, loom::one_each, loom::two_each]
            .into_iter()
            .find_map(|explore| explore().err())
            .map(|broken| Kill { cases: broken.executions as u32, steps: 2, message: broken.message }),
        other => panic!("the mailbox has no engine {other:?}"),
    }
}
