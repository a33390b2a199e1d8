//! A waker that only counts, for futures that are polled by hand.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Wake, Waker};

/// Counts how often the wakers made from it were woken.
///
/// Polling by hand with such a waker shows every wake-up that a runtime would merge or hide: one too few is a lost
/// wake-up, one too many is a spurious one.
#[derive(Clone, Debug, Default)]
pub struct CountingWaker {
    wakes: Arc<Wakes>,
}

#[derive(Debug, Default)]
struct Wakes(AtomicU64);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl CountingWaker {
    /// Creates a counter at zero.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a waker that counts here; wakers of one counter all say `will_wake` to each other.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.wakes))
    }

    /// Returns the number of wake-ups since the start or the last [`CountingWaker::take`].
    #[must_use]
    pub fn count(&self) -> u64 {
        self.wakes.0.load(Ordering::SeqCst)
    }

    /// Returns how many wakers made here still exist.
    #[must_use]
    pub fn handles(&self) -> usize {
        Arc::strong_count(&self.wakes) - 1
    }

    /// Returns the number of wake-ups and starts again at zero.
    pub fn take(&self) -> u64 {
        self.wakes.0.swap(0, Ordering::SeqCst)
    }
}

/// Polls a set of tasks, such as tokio's `LocalSet`, until nobody in it is woken any more; `false` when somebody is woken
/// for ever.
///
/// The caller has entered the runtime whose timers the tasks use.
pub fn settle<T: Future + Unpin>(tasks: &mut T, wakes: &CountingWaker) -> bool {
    const POLLS_MAX: u32 = 10_000;
    let waker = wakes.waker();
    for _ in 0..POLLS_MAX {
        wakes.take();
        let ended = Pin::new(&mut *tasks).poll(&mut Context::from_waker(&waker)).is_ready();
        if ended || wakes.count() == 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wake_is_counted_once() {
        let counter = CountingWaker::new();
        let waker = counter.waker();
        assert!(waker.will_wake(&counter.waker()));
        waker.wake_by_ref();
        counter.waker().wake();
        drop(waker);
        assert_eq!(counter.count(), 2);
        assert_eq!((counter.take(), counter.count()), (2, 0));
    }
}
