//! Writing down what threads call and what they are told.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{History, Operation};
use crate::concurrent::step_aside;

/// Records a history from several threads.
///
/// Time is a counter of events under the recorder's lock, so an operation that is recorded as returned before another
/// was invoked really was. Note that the lock orders the threads a little more than they would be without it; the
/// controlled schedulers do not see it, because nothing yields while it is held.
#[derive(Debug)]
pub struct Recorder<C, R> {
    inner: Mutex<Inner<C, R>>,
}

#[derive(Debug)]
struct Inner<C, R> {
    events: u64,
    operations: History<C, R>,
}

/// An operation that was invoked and has not returned.
///
/// Dropping it leaves the operation pending, which is what a cancelled call or a dead thread is.
#[derive(Debug)]
#[must_use = "an operation whose return is not recorded counts as pending"]
pub struct Pending(usize);

impl<C, R> Default for Recorder<C, R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C, R> Recorder<C, R> {
    /// Creates a recorder of an empty history.
    #[must_use]
    pub const fn new() -> Self {
        Self { inner: Mutex::new(Inner { events: 0, operations: Vec::new() }) }
    }

    /// Records that `thread` is about to make a call.
    pub fn invoke(&self, thread: usize, call: C) -> Pending {
        let mut inner = self.lock();
        let invoked = inner.next_event();
        inner.operations.push(Operation { thread, call, invoked, returned: None });
        let pending = Pending(inner.operations.len() - 1);
        drop(inner);
        step_aside();
        pending
    }

    /// Records what the call was told.
    pub fn returned(&self, operation: Pending, answer: R) {
        let mut inner = self.lock();
        let event = inner.next_event();
        inner.operations[operation.0].returned = Some((event, answer));
    }

    /// Records a call around the closure that makes it.
    pub fn call<T>(
        &self,
        thread: usize,
        call: C,
        make: impl FnOnce() -> T,
        answer: impl FnOnce(&T) -> R,
    ) -> T {
        let operation = self.invoke(thread, call);
        let told = make();
        self.returned(operation, answer(&told));
        told
    }

    /// Returns the history so far and starts a new one.
    #[must_use]
    pub fn take(&self) -> History<C, R> {
        std::mem::take(&mut self.lock().operations)
    }

    /// A thread that panicked while it held the lock had finished its push or not begun it.
    fn lock(&self) -> MutexGuard<'_, Inner<C, R>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C, R> Inner<C, R> {
    fn next_event(&mut self) -> u64 {
        self.events += 1;
        self.events
    }
}
