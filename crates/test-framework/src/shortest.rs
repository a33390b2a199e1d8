//! The shortest way to a failure: the suite of state machines of the failed component, run on the real thing.

use alys_properties::{
    counterexample::Counterexample,
    lifecycle, mailbox,
    sequential::{Seed, Suite as Sequential, run_exactly},
    supervision, tracker,
};

use crate::{
    case::Suite,
    log::Shortest,
    result::{Outcome, TestResult},
};

/// How many cases are tried: what breaks a test of a harness breaks one of a few thousand small cases too.
const CASES: u32 = 20_000;

/// Looks for a shorter way to the failure of a test, in virtual time, from the fixed seed; `None` where the suite of
/// its component finds nothing wrong, or where it has none.
pub(crate) fn shortest(result: &TestResult, suite: Option<Suite>) -> Option<Shortest> {
    if result.outcome != Outcome::Failed {
        return None;
    }
    let found = match suite? {
        Suite::Mailbox => hunted::<mailbox::real::actor::Drained>(&mailbox::suites::BY_ACTOR),
        Suite::Supervision => hunted::<supervision::real::actors::Stage>(&supervision::suites::ACTORS),
        Suite::Lifecycle => hunted::<lifecycle::real::machine::Machine>(&lifecycle::suites::LIFECYCLE),
        Suite::Tracker => hunted::<tracker::real::machine::Machine>(&tracker::suites::TRACKER),
    }?;
    let rule = found.rule().map(str::to_owned);
    Some(Shortest { rule, text: found.to_string(), page: found.page(), replay: found.replay.clone() })
}

fn hunted<T>(suite: &Sequential) -> Option<Counterexample>
where
    T: proptest_state_machine::StateMachineTest,
    T::Reference: alys_properties::small::Small,
{
    let suite = Sequential { cases: CASES, ..suite.clone() };
    run_exactly::<T>(&suite, Seed::Fixed).err().map(|found| *found)
}
