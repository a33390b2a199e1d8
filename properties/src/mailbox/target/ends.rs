//! Scenarios of two threads that are not about messages: the last senders go, handlers settle, an asker waits.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
};

use alys_models::mailbox::{Consumer, Parameters, Policy};

use super::{
    alys::mailbox::{
        AskError, Clock, Environment, Lane, Receiver, Sender, Sleep, Time, TryRecvError, mailbox,
    },
    spawn, words,
};
use crate::{violation::violated, wakes::CountingWaker};

struct Still;

impl Clock for Still {
    fn now(&self) -> Time {
        Time::ZERO
    }

    fn sleep_until(&self, _: Time) -> Sleep {
        Box::pin(std::future::pending())
    }
}

fn ends() -> (Sender<u32, u32>, Receiver<u32, u32>) {
    let parameters = Parameters {
        capacity: 4,
        policy: Policy::Backpressure,
        aging: None,
        warning: 500,
        critical: 900,
        consumer: Consumer::Hand,
    };
    match mailbox(words::config(&parameters), Environment::new(Arc::new(Still))) {
        Ok(ends) => ends,
        Err(error) => violated("MB-1", format!("a valid configuration is refused: {error}")),
    }
}

/// Two threads drop the last two senders: the mailbox must be closed, and its pending receive woken.
///
/// # Panics
///
/// Raises a violation of MB-9 when it is still open.
pub fn last_senders_go() {
    let (sender, mut receiver) = ends();
    let other = sender.clone();
    let wakes = CountingWaker::new();
    let waker = wakes.waker();
    let waits = receiver.poll_recv(&mut Context::from_waker(&waker)).is_pending();
    let thread = spawn(move || drop(other));
    drop(sender);
    join(thread);
    if !matches!(receiver.try_recv(), Err(TryRecvError::Closed)) || !waits || wakes.count() != 1 {
        violated(
            "MB-9",
            format!("no sender is left, but the mailbox is open, or {} wake-ups came", wakes.count()),
        );
    }
}

/// Two threads settle two messages: both must be counted.
///
/// # Panics
///
/// Raises a violation of MB-5 when one is not.
pub fn handlers_settle() {
    let (sender, mut receiver) = ends();
    let mut take = |n: u32| {
        let sent = sender.try_send((Lane::Normal, n)).is_ok();
        let taken = receiver.try_recv().ok().map(|delivery| delivery.into_parts().1.detach());
        taken.filter(|_| sent).unwrap_or_else(|| violated("MB-2", "a message did not arrive"))
    };
    let (first, second) = (take(1), take(2));
    let thread = spawn(move || first.answer(1));
    second.answer(2);
    join(thread);
    let stats = sender.stats();
    if (stats.answered, stats.in_handler) != (2, 0) {
        violated("MB-5", format!("two messages were answered, the mailbox counts {}", stats.answered));
    }
}

/// Two threads clone senders and drop the clones: the mailbox stays open while the first senders exist, and closes with
/// the last of them.
///
/// # Panics
///
/// Raises a violation of MB-9 when it closes before, or not then.
pub fn senders_are_cloned() {
    let (sender, mut receiver) = ends();
    let other = sender.clone();
    let thread = spawn(move || {
        drop(other.clone());
        other
    });
    drop(sender.clone());
    let Ok(other) = thread.join() else { violated("MB-5", "a thread at the mailbox panicked") };
    drop(other);
    if sender.try_send((Lane::Normal, 1)).is_err() {
        violated("MB-9", "the mailbox is closed although a sender is left");
    }
    drop(sender);
    let taken = receiver.try_recv().map(|delivery| delivery.acknowledge());
    let end = receiver.try_recv().map(|delivery| delivery.acknowledge());
    if (taken, end) != (Ok(1), Err(TryRecvError::Closed)) {
        violated("MB-9", format!("no sender is left, and the receiver got {taken:?} and {end:?}"));
    }
}

/// One thread answers a message and then fails another while the other looks: no look shows the second alone.
///
/// # Panics
///
/// Raises a violation of MB-5 when one does.
pub fn looks_are_instants() {
    let (sender, mut receiver) = ends();
    let mut take = |n: u32| {
        let sent = sender.try_send((Lane::Normal, n)).is_ok();
        let taken = receiver.try_recv().ok().map(|delivery| delivery.into_parts().1.detach());
        taken.filter(|_| sent).unwrap_or_else(|| violated("MB-2", "a message did not arrive"))
    };
    let (first, second) = (take(1), take(2));
    let thread = spawn(move || {
        first.answer(1);
        second.fail();
    });
    let seen = sender.stats();
    join(thread);
    if seen.failed > seen.answered || seen.answered + seen.failed + seen.in_handler != 2 {
        let (answered, failed) = (seen.answered, seen.failed);
        violated(
            "MB-5",
            format!("one look shows {answered} answered and {failed} failed, the answer came first"),
        );
    }
}

/// One thread answers while the other waits for the reply: it must have it, or be woken for it.
///
/// # Panics
///
/// Raises a violation of MB-12 when neither is so.
pub fn asker_waits() {
    let (sender, mut receiver) = ends();
    let wakes = CountingWaker::new();
    let waker = wakes.waker();
    let mut context = Context::from_waker(&waker);
    let mut asking = pin!(sender.ask((Lane::Normal, 20)));
    let waits = asking.as_mut().poll(&mut context).is_pending();
    let Ok(delivery) = receiver.try_recv() else { violated("MB-2", "a message did not arrive") };
    let responder = delivery.into_parts().1.detach();
    let thread = spawn(move || responder.answer(21));
    let again = CountingWaker::new();
    let early = asking.as_mut().poll(&mut Context::from_waker(&again.waker()));
    join(thread);
    let answer = match early {
        Poll::Pending if again.count() == 0 => {
            violated("MB-12", "the reply is there, and its asker was not woken")
        }
        Poll::Pending => asking.as_mut().poll(&mut context),
        ready => ready,
    };
    if !waits || answer != Poll::Ready(Ok::<u32, AskError<u32>>(21)) {
        violated("MB-12", format!("the asker got {answer:?}"));
    }
}

fn join(thread: super::JoinHandle<()>) {
    if thread.join().is_err() {
        violated("MB-5", "a thread at the mailbox panicked");
    }
}
