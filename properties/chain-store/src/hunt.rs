//! Looking for a planted fault with the engine that it names.

use alys_engines::{
    crash::Crashed,
    sequential::{self, Kill, Seed, Suite},
    violation::caught,
};
use proptest::test_runner::Config;
use proptest_state_machine::StateMachineTest;

use crate::{
    faulty::{crashed::Crashing, laws, machine::Machine},
    planted::{Engine, Fault},
    suites,
};

/// How many cases are drawn before all of them are: most faults die early.
const FIRST: u32 = 40;

/// Runs the engine that a fault names, and says how it died; `None` when it survived. The caller has planted it on this thread.
///
/// A case that fails is not made shorter: that would take longer than to find it.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    match fault.engine {
        Engine::Machine => first_of::<Machine>(&suites::MACHINE),
        Engine::Crash => first_of::<Crashed<Crashing<false>>>(&suites::CRASH),
        engine => (1..).zip(laws::laws(engine)).find_map(|(cases, (name, law))| {
            let message = caught(law).err()?;
            Some(Kill { cases, message: format!("{message} (law `{name}`)"), steps: 0 })
        }),
    }
}

/// The first case of a suite that fails.
fn first_of<T: StateMachineTest>(suite: &Suite) -> Option<Kill>
where
    T::Reference: alys_engines::small::Small,
{
    let failing = |count: u32| {
        let cases = sequential::sequences::<T>(suite, count, Seed::Fixed);
        (1..).zip(cases).find_map(|(cases, (state, transitions))| {
            let steps = transitions.len();
            let run = || T::test_sequential(Config::default(), state, transitions, None);
            caught(run).err().map(|message| Kill { cases, message, steps })
        })
    };
    failing(FIRST.min(suite.cases)).or_else(|| failing(suite.cases))
}
