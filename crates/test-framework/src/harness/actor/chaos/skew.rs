//! A clock that can be made to jump ahead.

use std::{sync::Arc, time::Duration};

use alys_actor::mailbox::{Clock, Sleep, Time};
use tokio::sync::watch;

/// Another clock, and by how much this one is ahead of it.
pub(super) struct SkewedClock {
    inner: Arc<dyn Clock>,
    ahead: watch::Sender<Duration>,
}

impl SkewedClock {
    pub(super) fn new(inner: Arc<dyn Clock>) -> Self {
        Self { inner, ahead: watch::Sender::new(Duration::ZERO) }
    }

    /// Jumps ahead; whoever sleeps until an instant that has passed by that wakes up.
    pub(super) fn jump(&self, by: Duration) {
        self.ahead.send_modify(|ahead| *ahead = ahead.saturating_add(by));
    }
}

impl Clock for SkewedClock {
    fn now(&self) -> Time {
        self.inner.now().saturating_add(*self.ahead.borrow())
    }

    fn sleep_until(&self, at: Time) -> Sleep {
        let (inner, mut ahead) = (Arc::clone(&self.inner), self.ahead.subscribe());
        Box::pin(async move {
            loop {
                let so_far = u64::try_from(ahead.borrow_and_update().as_nanos()).unwrap_or(u64::MAX);
                let wake = inner.sleep_until(Time::from_nanos(at.as_nanos().saturating_sub(so_far)));
                tokio::select! {
                    biased;
                    () = wake => return,
                    // A clock that is gone jumps no more.
                    Ok(()) = ahead.changed() => {}
                }
            }
        })
    }
}
