//! The concurrent engine: a prefix that one thread does alone, then branches side by side, under schedules that are chosen
//! here; each recorded history is judged by linearizability against the model.
//!
//! A schedule is kept as its switches: the points at which another thread goes on than the plain rule says, by which a
//! thread runs until it cannot. So a schedule is short where few of its decisions matter, and can be made shorter by leaving
//! decisions out. A failing program is shrunk together with its schedule, and both replay.
//!
//! Components whose files take their mutexes and atomics from `super::sync` run here over shuttle ([`explore`]), and on
//! threads of the operating system ([`on_threads`]) that nobody schedules.

mod enumerate;
mod expect;
mod minimise;
mod run;
mod schedule;
mod stored;
#[cfg(test)]
mod tests;
mod threads;

use std::{
    fmt::{self, Debug},
    hash::{Hash, Hasher},
    sync::Arc,
};

use serde::{Serialize, de::DeserializeOwned};

pub use expect::{expect_explained, expect_on_threads};
pub use run::{Explored, Plan, Unmet, explore, hunt, replay};
pub use schedule::{Switch, Switches};
pub use stored::{case_of, verdict};
pub use threads::on_threads;
pub use threads::spawn;
pub(crate) use threads::step_aside;

use crate::{
    counterexample::{Call, Concurrent, Counterexample, Origin, Step, test_command},
    linearizability::{History, NotLinearizable, Operation},
};

/// What several threads do at the same time, and what one did before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program<P, A> {
    /// What the component is made with.
    pub parameters: P,
    /// Done before the threads start.
    pub prefix: Vec<A>,
    /// What each thread does; the first is the one that did the prefix.
    pub branches: Vec<Vec<A>>,
}

impl<P, A> Program<P, A> {
    /// How many calls the threads make.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.branches.iter().map(Vec::len).sum()
    }
}

/// A history that no order explains, or a panic of the code under test.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unexplained {
    /// The text of the violation, or the message of the panic.
    pub message: String,
    /// The history, as far as there is one.
    pub history: Concurrent,
}

impl fmt::Display for Unexplained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.message)?;
        if self.history.calls.is_empty() { Ok(()) } else { fmt::Display::fmt(&self.history, f) }
    }
}

/// What one execution showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// A digest of when each call began and ended, by whom.
    pub digest: u64,
    /// How many pairs of calls overlapped: where none does, nothing was concurrent.
    pub overlaps: u64,
}

/// A component that several threads use at once.
pub trait Racing: 'static {
    /// What it is made with.
    type Parameters: Clone + Debug + Send + Sync + Serialize + DeserializeOwned;
    /// What a thread does.
    type Action: Clone + Debug + PartialEq + Send + Sync + Serialize + DeserializeOwned;

    /// The suite, which names the directory of stored cases.
    const SUITE: &'static str;
    /// The full path of the test in the test binary.
    const TEST_PATH: &'static str;

    /// Returns the program of a seed.
    fn program(seed: u64) -> ProgramOf<Self>;

    /// Returns programs that are small enough to be run under every schedule; none where nobody schedules.
    fn small() -> Vec<ProgramOf<Self>> {
        Vec::new()
    }

    /// Runs a program once on the threads that there are, and judges its history.
    ///
    /// # Errors
    ///
    /// What no order of the calls explains.
    fn run(program: &Arc<ProgramOf<Self>>) -> Result<Ran, Unexplained>;
}

/// The programs of a component.
pub type ProgramOf<R> = Program<<R as Racing>::Parameters, <R as Racing>::Action>;

/// A failing program, as short as it gets, and the schedule under which it fails.
#[derive(Clone, Debug)]
pub struct Found<R: Racing + ?Sized> {
    /// The program.
    pub program: ProgramOf<R>,
    /// Its schedule.
    pub switches: Switches,
    /// What was seen.
    pub unexplained: Unexplained,
    /// How many schedules had been tried when it was found.
    pub tried: u64,
}

impl<R: Racing> Found<R> {
    /// Returns what every engine tells of a failure.
    #[must_use]
    pub fn counterexample(&self, engine: &str) -> Counterexample {
        let step = |by: String, transition: String| Step::plain(&by, None, transition);
        let before =
            self.program.prefix.iter().map(|action| step("before".to_owned(), format!("{action:?}")));
        let side_by_side = self.program.branches.iter().enumerate().flat_map(|(thread, actions)| {
            actions.iter().map(move |action| step(format!("thread {thread}"), format!("{action:?}")))
        });
        let beginning = step(String::new(), "the beginning".to_owned());
        Counterexample {
            suite: R::SUITE.to_owned(),
            engine: engine.to_owned(),
            message: self.unexplained.message.clone(),
            initial_state: Some(format!("{:?}", self.program.parameters)),
            steps: std::iter::once(beginning).chain(before).chain(side_by_side).collect(),
            schedule: self.switches.shown(),
            concurrent: Some(self.unexplained.history.clone()).filter(|history| !history.calls.is_empty()),
            origin: Origin::Enumerated { tried: self.tried, what: "schedules".to_owned() },
            replay: test_command(R::TEST_PATH),
            stored: Vec::new(),
        }
    }
}

/// Shows a history that no order explains.
#[must_use]
pub fn shown<C: Debug, T: Debug>(history: &History<C, T>, error: &NotLinearizable) -> Concurrent {
    let call = |one: &Operation<C, T>| Call {
        thread: one.thread,
        call: format!("{:?}", one.call),
        invoked: one.invoked,
        returned: one.returned.as_ref().map(|(event, told)| (*event, format!("{told:?}"))),
    };
    Concurrent {
        calls: history.iter().map(call).collect(),
        longest: error.longest.clone(),
        refused: error.refused.clone(),
    }
}

/// Says what an explained history showed.
#[must_use]
pub fn ran<C, T>(history: &History<C, T>) -> Ran {
    let end_of = |one: &Operation<C, T>| one.returned.as_ref().map(|(event, _)| *event);
    let mut overlaps = 0;
    for (index, one) in history.iter().enumerate() {
        let end = end_of(one).unwrap_or(u64::MAX);
        let side_by_side = |other: &&Operation<C, T>| other.thread != one.thread && other.invoked < end;
        overlaps += history[index + 1..].iter().filter(side_by_side).count() as u64;
    }
    let calls = history.iter().map(|one| (one.thread, one.invoked, end_of(one)));
    Ran { digest: order(calls), overlaps }
}

/// A digest of when each call began and ended, by whom.
fn order(calls: impl Iterator<Item = (usize, u64, Option<u64>)>) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    calls.for_each(|(thread, invoked, end)| (thread, invoked, end.unwrap_or(u64::MAX)).hash(&mut hasher));
    hasher.finish()
}
