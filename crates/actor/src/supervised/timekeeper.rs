//! The one task that tells a tree that time has passed.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::super::{
    mailbox::{Sleep, Time},
    supervision::{Event, Supervision},
};

/// Tells a system that a timer of it is due, for as long as the system is not down. Spawn it once, anywhere.
///
/// # Examples
///
/// See [`adopt`](super::adopt).
pub fn keep_time(supervision: Supervision) -> impl Future<Output = ()> + Send {
    Timekeeper { supervision, sleep: None }
}

struct Timekeeper {
    supervision: Supervision,
    /// The timer that is waited for.
    sleep: Option<(Time, Sleep)>,
}

impl Future for Timekeeper {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        loop {
            let Some(at) = this.supervision.poll_timer(context) else {
                this.sleep = None;
                return if this.supervision.is_down() { Poll::Ready(()) } else { Poll::Pending };
            };
            if this.sleep.as_ref().is_none_or(|(armed, _)| *armed != at) {
                this.sleep = Some((at, this.supervision.clock().sleep_until(at)));
            }
            let Some((_, sleep)) = &mut this.sleep else { return Poll::Pending };
            std::task::ready!(sleep.as_mut().poll(context));
            this.sleep = None;
            // Ticks are never refused.
            let _ = this.supervision.handle(Event::Tick);
        }
    }
}
