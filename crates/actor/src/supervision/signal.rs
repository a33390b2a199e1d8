//! The way a tree calls for a task of one shell.

use std::task::Waker;

use super::sync::Mutex;

/// A call that is not lost, whoever comes first: who calls, or who waits for it.
#[derive(Debug, Default)]
pub(crate) struct Signal(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    raised: bool,
    waker: Option<Waker>,
}

impl Signal {
    pub(crate) fn new() -> Self {
        Signal(Mutex::new(State::default()))
    }

    /// Calls, and wakes who waits.
    pub(crate) fn raise(&self) {
        let waker = {
            let mut state = self.0.lock();
            state.raised = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether somebody has called since the last look; if not, leaves a waker behind.
    pub(crate) fn look(&self, waker: &Waker) -> bool {
        let retired = {
            let mut state = self.0.lock();
            if std::mem::take(&mut state.raised) {
                return true;
            }
            let renewed = state.waker.as_ref().is_none_or(|stored| !stored.will_wake(waker));
            if renewed { state.waker.replace(waker.clone()) } else { None }
        };
        // Outside the lock: dropping a waker may run anybody's code.
        drop(retired);
        false
    }
}
