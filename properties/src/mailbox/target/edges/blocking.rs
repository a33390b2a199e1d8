//! Blocking ends: real threads, on which planted faults are not seen; a hang is a violation (see [`within`]).

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use super::{
    Lane, Law, MailboxConfig, Patience, Sender,
    alys::mailbox::{DeadLetter, Post, Time},
    environment, open, open_with, within,
};
use crate::violation::{check_eq, violated};

pub(super) const LAWS: &[Law] = &[
    ("blocking ends wake each other", blocking_ends_wake_each_other),
    ("a blocking receive hears a wake-up that comes during its own poll", a_wake_up_within_the_poll_is_heard),
    ("a blocking call within a blocking call loses no wake-up", nested_blocking_loses_nothing),
    ("a blocked sender hears the close", a_blocked_sender_hears_the_close),
];

fn blocking_ends_wake_each_other(patience: Patience) {
    within("MB-7", patience, "2,000 messages through one place", || {
        let (sender, mut receiver) = open(1);
        let producer = thread::spawn(move || {
            (0..2000).filter(|n| sender.blocking_send((Lane::Low, *n)).is_ok()).count()
        });
        for n in 0..2000 {
            let taken = receiver.blocking_recv().map(|delivery| delivery.acknowledge());
            check_eq("MB-3", "what is received", &Some(n), &taken);
        }
        let end = receiver.blocking_recv().map(|delivery| delivery.acknowledge());
        check_eq("MB-9", "the end", &None, &end);
        check_eq("MB-7", "the messages sent", &Some(2000), &producer.join().ok());
    });
}

type Cell = Arc<Mutex<Option<Sender<u32, u32>>>>;

/// A mailbox whose dead letters go to an action that has its sender.
fn with_sink(
    capacity: usize,
    action: impl Fn(&Sender<u32, u32>, u32) + Send + Sync + 'static,
) -> (super::Ends, Cell) {
    let cell = Cell::default();
    let inner = Arc::clone(&cell);
    let environment = environment().with_dead_letters(Arc::new(move |letter: DeadLetter<u32>| {
        let sender = inner.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Some(sender), Some(message)) = (sender, letter.message) {
            action(&sender, message);
        }
    }));
    let (sender, receiver) = open_with(MailboxConfig::with_capacity(capacity), environment);
    *cell.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender.clone());
    ((sender, receiver), cell)
}

fn a_wake_up_within_the_poll_is_heard(patience: Patience) {
    within("MB-7", patience, "a receive that its own poll wakes", || {
        // The poll buries the expired message; the sink sends another, and that wakes the receive under way.
        let ((sender, mut receiver), cell) = with_sink(4, |sender, message| {
            if sender.try_send((Lane::Low, message + 1)).is_err() {
                violated("MB-4", "no room in an empty mailbox");
            }
        });
        let sent = sender.try_send(Post::new(Lane::Low, 1).expires_at(Time::ZERO));
        let taken = receiver.blocking_recv().map(|delivery| delivery.acknowledge());
        check_eq("MB-7", "what is received", &(Ok(()), Some(2)), &(sent, taken));
        *cell.lock().unwrap_or_else(PoisonError::into_inner) = None;
    });
}

fn nested_blocking_loses_nothing(patience: Patience) {
    within("MB-7", patience, "a receive whose poll blocks within", || {
        // As above, but the sink then blocks at a mailbox of its own, whose wake-up must not eat the outer one.
        let ((sender, mut receiver), cell) = with_sink(4, |sender, message| {
            let (inner_sender, mut inner) = open(1);
            if sender.try_send((Lane::Low, message + 1)).is_err() {
                violated("MB-4", "no room in an empty mailbox");
            }
            let other = thread::spawn(move || inner_sender.blocking_send((Lane::Low, 0)).is_ok());
            let taken = inner.blocking_recv().map(|delivery| delivery.acknowledge());
            check_eq(
                "MB-7",
                "what the inner one receives",
                &(Some(0), Some(true)),
                &(taken, other.join().ok()),
            );
        });
        let sent = sender.try_send(Post::new(Lane::Low, 1).expires_at(Time::ZERO));
        let taken = receiver.blocking_recv().map(|delivery| delivery.acknowledge());
        check_eq("MB-7", "what the outer one receives", &(Ok(()), Some(2)), &(sent, taken));
        *cell.lock().unwrap_or_else(PoisonError::into_inner) = None;
    });
}

fn a_blocked_sender_hears_the_close(patience: Patience) {
    within("MB-9", patience, "a blocked sender at a mailbox that closes", || {
        let (sender, receiver) = open(1);
        let other = sender.clone();
        let blocked =
            thread::spawn(move || (0..).take_while(|_| other.blocking_send((Lane::Low, 1)).is_ok()).count());
        while sender.stats().waiting == 0 {
            thread::yield_now();
        }
        receiver.close();
        check_eq("MB-9", "the messages accepted before the close", &Some(1), &blocked.join().ok());
    });
}
