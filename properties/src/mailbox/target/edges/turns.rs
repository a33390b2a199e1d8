//! Turns: when the senders that one admits are told, and the yields of a receiver that never waits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
};

use super::{
    Bell, Lane, Law, MailboxConfig, Patience,
    alys::mailbox::{Post, Time, TryRecvError},
    environment, open, open_with, poll_waiting, put,
};
use crate::violation::{check_eq, violated};

pub(super) const LAWS: &[Law] = &[
    ("a turn wakes whom it admitted once it finds the mailbox empty", a_turn_wakes_when_it_is_empty),
    ("a turn wakes whom it admitted at every 64th receive and not before", a_turn_wakes_at_every_64th),
    ("wake_now wakes at once whom the turn admitted so far", wake_now_wakes_at_once),
    ("a message that expires in a turn is a dead letter at once", a_death_in_a_turn_is_told_at_once),
    ("a receiver yields after exactly 128 deliveries in a row", a_receiver_yields_after_exactly_128),
    ("a receive that waits starts the row of 128 again", a_wait_starts_the_row_again),
];

/// The wake-ups after each receive of one turn that takes `messages`, of which all but one wait for room, and after
/// the receive that finds nothing.
fn wakes_in_a_turn(messages: u32) -> Vec<u64> {
    let (sender, mut receiver) = open(1);
    put(&sender, Lane::Low, 0);
    let (bell, waker) = Bell::new();
    let mut sends: Vec<_> = (1..messages).map(|n| Box::pin(sender.send((Lane::Low, n)))).collect();
    sends.iter_mut().for_each(|send| poll_waiting("MB-4", send.as_mut(), &waker));
    let mut turn = receiver.turn();
    let mut wakes = Vec::new();
    for n in 0..messages {
        let taken = turn.try_recv().map(|delivery| delivery.acknowledge());
        check_eq("MB-8", "the next message of the turn", &Ok(n), &taken);
        wakes.push(bell.rings());
    }
    check_eq("MB-7", "the end of the turn", &Some(TryRecvError::Empty), &turn.try_recv().err());
    wakes.push(bell.rings());
    wakes
}

fn a_turn_wakes_when_it_is_empty(_: Patience) {
    check_eq("MB-7", "the wake-ups in a turn of 3", &vec![0, 0, 0, 2], &wakes_in_a_turn(3));
}

fn a_turn_wakes_at_every_64th(_: Patience) {
    let expected: Vec<u64> = (1..=200).map(|n| n / 64 * 64).chain([199]).collect();
    check_eq("MB-7", "the wake-ups in a turn of 200", &expected, &wakes_in_a_turn(200));
}

fn wake_now_wakes_at_once(_: Patience) {
    let (sender, mut receiver) = open(1);
    put(&sender, Lane::Low, 0);
    let (bell, waker) = Bell::new();
    let mut send = Box::pin(sender.send((Lane::Low, 1)));
    poll_waiting("MB-4", send.as_mut(), &waker);
    let mut turn = receiver.turn();
    check_eq("MB-2", "what is taken", &Ok(0), &turn.try_recv().map(|delivery| delivery.acknowledge()));
    let before = bell.rings();
    turn.wake_now();
    check_eq("MB-7", "the wake-ups before and after `wake_now`", &(0, 1), &(before, bell.rings()));
    drop(turn);
    check_eq("MB-7", "the wake-ups of one admitted sender", &1, &bell.rings());
}

fn a_death_in_a_turn_is_told_at_once(_: Patience) {
    let dead = Arc::new(AtomicU64::new(0));
    let told = Arc::clone(&dead);
    let environment = environment().with_dead_letters(Arc::new(move |_| {
        told.fetch_add(1, Ordering::SeqCst);
    }));
    let (sender, mut receiver) = open_with::<u32, u32>(MailboxConfig::with_capacity(4), environment);
    let sent = sender.try_send(Post::new(Lane::Low, 1).expires_at(Time::ZERO));
    let mut turn = receiver.turn();
    let taken = turn.try_recv().err();
    check_eq("MB-10", "what a turn finds", &(Ok(()), Some(TryRecvError::Empty)), &(sent, taken));
    check_eq("MB-10", "the dead letters before the turn ends", &1, &dead.load(Ordering::SeqCst));
}

fn a_receiver_yields_after_exactly_128(_: Patience) {
    let (sender, mut receiver) = open(1000);
    (0..1000).for_each(|n| put(&sender, Lane::Low, n));
    let (mut taken, mut yields) = (0, Vec::new());
    while taken < 1000 && yields.len() < 1000 {
        match receiver.poll_recv(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(delivery)) => taken += u32::from(delivery.acknowledge() < 1000),
            Poll::Ready(None) => violated("MB-9", "an open mailbox has ended"),
            Poll::Pending => yields.push(taken),
        }
    }
    let expected = [128, 256, 384, 512, 640, 768, 896];
    check_eq("MB-7", "the deliveries before each yield", &expected[..], &yields[..]);
}

fn a_wait_starts_the_row_again(_: Patience) {
    let (sender, mut receiver) = open(1);
    let mut context = Context::from_waker(Waker::noop());
    for n in 0..300 {
        put(&sender, Lane::Low, n);
        match receiver.poll_recv(&mut context) {
            Poll::Ready(Some(delivery)) => check_eq("MB-2", "what is received", &n, &delivery.acknowledge()),
            _ => violated("MB-7", format!("a receive yields at message {n}, less than 128 after a wait")),
        }
        if n % 100 == 99 && receiver.poll_recv(&mut context).is_ready() {
            violated("MB-2", "an empty mailbox delivers");
        }
    }
}
