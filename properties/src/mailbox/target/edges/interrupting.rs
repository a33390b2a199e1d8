//! An actor ends while its handlers are at work: which of them are interrupted, in which order, and who is told when.

use std::{
    future::{pending, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Poll, Waker},
};

use actix::{
    Actor, ActorContext, Context,
    fut::{LocalBoxActorFuture, wrap_future},
};
use tokio::{runtime::Builder, task::LocalSet};

use super::{
    Bell, Lane, Law, MailboxConfig, Patience,
    alys::{
        Handled, HandlerFailed, MailboxActor, drain,
        mailbox::{AskError, Asking, DeadLetter, DeadReason, MailboxStats, Receiver, Sender},
    },
    draining::run,
    environment, open_with, poll, poll_waiting, unwind,
};
use crate::violation::check_eq;

pub(super) const LAWS: &[Law] = &[
    ("a handler that panics is interrupted after those that had not ended", a_panic_interrupts_in_order),
    ("an exclusive handler that panics is interrupted as well", an_exclusive_panic_interrupts),
    ("a panic in a later answer interrupts every handler", a_later_panic_interrupts),
    ("an actor that stops interrupts what it has not answered", a_stop_interrupts),
];

/// What a message has its handler do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Answer,
    Fail,
    Stop,
    Panic,
    NeverEnd,
    NeverEndExclusively,
    PanicLater,
    PanicExclusively,
}

struct Taker(Option<Receiver<Order, u32>>);

type Answering = LocalBoxActorFuture<Taker, Result<u32, HandlerFailed>>;

fn never() -> Answering {
    Box::pin(wrap_future(pending()))
}

fn panics() -> Answering {
    Box::pin(wrap_future(poll_fn(|_| unwind())))
}

impl Actor for Taker {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        if let Some(receiver) = self.0.take() {
            drain(receiver, context);
        }
    }
}

impl MailboxActor<Order> for Taker {
    type Reply = u32;

    fn handle(&mut self, order: Order, context: &mut Self::Context) -> Handled<Self, u32> {
        match order {
            Order::Answer => Handled::Answer(1),
            Order::Fail => Handled::Fail,
            Order::Stop => {
                context.stop();
                Handled::Answer(1)
            }
            Order::Panic => unwind(),
            Order::NeverEnd => Handled::Later(never()),
            Order::NeverEndExclusively => Handled::Exclusive(never()),
            Order::PanicLater => Handled::Later(panics()),
            Order::PanicExclusively => Handled::Exclusive(panics()),
        }
    }
}

/// A dead letter: whether the message was in it, its lane and the reason.
type Letter = (bool, Lane, DeadReason);

/// What became of the messages of an actor.
struct Seen {
    letters: Vec<Letter>,
    /// The letters that went out before the asker was woken.
    untold: Vec<Lane>,
    /// The letters that went out while the thread was unwinding.
    unwinding: Vec<Lane>,
    answers: Vec<Result<u32, AskError<Order>>>,
    stats: MailboxStats,
}

/// Collects the dead letters; there is one bell a lane, and at most one asker.
type Desk = Arc<Mutex<Vec<(Letter, bool, bool)>>>;

fn desk(bells: &[(Arc<Bell>, Waker)]) -> (Desk, Sender<Order, u32>, Receiver<Order, u32>) {
    let desk = Desk::default();
    let (inner, bells) = (Arc::clone(&desk), bells.iter().map(|(bell, _)| Arc::clone(bell)));
    let bells: Vec<_> = bells.collect();
    let environment = environment().with_dead_letters(Arc::new(move |letter: DeadLetter<Order>| {
        let told = bells[letter.lane.rank()].rings() == 1;
        let letter = (letter.message.is_some(), letter.lane, letter.reason);
        let mut letters = inner.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push((letter, told, std::thread::panicking()));
    }));
    let (sender, receiver) = open_with(MailboxConfig::with_capacity(8), environment);
    (desk, sender, receiver)
}

/// Asks an actor to follow orders, at most one a lane, and lets it come as far as it can.
fn ordered(orders: &[(Lane, Order)]) -> Seen {
    let bells: Vec<_> = Lane::ALL.iter().map(|_| Bell::new()).collect();
    let (desk, sender, receiver) = desk(&bells);
    let mut asks: Vec<_> =
        orders.iter().map(|(lane, order)| (*lane, Box::pin(sender.ask((*lane, *order))))).collect();
    for (lane, asking) in &mut asks {
        poll_waiting("MB-12", asking.as_mut(), &bells[lane.rank()].1);
    }
    end_by_itself(receiver);
    let letters = std::mem::take(&mut *desk.lock().unwrap_or_else(PoisonError::into_inner));
    let lanes = |chosen: fn(bool, bool) -> bool| {
        let chosen = letters.iter().filter(|(_, told, unwinding)| chosen(*told, *unwinding));
        chosen.map(|((_, lane, _), ..)| *lane).collect()
    };
    Seen {
        untold: lanes(|told, _| !told),
        unwinding: lanes(|_, unwinding| unwinding),
        letters: letters.iter().map(|(letter, ..)| *letter).collect(),
        answers: asks.into_iter().map(|(_, asking)| answer(asking)).collect(),
        stats: sender.stats(),
    }
}

fn answer(mut asking: Pin<Box<Asking<'_, Order, u32>>>) -> Result<u32, AskError<Order>> {
    match poll(asking.as_mut(), Waker::noop()) {
        Poll::Ready(answer) => answer,
        // Nobody gives up in these laws, so this is no answer of theirs.
        Poll::Pending => Err(AskError::Timeout),
    }
}

/// Runs a plain Actix actor until its orders have ended it; Tokio catches its panics.
fn end_by_itself(receiver: Receiver<Order, u32>) {
    let runtime = match Builder::new_current_thread().enable_time().start_paused(true).build() {
        Ok(runtime) => runtime,
        Err(error) => panic!("no runtime: {error}"),
    };
    let mut local = LocalSet::new();
    let _inside = runtime.enter();
    let address = {
        let _local = local.enter();
        Taker(Some(receiver)).start()
    };
    run(&mut local);
    check_eq("SV-7", "whether the actor is still there", &false, &address.connected());
}

const INTERRUPTED: DeadReason = DeadReason::Interrupted;

fn check(seen: &Seen, letters: &[Letter], answers: &[Result<u32, AskError<Order>>]) {
    check_eq("SV-7", "the dead letters", letters, &seen.letters[..]);
    check_eq("SV-7", "the letters that went out before the asker was told", &[][..], &seen.untold[..]);
    check_eq("SV-7", "what the askers are told", answers, &seen.answers[..]);
    let count = |expected: fn(&Result<u32, AskError<Order>>) -> bool| {
        answers.iter().filter(|answer| expected(answer)).count() as u64
    };
    let stats = seen.stats;
    check_eq(
        "MB-5",
        "answered, failed and in a handler",
        &(count(Result::is_ok), count(|answer| *answer == Err(AskError::Failed)), 0),
        &(stats.answered, stats.failed, stats.in_handler),
    );
}

fn a_panic_interrupts_in_order(_: Patience) {
    let seen = ordered(&[
        (Lane::Emergency, Order::NeverEnd),
        (Lane::Critical, Order::Answer),
        (Lane::High, Order::NeverEnd),
        (Lane::Normal, Order::Fail),
        (Lane::Low, Order::Panic),
        (Lane::Background, Order::Answer),
    ]);
    let letters = [
        (true, Lane::Background, DeadReason::Drained),
        (false, Lane::Emergency, INTERRUPTED),
        (false, Lane::High, INTERRUPTED),
        (false, Lane::Low, INTERRUPTED),
    ];
    let failed = Err(AskError::Failed);
    let answers = [failed, Ok(1), failed, failed, failed, Err(AskError::Dropped(DeadReason::Drained))];
    check(&seen, &letters, &answers);
    check_eq("SV-7", "the letters sent while the thread was unwinding", &[][..], &seen.unwinding[..]);
}

fn an_exclusive_panic_interrupts(_: Patience) {
    let seen = ordered(&[
        (Lane::High, Order::NeverEnd),
        (Lane::Normal, Order::PanicExclusively),
        (Lane::Low, Order::Answer),
    ]);
    let letters = [
        (true, Lane::Low, DeadReason::Drained),
        (false, Lane::High, INTERRUPTED),
        (false, Lane::Normal, INTERRUPTED),
    ];
    let failed = Err(AskError::Failed);
    check(&seen, &letters, &[failed, failed, Err(AskError::Dropped(DeadReason::Drained))]);
    check_eq("SV-7", "the letters sent while the thread was unwinding", &[][..], &seen.unwinding[..]);
}

fn a_later_panic_interrupts(_: Patience) {
    let seen = ordered(&[
        (Lane::High, Order::NeverEnd),
        (Lane::Normal, Order::PanicLater),
        (Lane::Low, Order::NeverEndExclusively),
        (Lane::Background, Order::Answer),
    ]);
    let letters = [
        (true, Lane::Background, DeadReason::Drained),
        (false, Lane::High, INTERRUPTED),
        (false, Lane::Normal, INTERRUPTED),
        (false, Lane::Low, INTERRUPTED),
    ];
    let failed = Err(AskError::Failed);
    check(&seen, &letters, &[failed, failed, failed, Err(AskError::Dropped(DeadReason::Drained))]);
}

fn a_stop_interrupts(_: Patience) {
    let seen = ordered(&[
        (Lane::High, Order::NeverEnd),
        (Lane::Normal, Order::Fail),
        (Lane::Low, Order::Stop),
        (Lane::Background, Order::Answer),
    ]);
    let letters = [(true, Lane::Background, DeadReason::Drained), (false, Lane::High, INTERRUPTED)];
    let failed = Err(AskError::Failed);
    check(&seen, &letters, &[failed, failed, Ok(1), Err(AskError::Dropped(DeadReason::Drained))]);
    check_eq("SV-7", "the letters sent while the thread was unwinding", &[][..], &seen.unwinding[..]);
}
