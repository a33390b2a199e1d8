//! Wake-ups: their order, what runs outside the mailbox's lock, and who is not woken any more.

use std::{
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Wake, Waker},
    time::Duration,
};

use super::{
    Bell, Lane, Law, Log, MailboxConfig, Patience, Sender, environment, is_usable, note, noted, open,
    open_with, poll, poll_waiting, put,
};
use crate::violation::{check_eq, violated};

pub(super) const LAWS: &[Law] = &[
    ("wake-ups come before dead letters, and neither runs under the lock", wakes_come_before_dead_letters),
    ("a close wakes waiting senders in the order of their turns", a_close_wakes_in_order),
    ("a receiver's replaced waker is not dropped under the lock", a_replaced_waker_is_dropped_outside),
    ("a turn polled with three wakers drops none under the lock", a_turn_drops_wakers_outside),
    ("who is told of a reply finds it counted", a_reply_is_counted_before_it_is_told),
    ("an abandoned ask leaves no waker", an_abandoned_ask_leaves_no_waker),
    ("an ask with a timeout that is abandoned leaves no waker", an_abandoned_timed_ask_leaves_no_waker),
    ("a dropped receive leaves no waker and is not woken", a_dropped_receive_is_unregistered),
    ("a receive that was woken leaves no waker and is not woken again", a_woken_receive_leaves_no_waker),
    ("a sender's replaced waker is not kept and not woken", a_senders_replaced_waker_is_forgotten),
];

/// A waker that tells the log when it is woken and when it is dropped, and whether the mailbox was usable then.
struct Teller {
    sender: Sender<u32, u32>,
    log: Log,
    patience: Patience,
}

impl Teller {
    fn waker(sender: &Sender<u32, u32>, log: &Log, patience: Patience) -> Waker {
        Waker::from(Arc::new(Teller { sender: sender.clone(), log: Arc::clone(log), patience }))
    }

    fn tell(&self, free: &'static str, locked: &'static str) {
        note(&self.log, if is_usable(&self.sender, self.patience) { free } else { locked });
    }
}

impl Wake for Teller {
    fn wake(self: Arc<Self>) {
        self.tell("woken", "woken under the lock");
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.tell("dropped", "dropped under the lock");
    }
}

fn wakes_come_before_dead_letters(patience: Patience) {
    let log = Log::default();
    let (told, cell) = (Arc::clone(&log), Arc::new(Mutex::new(None::<Sender<u32, u32>>)));
    let inner = Arc::clone(&cell);
    let environment = environment().with_dead_letters(Arc::new(move |_| {
        let sender = inner.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let usable = sender.is_some_and(|sender| is_usable(&sender, patience));
        note(&told, if usable { "dead" } else { "dead under the lock" });
    }));
    let (sender, mut receiver) = open_with(MailboxConfig::with_capacity(1), environment);
    *cell.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender.clone());
    let waker = Teller::waker(&sender, &log, patience);
    let mut asking = pin!(sender.ask((Lane::Low, 1)));
    poll_waiting("MB-12", asking.as_mut(), &waker);
    receiver.clear();
    let seen = noted(&log);
    // The mailbox and its sink hold each other through the cell.
    *cell.lock().unwrap_or_else(PoisonError::into_inner) = None;
    check_eq("MB-7", "what a clear does to an asker and its message", &vec!["woken", "dead"], &seen);
}

fn a_close_wakes_in_order(_: Patience) {
    struct Numbered(u32, Arc<Mutex<Vec<u32>>>);
    impl Wake for Numbered {
        fn wake(self: Arc<Self>) {
            self.1.lock().unwrap_or_else(PoisonError::into_inner).push(self.0);
        }
    }
    let (sender, _receiver) = open(1);
    put(&sender, Lane::Low, 0);
    let log = Arc::new(Mutex::new(Vec::new()));
    let lanes = [Lane::Low, Lane::Low, Lane::High, Lane::Low, Lane::High];
    let mut sends: Vec<_> = lanes.map(|lane| Box::pin(sender.send((lane, 1)))).into();
    for (n, send) in (0..).zip(&mut sends) {
        poll_waiting("MB-4", send.as_mut(), &Waker::from(Arc::new(Numbered(n, Arc::clone(&log)))));
    }
    sender.close();
    let woken = log.lock().unwrap_or_else(PoisonError::into_inner).clone();
    check_eq("MB-9", "the order in which a close wakes", &vec![2, 4, 0, 1, 3], &woken);
}

fn a_replaced_waker_is_dropped_outside(patience: Patience) {
    let (sender, mut receiver) = open(1);
    let log = Log::default();
    for _ in 0..2 {
        let waker = Teller::waker(&sender, &log, patience);
        if receiver.poll_recv(&mut Context::from_waker(&waker)).is_ready() {
            violated("MB-2", "an empty mailbox delivers");
        }
    }
    check_eq("MB-7", "what became of the first of two wakers", &vec!["dropped"], &noted(&log));
    drop(receiver);
}

fn a_turn_drops_wakers_outside(patience: Patience) {
    let (sender, mut receiver) = open(1);
    let log = Log::default();
    let mut turn = receiver.turn();
    for _ in 0..3 {
        let waker = Teller::waker(&sender, &log, patience);
        if turn.poll_recv(&mut Context::from_waker(&waker)).is_ready() {
            violated("MB-2", "an empty mailbox delivers");
        }
    }
    drop(turn);
    check_eq("MB-7", "what became of the first two of three wakers", &vec!["dropped"; 2], &noted(&log));
}

fn a_reply_is_counted_before_it_is_told(_: Patience) {
    struct Reader(Sender<u32, u32>, Arc<AtomicU64>);
    impl Wake for Reader {
        fn wake(self: Arc<Self>) {
            let stats = self.0.stats();
            self.1.store(stats.answered * 10 + stats.failed, Ordering::SeqCst);
        }
    }
    for (answers, expected) in [(true, 10), (false, 1)] {
        let (sender, mut receiver) = open(1);
        let seen = Arc::new(AtomicU64::new(u64::MAX));
        let waker = Waker::from(Arc::new(Reader(sender.clone(), Arc::clone(&seen))));
        let mut asking = pin!(sender.ask((Lane::Low, 1)));
        poll_waiting("MB-12", asking.as_mut(), &waker);
        let Ok(delivery) = receiver.try_recv() else { violated("MB-2", "a message did not arrive") };
        let (_, responder) = delivery.into_parts();
        if answers {
            responder.answer(1);
        } else {
            responder.fail();
        }
        let what = "ten times the answered plus the failed, as the asker's waker finds them";
        check_eq("MB-5", what, &expected, &seen.load(Ordering::SeqCst));
    }
}

fn an_abandoned_ask_leaves_no_waker(_: Patience) {
    abandon(None);
}

fn an_abandoned_timed_ask_leaves_no_waker(_: Patience) {
    abandon(Some(Duration::from_secs(1)));
}

fn abandon(timeout: Option<Duration>) {
    let (sender, _receiver) = open_with::<u32, u32>(
        MailboxConfig::with_capacity(1),
        super::Environment::new(Arc::new(super::numbers::Counted::default())),
    );
    let (bell, waker) = Bell::new();
    {
        let mut asking = pin!(match timeout {
            Some(timeout) => sender.ask_within((Lane::Low, 1), timeout),
            None => sender.ask((Lane::Low, 1)),
        });
        poll_waiting("MB-12", asking.as_mut(), &waker);
    }
    drop(waker);
    bell.is_forgotten("MB-12", "the wakers kept of an abandoned ask");
    check_eq("MB-12", "the messages that stay", &1, &sender.stats().len);
}

fn a_dropped_receive_is_unregistered(_: Patience) {
    let (sender, mut receiver) = open(1);
    let (bell, waker) = Bell::new();
    {
        let mut receiving = pin!(receiver.recv());
        poll_waiting("MB-7", receiving.as_mut(), &waker);
    }
    drop(waker);
    bell.is_forgotten("MB-7", "the wakers kept of a dropped receive");
    put(&sender, Lane::Low, 1);
    check_eq("MB-7", "the wake-ups of a dropped receive", &0, &bell.rings());
}

fn a_woken_receive_leaves_no_waker(_: Patience) {
    let (sender, mut receiver) = open(1);
    let (bell, waker) = Bell::new();
    {
        let mut receiving = pin!(receiver.recv());
        poll_waiting("MB-7", receiving.as_mut(), &waker);
        put(&sender, Lane::Low, 1);
        if poll(receiving.as_mut(), &waker).is_pending() {
            violated("MB-7", "a message waits, and so does its receiver");
        }
    }
    put(&sender, Lane::Low, 2);
    drop(waker);
    check_eq("MB-7", "the wake-ups of one receive", &1, &bell.rings());
    bell.is_forgotten("MB-7", "the wakers kept of a receive that has ended");
}

fn a_senders_replaced_waker_is_forgotten(_: Patience) {
    let (sender, mut receiver) = open(1);
    put(&sender, Lane::Low, 0);
    let ((old, first), (new, second)) = (Bell::new(), Bell::new());
    let mut send = pin!(sender.send((Lane::Low, 1)));
    poll_waiting("MB-4", send.as_mut(), &first);
    poll_waiting("MB-4", send.as_mut(), &second);
    drop(first);
    old.is_forgotten("MB-7", "the replaced wakers kept of a waiting sender");
    receiver.clear();
    check_eq("MB-7", "the wake-ups of the old and the new waker", &(0, 1), &(old.rings(), new.rings()));
}
