//! Small programs under every schedule, depth first.
//!
//! Only what ends says something about all schedules: a search that its limit cut short is told apart.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use shuttle::scheduler::{DfsScheduler, Schedule, Scheduler, Task, TaskId};

/// The most schedules that one program is run under.
pub(super) const SCHEDULES_MAX: u64 = 20_000;

/// All schedules, one after the other, as far as the limit goes.
#[derive(Debug)]
pub(super) struct DepthFirst {
    inner: DfsScheduler,
    begun: u64,
    end: End,
}

/// Whether every schedule was made: it stays behind when the scheduler is gone.
#[derive(Clone, Debug, Default)]
pub(super) struct End(Arc<AtomicBool>);

impl End {
    pub(super) fn is_reached(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl DepthFirst {
    pub(super) fn new() -> (Self, End) {
        let end = End::default();
        // A program that draws random numbers would have more schedules than are made: it is refused.
        (DepthFirst { inner: DfsScheduler::new(None, false), begun: 0, end: end.clone() }, end)
    }
}

impl Scheduler for DepthFirst {
    fn new_execution(&mut self) -> Option<Schedule> {
        let next = self.inner.new_execution();
        self.end.0.store(next.is_none(), Ordering::Relaxed);
        self.begun += 1;
        next.filter(|_| self.begun <= SCHEDULES_MAX)
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, yielding: bool) -> Option<TaskId> {
        self.inner.next_task(runnable, current, yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}
