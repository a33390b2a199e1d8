//! Schedules as the switches that make them, recorded and followed.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

/// A decision that the plain rule would not have made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    /// The number of the decision, counted from 0.
    pub at: usize,
    /// The thread that goes on.
    pub to: usize,
}

/// A schedule: where it departs from the plain rule, by which a thread goes on until it cannot or yields, and then the first
/// one that can.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switches(pub Vec<Switch>);

impl fmt::Display for Switches {
    /// Such as `12>1 20>0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<_> = self.0.iter().map(|Switch { at, to }| format!("{at}>{to}")).collect();
        f.write_str(&all.join(" "))
    }
}

impl Switches {
    /// Reads what [`Display`](fmt::Display) wrote; `None` if it is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let switch = |word: &str| {
            let (at, to) = word.split_once('>')?;
            Some(Switch { at: at.parse().ok()?, to: to.parse().ok()? })
        };
        text.split_whitespace().map(switch).collect::<Option<_>>().map(Switches)
    }

    /// Returns a sentence a switch.
    pub(super) fn shown(&self) -> Vec<String> {
        self.0.iter().map(|Switch { at, to }| format!("at decision {at}, thread {to} goes on")).collect()
    }
}

/// The decision of the plain rule.
fn plain(runnable: &[&Task], current: Option<TaskId>, yielding: bool) -> TaskId {
    let ids = || runnable.iter().map(|task| task.id());
    let goes_on = current.filter(|current| !yielding && ids().any(|id| id == *current));
    goes_on.or_else(|| ids().find(|id| Some(*id) != current)).unwrap_or_else(|| runnable[0].id())
}

/// The switches of the execution that is under way, or of the last one.
pub(super) type Record = Arc<Mutex<Switches>>;

fn locked(record: &Record) -> std::sync::MutexGuard<'_, Switches> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the switches recorded so far.
pub(super) fn recorded(record: &Record) -> Switches {
    locked(record).clone()
}

/// Lets another scheduler decide, and records where it departs from the plain rule.
#[derive(Debug)]
pub(super) struct Recording<S> {
    inner: S,
    record: Record,
    decisions: usize,
}

impl<S> Recording<S> {
    pub(super) fn new(inner: S, record: Record) -> Self {
        Recording { inner, record, decisions: 0 }
    }
}

impl<S: Scheduler> Scheduler for Recording<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        let schedule = self.inner.new_execution()?;
        self.decisions = 0;
        locked(&self.record).0.clear();
        Some(schedule)
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, yielding: bool) -> Option<TaskId> {
        let chosen = self.inner.next_task(runnable, current, yielding)?;
        if chosen != plain(runnable, current, yielding) {
            locked(&self.record).0.push(Switch { at: self.decisions, to: chosen.into() });
        }
        self.decisions += 1;
        Some(chosen)
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}

/// Follows switches, once; one that cannot be made is left out, and shows in what a [`Recording`] around it records.
#[derive(Debug)]
pub(super) struct Following {
    switches: Switches,
    decisions: usize,
    begun: bool,
}

impl Following {
    pub(super) fn new(switches: Switches) -> Self {
        Following { switches, decisions: 0, begun: false }
    }
}

impl Scheduler for Following {
    fn new_execution(&mut self) -> Option<Schedule> {
        (!std::mem::replace(&mut self.begun, true)).then(|| Schedule::new(0))
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, yielding: bool) -> Option<TaskId> {
        let here = self.switches.0.iter().find(|switch| switch.at == self.decisions);
        self.decisions += 1;
        let wanted = here.map(|switch| TaskId::from(switch.to));
        let possible = wanted.filter(|wanted| runnable.iter().any(|task| task.id() == *wanted));
        Some(possible.unwrap_or_else(|| plain(runnable, current, yielding)))
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}
