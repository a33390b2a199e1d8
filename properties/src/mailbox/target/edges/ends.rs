//! The ends of time: the last instant, tokio's clock, and an ask that runs out of it.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Poll, Waker},
    time::Duration,
};

use tokio::runtime::{Builder, Runtime};

use super::{
    Environment, Lane, Law, MailboxConfig, ManualClock, Patience, Sender,
    alys::{
        TokioClock,
        mailbox::{AskError, Clock, Sleep, Time},
    },
    open_with, poll, poll_waiting, put,
};
use crate::violation::{check_eq, violated};

pub(super) const LAWS: &[Law] = &[
    ("no instant lies beyond the last one", no_instant_is_beyond_the_last),
    ("an ask with the longest timeout waits", the_longest_timeout_waits),
    ("tokio's clock tells nanoseconds", tokios_clock_tells_nanoseconds),
    ("a sleep on tokio's clock is never short", a_sleep_is_never_short),
    ("an ask that was refused by the close before its time was up is closed", a_close_comes_before_a_timeout),
    (
        "an ask that the close refuses while its time runs out is closed",
        a_close_during_a_timeout_gives_the_message_back,
    ),
    ("an ask with a timeout outside a runtime leaves no message", an_ask_that_panics_leaves_no_message),
];

fn no_instant_is_beyond_the_last(_: Patience) {
    let sums = [
        (7, Duration::MAX, u64::MAX),
        (7, Duration::from_nanos(u64::MAX), u64::MAX),
        (u64::MAX, Duration::from_nanos(1), u64::MAX),
        (u64::MAX - 1, Duration::from_nanos(1), u64::MAX),
        (u64::MAX - 2, Duration::from_nanos(1), u64::MAX - 1),
        (0, Duration::from_secs(1), 1_000_000_000),
    ];
    for (instant, duration, sum) in sums {
        let real = Time::from_nanos(instant).saturating_add(duration);
        check_eq("MB-10", &format!("{instant} ns and {duration:?}"), &Time::from_nanos(sum), &real);
    }
}

fn the_longest_timeout_waits(_: Patience) {
    let clock = ManualClock::default();
    clock.advance(7);
    let (sender, _receiver) =
        open_with::<u32, u32>(MailboxConfig::with_capacity(1), Environment::new(Arc::new(clock.clone())));
    let mut asking = pin!(sender.ask_within((Lane::Low, 1), Duration::MAX));
    poll_waiting("MB-12", asking.as_mut(), Waker::noop());
    clock.advance(1 << 60);
    poll_waiting("MB-12", asking.as_mut(), Waker::noop());
}

fn paused() -> Runtime {
    match Builder::new_current_thread().enable_time().start_paused(true).build() {
        Ok(runtime) => runtime,
        Err(error) => panic!("no runtime: {error}"),
    }
}

fn tokios_clock_tells_nanoseconds(_: Patience) {
    let runtime = paused();
    let _inside = runtime.enter();
    let clock = TokioClock::new();
    let before = clock.now();
    runtime.block_on(tokio::time::advance(Duration::from_nanos(1_500_000)));
    check_eq(
        "MB-10",
        "a time 1.5 ms later",
        &before.saturating_add(Duration::from_nanos(1_500_000)),
        &clock.now(),
    );
}

fn a_sleep_is_never_short(_: Patience) {
    let runtime = paused();
    let _inside = runtime.enter();
    let clock = TokioClock::new();
    let mut sleep = clock.sleep_until(Time::from_nanos(4_000_001));
    for (step, at, over) in [(0, 0, false), (4, 4, false), (1, 5, true)] {
        runtime.block_on(tokio::time::advance(Duration::from_millis(step)));
        let is_over = poll(sleep.as_mut(), Waker::noop()).is_ready();
        check_eq("MB-12", &format!("whether a sleep until 4 ms + 1 ns is over at {at} ms"), &over, &is_over);
    }
}

fn a_close_comes_before_a_timeout(_: Patience) {
    let clock = ManualClock::default();
    let (sender, receiver) =
        open_with::<u32, u32>(MailboxConfig::with_capacity(1), Environment::new(Arc::new(clock.clone())));
    put(&sender, Lane::Low, 0);
    let mut asking = pin!(sender.ask_within((Lane::Low, 1), Duration::from_nanos(5)));
    poll_waiting("MB-12", asking.as_mut(), Waker::noop());
    receiver.close();
    clock.advance(9);
    let closed = Poll::Ready(Err(AskError::Closed(1)));
    check_eq("MB-12", "the end of an ask", &closed, &poll(asking.as_mut(), Waker::noop()));
}

/// A clock whose sleeps are over at their second poll, in the very moment at which the mailbox closes.
#[derive(Default)]
struct Racing(Arc<Mutex<Option<Sender<u32, u32>>>>);

impl Clock for Racing {
    fn now(&self) -> Time {
        Time::ZERO
    }

    fn sleep_until(&self, _: Time) -> Sleep {
        let (sender, mut polls) = (Arc::clone(&self.0), 0);
        Box::pin(poll_fn(move |_| {
            polls += 1;
            if polls == 1 {
                return Poll::Pending;
            }
            let sender = sender.lock().unwrap_or_else(PoisonError::into_inner).take();
            sender.iter().for_each(Sender::close);
            Poll::Ready(())
        }))
    }
}

/// Refused is refused: the message is not lost with a timeout that came a moment later (MB-9, MB-12).
fn a_close_during_a_timeout_gives_the_message_back(_: Patience) {
    let clock = Racing::default();
    let cell = Arc::clone(&clock.0);
    let (sender, _receiver) =
        open_with::<u32, u32>(MailboxConfig::with_capacity(1), Environment::new(Arc::new(clock)));
    *cell.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender.clone());
    put(&sender, Lane::Low, 0);
    let mut asking = pin!(sender.ask_within((Lane::Low, 1), Duration::from_nanos(5)));
    poll_waiting("MB-12", asking.as_mut(), Waker::noop());
    let closed = Poll::Ready(Err(AskError::Closed(1)));
    check_eq("MB-9", "the end of an ask", &closed, &poll(asking.as_mut(), Waker::noop()));
}

/// The panic is the documented one of a clock that has no runtime; the panic hook hears of it.
fn an_ask_that_panics_leaves_no_message(_: Patience) {
    let clock = {
        let runtime = paused();
        let _inside = runtime.enter();
        TokioClock::new()
    };
    let (sender, _receiver) =
        open_with::<u32, u32>(MailboxConfig::with_capacity(1), Environment::new(Arc::new(clock)));
    let outcome = crate::violation::caught(|| {
        let mut asking = pin!(sender.ask_within((Lane::Low, 1), Duration::from_secs(1)));
        poll(asking.as_mut(), Waker::noop()).is_ready()
    });
    if outcome.is_ok() {
        violated("MB-12", "an ask with a timeout was polled outside a runtime, and did not panic");
    }
    let stats = sender.stats();
    check_eq("MB-12", "the messages of an ask that was never made", &(0, 0), &(stats.len, stats.accepted));
}
