//! A clock that stands still until something moves it.
//!
//! Short waits, which are the ones between two attempts, are granted at once, by moving the clock to their end, and are noted.
//! Long ones, which are deadlines, end only when the script of a [`stage`](crate::stage) has moved the clock there. So no
//! test waits for anything, and every time is known beforehand.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// How many waits are granted: whoever waits more often does so for ever, and is left waiting.
const GRANTS_MAX: usize = 200;

/// How long a wait may be to be granted at once.
pub const SHORT: Duration = Duration::from_millis(900);

#[derive(Debug, Default)]
struct State {
    now: Duration,
    granted: Vec<Duration>,
    waiting: Vec<Waker>,
}

/// The hands of a clock; clones are the same ones.
#[derive(Clone, Debug, Default)]
pub struct Hands(Arc<Mutex<State>>);

impl Hands {
    /// Hands that show this time.
    #[must_use]
    pub fn at(now: Duration) -> Self {
        Hands(Arc::new(Mutex::new(State { now, ..State::default() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.state().now
    }

    /// Moves the clock on.
    pub fn pass(&self, by: Duration) {
        let mut state = self.state();
        state.now += by;
        state.waiting.drain(..).for_each(Waker::wake);
    }

    /// The waits that were granted, by their ends.
    #[must_use]
    pub fn granted(&self) -> Vec<Duration> {
        self.state().granted.clone()
    }

    /// Waits until a time.
    #[must_use]
    pub fn until(&self, at: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        // Short is what is short when the wait begins: a deadline that draws near is still one.
        let is_short = at.saturating_sub(self.now()) <= SHORT;
        Box::pin(Waiting { hands: self.clone(), at, is_short })
    }
}

struct Waiting {
    hands: Hands,
    at: Duration,
    is_short: bool,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.hands.state();
        if state.now >= self.at {
            return Poll::Ready(());
        }
        if self.is_short && state.granted.len() < GRANTS_MAX {
            state.now = self.at;
            state.granted.push(self.at);
            state.waiting.drain(..).for_each(Waker::wake);
            return Poll::Ready(());
        }
        state.waiting.push(context.waker().clone());
        Poll::Pending
    }
}
