//! A clock that is moved by hand, so that waits of the real network are as long as the scenario says.

use std::{
    future::poll_fn,
    sync::Arc,
    task::{Poll, Waker},
};

use alys_actor::mailbox::{Clock, Sleep, Time};
use parking_lot::Mutex;

/// A clock that shows what it is set to, with whoever waits for it; clones are the same clock.
#[derive(Clone, Debug, Default)]
pub(super) struct HandClock(Arc<Mutex<(Time, Vec<Waker>)>>);

impl HandClock {
    /// Moves the clock on.
    pub(super) fn advance(&self, ms: u64) {
        let mut inner = self.0.lock();
        inner.0 = Time::from_nanos(inner.0.as_nanos() + ms * 1_000_000);
        inner.1.drain(..).for_each(Waker::wake);
    }

    /// Waits for so many milliseconds.
    pub(super) async fn wait(&self, ms: u64) {
        if ms > 0 {
            self.sleep_until(Time::from_nanos(self.now().as_nanos() + ms * 1_000_000)).await;
        }
    }
}

impl Clock for HandClock {
    fn now(&self) -> Time {
        self.0.lock().0
    }

    fn sleep_until(&self, at: Time) -> Sleep {
        let clock = self.clone();
        Box::pin(poll_fn(move |cx| {
            let mut inner = clock.0.lock();
            if inner.0 >= at {
                return Poll::Ready(());
            }
            inner.1.push(cx.waker().clone());
            Poll::Pending
        }))
    }
}
