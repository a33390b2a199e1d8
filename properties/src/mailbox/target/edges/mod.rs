//! Laws at the edges of the mailbox: each opens one of its own, goes to one edge, and says what must be seen there.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    task::{Context, Poll, Wake, Waker},
    thread,
    time::Duration,
};

use super::{
    alys::{
        self,
        mailbox::{Environment, Lane, MailboxConfig, Receiver, Sender, mailbox},
    },
    world::ManualClock,
};
use crate::violation::{caught, check_eq, violated};

mod blocking;
mod draining;
mod drops;
mod ends;
mod interrupting;
mod numbers;
mod turns;
mod unwinding;
mod wakes;

/// How long to wait for what should happen at once, before it counts as a hang.
///
/// This is the one place where the wall clock is read, and only to turn a hang into a violation: what a law says never
/// depends on it.
pub type Patience = Duration;

/// A law with its name.
pub type Law = (&'static str, fn(Patience));

/// Every law, in the order in which they are checked.
pub fn laws() -> impl Iterator<Item = Law> {
    let all = [
        turns::LAWS,
        wakes::LAWS,
        drops::LAWS,
        unwinding::LAWS,
        ends::LAWS,
        numbers::LAWS,
        draining::LAWS,
        interrupting::LAWS,
        blocking::LAWS,
    ];
    all.into_iter().flatten().copied()
}

type Ends = (Sender<u32, u32>, Receiver<u32, u32>);

/// Makes a mailbox that waits when it is full.
fn open(capacity: usize) -> Ends {
    open_with(MailboxConfig::with_capacity(capacity), environment())
}

fn open_with<M, R>(config: MailboxConfig, environment: Environment<M>) -> (Sender<M, R>, Receiver<M, R>) {
    mailbox(config, environment)
        .unwrap_or_else(|error| violated("MB-1", format!("a valid configuration is refused: {error}")))
}

fn environment<M>() -> Environment<M> {
    Environment::new(Arc::new(ManualClock::default()))
}

/// Sends where there is room.
fn put(sender: &Sender<u32, u32>, lane: Lane, message: u32) {
    check_eq("MB-4", "a send where there is room", &Ok(()), &sender.try_send((lane, message)));
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// Polls what must wait.
fn poll_waiting<F: Future>(rule: &'static str, future: Pin<&mut F>, waker: &Waker) {
    if poll(future, waker).is_ready() {
        violated(rule, "what had to wait was ready");
    }
}

/// A waker that counts, and that shows who still keeps it.
#[derive(Default)]
struct Bell(AtomicU64);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Bell {
    fn new() -> (Arc<Bell>, Waker) {
        let bell = Arc::new(Bell::default());
        (Arc::clone(&bell), Waker::from(bell))
    }

    fn rings(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Judges, once the test's own waker is gone, that the mailbox keeps none.
    fn is_forgotten(self: &Arc<Self>, rule: &'static str, what: &str) {
        check_eq(rule, what, &0, &(Arc::strong_count(self) - 1));
    }
}

/// What happened, in order.
type Log = Arc<Mutex<Vec<&'static str>>>;

fn note(log: &Log, event: &'static str) {
    log.lock().unwrap_or_else(PoisonError::into_inner).push(event);
}

fn noted(log: &Log) -> Vec<&'static str> {
    log.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Says whether the mailbox can be used by another thread right now, while this one is inside a callback: if the
/// callback runs under the mailbox's lock, it cannot. The other thread ends as soon as the lock is released.
fn is_usable(sender: &Sender<u32, u32>, patience: Patience) -> bool {
    let (sender, (done, seen)) = (sender.clone(), mpsc::channel());
    thread::spawn(move || {
        let _ = sender.stats();
        // Nobody hears it where the wait was given up.
        let _ = done.send(());
    });
    seen.recv_timeout(patience).is_ok()
}

/// Runs what may block on a thread of its own, and calls it a violation when it does not end; the thread is then left
/// behind, blocked.
fn within(rule: &'static str, patience: Patience, what: &str, action: impl FnOnce() + Send + 'static) {
    let (done, seen) = mpsc::channel();
    // Nobody hears the end of a thread that was given up.
    thread::spawn(move || drop(done.send(caught(action))));
    match seen.recv_timeout(patience) {
        Ok(Ok(())) => {}
        Ok(Err(message)) => resume_unwind(Box::new(message)),
        Err(_) => violated(rule, format!("{what}: it never ended")),
    }
}

/// Runs an action that ends in [`unwind`]: what it owns is dropped while the thread panics.
fn unwound(action: impl FnOnce()) {
    match catch_unwind(AssertUnwindSafe(action)) {
        Ok(()) => violated("MB-5", "a law did not come to the panic that it raises"),
        Err(payload) if payload.is::<Expected>() => {}
        Err(payload) => resume_unwind(payload),
    }
}

/// The payload of the panics that laws raise on purpose.
struct Expected;

/// Panics past the hook.
fn unwind() -> ! {
    resume_unwind(Box::new(Expected))
}
