//! Destructors do their duty while the thread panics, and a future that is polled after its end says so.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Poll, Waker},
};

use super::{
    Bell, Lane, Law, Patience, alys::mailbox::AskError, open, poll, poll_waiting, put, unwind, unwound,
};
use crate::violation::{check_eq, violated};

pub(super) const LAWS: &[Law] = &[
    (
        "the message of a handler that panics fails, and its asker is told",
        a_panicking_handler_fails_its_message,
    ),
    ("a turn that a panic ends wakes whom it admitted", a_panic_in_a_turn_wakes),
    ("a receiver that a panic drops closes and drains", a_receiver_dropped_by_a_panic_drains),
    ("a send that a panic drops does not wait any more", a_send_dropped_by_a_panic_is_cancelled),
    ("an ask that a panic drops does not wait any more", an_ask_dropped_by_a_panic_is_cancelled),
    ("the last sender that a panic drops closes", a_sender_dropped_by_a_panic_closes),
    ("a future that is polled after its end panics", what_has_ended_panics),
];

fn a_panicking_handler_fails_its_message(_: Patience) {
    let (sender, mut receiver) = open(1);
    let (bell, waker) = Bell::new();
    let mut asking = pin!(sender.ask((Lane::Low, 1)));
    poll_waiting("MB-12", asking.as_mut(), &waker);
    unwound(|| {
        let _delivery = receiver.try_recv();
        unwind();
    });
    check_eq("MB-12", "the wake-ups of the asker", &1, &bell.rings());
    check_eq("MB-12", "the answer", &Poll::Ready(Err(AskError::Failed)), &poll(asking.as_mut(), &waker));
    let stats = sender.stats();
    check_eq("MB-5", "failed and in a handler", &(1, 0), &(stats.failed, stats.in_handler));
}

fn a_panic_in_a_turn_wakes(_: Patience) {
    let (sender, mut receiver) = open(1);
    put(&sender, Lane::Low, 0);
    let (bell, waker) = Bell::new();
    let mut send = pin!(sender.send((Lane::Low, 1)));
    poll_waiting("MB-4", send.as_mut(), &waker);
    unwound(|| {
        let mut turn = receiver.turn();
        drop(turn.try_recv());
        unwind();
    });
    check_eq("MB-7", "the wake-ups of the sender that was admitted", &1, &bell.rings());
}

fn a_receiver_dropped_by_a_panic_drains(_: Patience) {
    let (sender, receiver) = open(1);
    put(&sender, Lane::Low, 0);
    unwound(|| {
        let _receiver = receiver;
        unwind();
    });
    let stats = sender.stats();
    check_eq("MB-9", "drained, left and closed", &(1, 0, true), &(stats.drained, stats.len, stats.closed));
}

fn a_send_dropped_by_a_panic_is_cancelled(_: Patience) {
    let (sender, _receiver) = open(1);
    put(&sender, Lane::Low, 0);
    unwound(|| {
        let mut send = pin!(sender.send((Lane::Low, 1)));
        poll_waiting("MB-4", send.as_mut(), Waker::noop());
        unwind();
    });
    let stats = sender.stats();
    check_eq("MB-7", "waiting and cancelled", &(0, 1), &(stats.waiting, stats.cancelled));
}

fn an_ask_dropped_by_a_panic_is_cancelled(_: Patience) {
    let (sender, _receiver) = open(1);
    put(&sender, Lane::Low, 0);
    unwound(|| {
        let mut asking = pin!(sender.ask((Lane::Low, 1)));
        poll_waiting("MB-4", asking.as_mut(), Waker::noop());
        unwind();
    });
    let stats = sender.stats();
    check_eq("MB-12", "waiting and cancelled", &(0, 1), &(stats.waiting, stats.cancelled));
}

fn a_sender_dropped_by_a_panic_closes(_: Patience) {
    let (sender, receiver) = open(1);
    unwound(|| {
        let _sender = sender;
        unwind();
    });
    check_eq("MB-9", "whether it is closed", &true, &receiver.stats().closed);
}

fn what_has_ended_panics(_: Patience) {
    let (sender, mut receiver) = open(2);
    let mut send = pin!(sender.send((Lane::Low, 1)));
    let sent = poll(send.as_mut(), Waker::noop());
    check_eq("MB-7", "a send where there is room", &Poll::Ready(Ok(())), &sent);
    let again = || poll(send.as_mut(), Waker::noop()).is_ready();
    panics("a send", again);
    {
        let mut receiving = pin!(receiver.recv());
        let received = poll(receiving.as_mut(), Waker::noop()).is_ready();
        check_eq("MB-7", "whether a receive is ready", &true, &received);
        panics("a receive", || poll(receiving.as_mut(), Waker::noop()).is_ready());
    }
    sender.close();
    let mut asking = pin!(sender.ask((Lane::Low, 2)));
    let refused = Poll::Ready(Err(AskError::Closed(2)));
    check_eq("MB-9", "an ask at a closed mailbox", &refused, &poll(asking.as_mut(), Waker::noop()));
    panics("an ask", || poll(asking.as_mut(), Waker::noop()).is_ready());
}

/// Judges that a poll panics with the documented message; the panic hook hears of it, since the component raises it.
fn panics(what: &str, polled: impl FnOnce() -> bool) {
    let payload = catch_unwind(AssertUnwindSafe(polled)).err();
    let text = payload.as_ref().and_then(|payload| payload.downcast_ref::<&'static str>());
    if !text.is_some_and(|text| text.starts_with(what)) {
        violated("MB-7", format!("{what} that has ended was polled again, and its panic says {text:?}"));
    }
}
