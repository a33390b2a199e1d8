//! The state machine test in which a planted fault shows, for those who ask for it by the engine.

use proptest_state_machine::StateMachineTest;

use crate::{
    cases::Stored,
    lifecycle, mailbox,
    planted::Engine,
    sequential::Suite,
    supervision::{self, suites as supervised},
    tracker,
};

/// What is done with a state machine test.
pub trait Visit {
    /// What comes of it.
    type Output;

    /// Does it.
    fn visit<T: StateMachineTest + 'static>(self, suite: &'static Suite) -> Self::Output
    where
        T::Reference: Stored;
}

/// Does something with the test that an engine runs against the twin; `None` where the engine runs no transitions.
pub fn with<V: Visit>(engine: Engine, visit: V) -> Option<V::Output> {
    Some(match engine {
        Engine::Mailbox => visit.visit::<mailbox::faulty::hand::Hand>(&mailbox::suites::BY_HAND),
        Engine::MailboxActor => visit.visit::<mailbox::faulty::actor::Drained>(&mailbox::suites::BY_ACTOR),
        Engine::MailboxPair => visit.visit::<mailbox::faulty::pair::Pair>(&mailbox::suites::PAIR),
        Engine::Tracker => visit.visit::<tracker::faulty::machine::Machine>(&tracker::suites::TRACKER),
        Engine::Lifecycle => {
            visit.visit::<lifecycle::faulty::machine::Machine>(&lifecycle::suites::LIFECYCLE)
        }
        Engine::Supervision => visit.visit::<supervision::faulty::tree::Machine>(&supervised::TREE),
        Engine::SupervisedActor => visit.visit::<supervision::faulty::actors::Stage>(&supervised::ACTORS),
        _ => return None,
    })
}

/// Does something with the test of the suite of this name; `None` where no such suite runs transitions.
pub fn named<V: Visit>(suite: &str, visit: V) -> Option<V::Output> {
    ENGINES
        .into_iter()
        .find(|engine| with(*engine, NameOf) == Some(suite))
        .and_then(|engine| with(engine, visit))
}

/// The engines that run transitions.
pub const ENGINES: [Engine; 7] = [
    Engine::Mailbox,
    Engine::MailboxActor,
    Engine::MailboxPair,
    Engine::Tracker,
    Engine::Lifecycle,
    Engine::Supervision,
    Engine::SupervisedActor,
];

/// Asks for the name of a suite.
#[derive(Clone, Copy, Debug)]
pub struct NameOf;

impl Visit for NameOf {
    type Output = &'static str;

    fn visit<T: StateMachineTest + 'static>(self, suite: &'static Suite) -> &'static str
    where
        T::Reference: Stored,
    {
        suite.name
    }
}
