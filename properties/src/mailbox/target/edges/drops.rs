//! What is dropped is dropped at once, and what is many is many: cancels, clears and closes.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Poll, Waker},
};

use super::{
    Bell, Lane, Law, MailboxConfig, Patience, environment, open, open_with, poll, poll_waiting, put,
};
use crate::violation::{check_eq, violated};

pub(super) const LAWS: &[Law] = &[
    ("a cancelled message is dropped at once", a_cancelled_message_is_dropped_at_once),
    ("what a hundred thousand senders leave behind is nothing", senders_that_give_up_leave_nothing),
    ("a clear drains all of 200 messages", a_clear_drains_all),
    ("a dropped receiver drains all of 200 messages", a_dropped_receiver_drains_all),
    ("a close refuses all of 100 waiting senders", a_close_refuses_all),
    ("a responder that is detached twice still answers its asker", a_responder_is_detached_twice),
    ("a cloned environment keeps its dead letters", a_cloned_environment_keeps_its_sink),
];

fn a_cancelled_message_is_dropped_at_once(_: Patience) {
    let token = Arc::new(());
    let (sender, _receiver) = open_with::<Arc<()>, ()>(MailboxConfig::with_capacity(1), environment());
    let full = sender.try_send((Lane::Low, Arc::new(()))).is_ok();
    let (bell, waker) = Bell::new();
    {
        let mut send = pin!(sender.send((Lane::Low, Arc::clone(&token))));
        poll_waiting("MB-4", send.as_mut(), &waker);
    }
    drop(waker);
    check_eq(
        "MB-7",
        "the copies kept of a cancelled message",
        &(true, 0),
        &(full, Arc::strong_count(&token) - 1),
    );
    bell.is_forgotten("MB-7", "the wakers kept of a cancelled sender");
}

/// How a sender that waited goes.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    /// While it still waits.
    Waiting,
    /// Admitted, without having looked.
    Admitted,
}

fn senders_that_give_up_leave_nothing(_: Patience) {
    for leaves in [Leaves::Waiting, Leaves::Admitted] {
        let token = Arc::new(());
        let (sender, mut receiver) = open_with::<Arc<()>, ()>(MailboxConfig::with_capacity(1), environment());
        let mut full = sender.try_send((Lane::Low, Arc::clone(&token))).is_ok();
        let (bell, waker) = Bell::new();
        for _ in 0..100_000 {
            let mut send = Box::pin(sender.send((Lane::Low, Arc::clone(&token))));
            poll_waiting("MB-4", send.as_mut(), &waker);
            if matches!(leaves, Leaves::Admitted) {
                full &= receiver.try_recv().map(|delivery| delivery.acknowledge()).is_ok();
            }
        }
        drop(waker);
        let kept = (Arc::strong_count(&token) - 1, Arc::strong_count(&bell) - 1);
        let what = format!("the messages and wakers kept of 100,000 senders that left {leaves:?}");
        check_eq("MB-7", &what, &(1, 0), &kept);
        check_eq(
            "MB-1",
            "whether it was full all the time, and how many wait",
            &(true, 0),
            &(full, sender.stats().waiting),
        );
    }
}

fn a_clear_drains_all(_: Patience) {
    let (sender, mut receiver) = open(200);
    (0..200).for_each(|n| put(&sender, Lane::ALL[n as usize % 6], n));
    let cleared = receiver.clear();
    let stats = sender.stats();
    check_eq("MB-5", "cleared, drained and left", &(200, 200, 0), &(cleared, stats.drained, stats.len));
}

fn a_dropped_receiver_drains_all(_: Patience) {
    let (sender, receiver) = open(200);
    (0..200).for_each(|n| put(&sender, Lane::ALL[n as usize % 6], n));
    drop(receiver);
    let stats = sender.stats();
    check_eq("MB-9", "drained, left and closed", &(200, 0, true), &(stats.drained, stats.len, stats.closed));
}

fn a_close_refuses_all(_: Patience) {
    let (sender, _receiver) = open(1);
    put(&sender, Lane::Low, 0);
    let (bell, waker) = Bell::new();
    let mut sends: Vec<_> = (0..100).map(|n| Box::pin(sender.send((Lane::Low, n)))).collect();
    sends.iter_mut().for_each(|send| poll_waiting("MB-4", send.as_mut(), &waker));
    sender.close();
    let stats = sender.stats();
    check_eq(
        "MB-9",
        "the senders that a close wakes, refuses and leaves",
        &(100, 100, 0),
        &(bell.rings(), stats.rejected, stats.waiting),
    );
    let refused = sends.iter_mut().map(|send| u32::from(poll(send.as_mut(), &waker).is_ready())).sum::<u32>();
    check_eq("MB-9", "the senders that find themselves refused", &100, &refused);
}

fn a_responder_is_detached_twice(_: Patience) {
    let (sender, mut receiver) = open(1);
    let mut asking = pin!(sender.ask((Lane::Low, 1)));
    poll_waiting("MB-12", asking.as_mut(), Waker::noop());
    let Ok(delivery) = receiver.try_recv() else { violated("MB-2", "a message did not arrive") };
    let responder = delivery.into_parts().1.detach().detach();
    check_eq("MB-12", "whether a detached responder has an asker", &true, &responder.is_ask());
    responder.answer(5);
    check_eq("MB-5", "the messages answered", &1, &sender.stats().answered);
    check_eq("MB-12", "the answer", &Poll::Ready(Ok(5)), &poll(asking.as_mut(), Waker::noop()));
}

fn a_cloned_environment_keeps_its_sink(_: Patience) {
    let dead = Arc::new(AtomicU64::new(0));
    let told = Arc::clone(&dead);
    let environment = environment().with_dead_letters(Arc::new(move |_| {
        told.fetch_add(1, Ordering::SeqCst);
    }));
    for expected in 1..=2 {
        let (sender, receiver) = open_with::<u32, u32>(MailboxConfig::with_capacity(4), environment.clone());
        put(&sender, Lane::Low, 1);
        drop(receiver);
        check_eq("MB-5", "the dead letters", &expected, &dead.load(Ordering::SeqCst));
    }
}
