//! An actor drains its mailbox: how much in one poll, what it leaves when it stops, and how it hears of the end.

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context as TaskContext, Poll},
};

use actix::{Actor, ActorContext, ActorFuture, AsyncContext, Context, Running, fut::ready};
use tokio::{runtime::Builder, task::LocalSet};

use super::{
    Lane, Law, Patience,
    alys::{
        Handled, MailboxActor, drain,
        mailbox::{MailboxStats, Receiver},
    },
    open, put,
};
use crate::{
    violation::{check_eq, violated},
    wakes::CountingWaker,
};

pub(super) const LAWS: &[Law] = &[
    ("an actor handles all of 1000 queued messages, 128 in one poll", an_actor_handles_128_in_one_poll),
    ("exclusive handlers count into the 128 of a poll", exclusive_handlers_count_too),
    (
        "an actor that stops handles nothing more, and the rest is drained",
        an_actor_that_stops_drains_the_rest,
    ),
    ("an actor that refuses to stop goes on", an_actor_that_refuses_to_stop_goes_on),
    ("the end of a mailbox is told once", the_end_is_told_once),
];

/// What the actor does besides handling its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Plain,
    /// Handles odd messages exclusively, by futures that are ready at once.
    Exclusive,
    /// Stops at message 2.
    Stops,
    /// Stops at message 2, and takes it back when asked.
    Hesitates,
    /// Does not stop at the end of its mailbox.
    LivesOn,
}

#[derive(Debug, Default)]
struct Seen {
    handled: Vec<u32>,
    ended: u32,
    /// How many messages were handled each time that another future of the actor got its turn.
    at_turns: Vec<usize>,
}

type Log = Rc<RefCell<Seen>>;

struct Taker {
    receiver: Option<Receiver<u32, u32>>,
    manner: Manner,
    log: Log,
}

/// Another future of the actor, which is polled whenever the actor is.
struct Bystander(Log);

impl ActorFuture<Taker> for Bystander {
    type Output = ();

    fn poll(
        self: Pin<&mut Self>,
        _: &mut Taker,
        _: &mut Context<Taker>,
        _: &mut TaskContext<'_>,
    ) -> Poll<()> {
        let mut log = self.0.borrow_mut();
        let handled = log.handled.len();
        if log.at_turns.last() != Some(&handled) {
            log.at_turns.push(handled);
        }
        Poll::Pending
    }
}

impl Actor for Taker {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        if let Some(receiver) = self.receiver.take() {
            drain(receiver, context);
        }
        context.spawn(Bystander(Rc::clone(&self.log)));
    }

    fn stopping(&mut self, _: &mut Self::Context) -> Running {
        if self.manner == Manner::Hesitates { Running::Continue } else { Running::Stop }
    }
}

impl MailboxActor<u32> for Taker {
    type Reply = u32;

    fn handle(&mut self, message: u32, context: &mut Self::Context) -> Handled<Self, u32> {
        self.log.borrow_mut().handled.push(message);
        if matches!(self.manner, Manner::Stops | Manner::Hesitates) && message == 2 {
            context.stop();
        }
        if self.manner == Manner::Exclusive && message % 2 == 1 {
            Handled::Exclusive(Box::pin(ready(Ok(message))))
        } else {
            Handled::Answer(message)
        }
    }

    fn mailbox_ended(&mut self, context: &mut Self::Context) {
        self.log.borrow_mut().ended += 1;
        if self.manner != Manner::LivesOn {
            context.stop();
        }
    }
}

/// Lets an actor drain so many messages, until nothing in its runtime can go on.
fn drained(manner: Manner, messages: u32, close: bool) -> (Seen, MailboxStats) {
    let (sender, receiver) = open(2000);
    (0..messages).for_each(|n| put(&sender, Lane::Low, n));
    if close {
        sender.close();
    }
    let runtime = match Builder::new_current_thread().enable_time().start_paused(true).build() {
        Ok(runtime) => runtime,
        Err(error) => panic!("no runtime: {error}"),
    };
    let (mut local, log) = (LocalSet::new(), Log::default());
    let _inside = runtime.enter();
    let address = {
        let _local = local.enter();
        Taker { receiver: Some(receiver), manner, log: Rc::clone(&log) }.start()
    };
    run(&mut local);
    let stats = sender.stats();
    drop(address);
    drop(local);
    (log.take(), stats)
}

/// Polls until nobody is woken any more; who is woken for ever is at fault.
pub(super) fn run(local: &mut LocalSet) {
    let wakes = CountingWaker::new();
    let waker = wakes.waker();
    for _ in 0..1000 {
        wakes.take();
        let ended = Pin::new(&mut *local).poll(&mut TaskContext::from_waker(&waker)).is_ready();
        if ended || wakes.count() == 0 {
            return;
        }
    }
    violated("MB-9", "an actor with nothing to do is woken for ever");
}

fn check_budget(manner: Manner) {
    let (seen, _) = drained(manner, 1000, false);
    check_eq("MB-7", "the number of messages handled", &1000, &seen.handled.len());
    check_eq("MB-3", "whether they are handled in order", &true, &seen.handled.is_sorted());
    let expected = [128, 256, 384, 512, 640, 768, 896, 1000];
    let turns: Vec<_> = seen.at_turns.into_iter().filter(|handled| *handled > 0).collect();
    check_eq("MB-7", "the messages handled at each turn of another future", &expected[..], &turns[..]);
}

fn an_actor_handles_128_in_one_poll(_: Patience) {
    check_budget(Manner::Plain);
}

fn exclusive_handlers_count_too(_: Patience) {
    check_budget(Manner::Exclusive);
}

fn an_actor_that_stops_drains_the_rest(_: Patience) {
    let (seen, stats) = drained(Manner::Stops, 10, false);
    check_eq("MB-9", "the messages handled", &vec![0, 1, 2], &seen.handled);
    check_eq("MB-9", "drained and closed", &(7, true), &(stats.drained, stats.closed));
}

fn an_actor_that_refuses_to_stop_goes_on(_: Patience) {
    let (seen, stats) = drained(Manner::Hesitates, 10, false);
    check_eq("MB-9", "the messages handled", &(0..10).collect(), &seen.handled);
    check_eq("MB-9", "drained and closed", &(0, false), &(stats.drained, stats.closed));
}

fn the_end_is_told_once(_: Patience) {
    let (seen, stats) = drained(Manner::LivesOn, 3, true);
    check_eq(
        "MB-9",
        "the messages handled, and how often the end was told",
        &(3, 1),
        &(seen.handled.len(), seen.ended),
    );
    check_eq("MB-5", "the messages answered", &3, &stats.answered);
}
