//! The future in which an actor takes its messages and waits for its handlers.

use std::{
    any::Any,
    borrow::{Borrow, BorrowMut},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    rc::Rc,
    task::{Context as TaskContext, Poll},
};

use actix::{Actor, ActorContext, ActorFuture, ActorFutureExt, AsyncContext};

use super::{
    Answering, Handled, MailboxActor,
    unfinished::{InHand, Key, Unfinished},
};
use crate::mailbox::{Delivery, Receiver};

/// The most messages that one poll handles before the actor's other futures get their turn.
const MESSAGES_PER_POLL: u32 = 128;

/// An actor at its mailbox. `H` holds the receiver: it is owned, or lent to one incarnation of the actor after another;
/// it is dropped with the drain, or when a handler panics.
pub(crate) struct Drain<A: Actor, M, R, H> {
    // The order of the fields is that of the dead letters: first what is queued, then what was in a handler.
    receiver: Option<H>,
    exclusive: Option<Exclusive<A, R>>,
    unfinished: Rc<Unfinished<M, R>>,
}

/// The payload of a panic.
type Panic = Box<dyn Any + Send>;

/// A handler that has the actor for itself.
type Exclusive<A, R> = (Answering<A, R>, Key);

impl<A: Actor, M, R, H: BorrowMut<Receiver<M, R>>> Drain<A, M, R, H> {
    pub(crate) fn new(receiver: H) -> Self {
        let interrupter = Borrow::<Receiver<M, R>>::borrow(&receiver).interrupter();
        Drain { receiver: Some(receiver), exclusive: None, unfinished: Rc::new(Unfinished::new(interrupter)) }
    }
}

impl<A: Actor, M, R, H> Drain<A, M, R, H> {
    /// Gives the receiver back and interrupts what has not ended.
    fn end(&mut self) {
        self.receiver = None;
        self.unfinished.interrupt_all();
    }
}

impl<A: Actor, M, R, H> Unpin for Drain<A, M, R, H> {}

impl<A, M, H> ActorFuture<A> for Drain<A, M, A::Reply, H>
where
    A: MailboxActor<M>,
    M: 'static,
    H: BorrowMut<Receiver<M, A::Reply>>,
{
    type Output = ();

    fn poll(
        mut self: Pin<&mut Self>,
        actor: &mut A,
        context: &mut A::Context,
        task: &mut TaskContext<'_>,
    ) -> Poll<()> {
        self.poll_caught(actor, context, task).unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl<A, M, H> Drain<A, M, A::Reply, H>
where
    A: MailboxActor<M>,
    M: 'static,
    H: BorrowMut<Receiver<M, A::Reply>>,
{
    /// Polls it, and ends it where a handler panics: the panic is given back, for whoever runs the actor to go on with.
    pub(crate) fn poll_caught(
        &mut self,
        actor: &mut A,
        context: &mut A::Context,
        task: &mut TaskContext<'_>,
    ) -> Result<Poll<()>, Panic> {
        // Whoever runs the actor may drop it while the thread unwinds. So what the panic of a handler means for the
        // mailbox is done here, before it goes on.
        let run = catch_unwind(AssertUnwindSafe(|| self.run(actor, context, task)));
        let polled = run.unwrap_or_else(Err);
        if polled.is_err() {
            self.end();
        }
        polled
    }

    fn run(
        &mut self,
        actor: &mut A,
        context: &mut A::Context,
        task: &mut TaskContext<'_>,
    ) -> Result<Poll<()>, Panic> {
        // An actor that is dropped after a panic polls once more if it does not want to stop.
        let Some(receiver) = &mut self.receiver else { return Ok(Poll::Ready(())) };
        let mut budget = MESSAGES_PER_POLL;
        loop {
            if let Some((answering, _)) = &mut self.exclusive {
                let Poll::Ready(answer) = answering.as_mut().poll(actor, context, task) else {
                    return Ok(Poll::Pending);
                };
                if let Some((_, key)) = self.exclusive.take() {
                    self.unfinished.settle(key, answer);
                }
            }
            match run_turn(receiver.borrow_mut(), &self.unfinished, &mut budget, actor, context, task)? {
                TurnEnd::Exclusive(answering, key) => self.exclusive = Some((answering, key)),
                TurnEnd::Empty => return Ok(Poll::Pending),
                TurnEnd::Spent => {
                    task.waker().wake_by_ref();
                    return Ok(Poll::Pending);
                }
                TurnEnd::Closed if !self.unfinished.is_empty() => {
                    self.unfinished.wake_drain(task.waker().clone());
                    return Ok(Poll::Pending);
                }
                TurnEnd::Closed => {
                    actor.mailbox_ended(context);
                    return Ok(Poll::Ready(()));
                }
            }
        }
    }
}

/// Why a turn of an actor at its mailbox ended.
enum TurnEnd<A: Actor, R> {
    /// A handler wants the actor for itself.
    Exclusive(Answering<A, R>, Key),
    /// There is nothing more to take; the task is woken when there is.
    Empty,
    /// The budget is spent, or the actor has begun to stop.
    Spent,
    /// There will never be anything more.
    Closed,
}

/// Handles messages until something ends the turn; the senders admitted meanwhile are woken at its end, and by a panic.
fn run_turn<A, M>(
    receiver: &mut Receiver<M, A::Reply>,
    unfinished: &Rc<Unfinished<M, A::Reply>>,
    budget: &mut u32,
    actor: &mut A,
    context: &mut A::Context,
    task: &mut TaskContext<'_>,
) -> Result<TurnEnd<A, A::Reply>, Panic>
where
    A: MailboxActor<M>,
    M: 'static,
{
    let mut turn = receiver.turn();
    while *budget > 0 && context.state().alive() {
        *budget -= 1;
        let delivery = match turn.poll_recv(task) {
            Poll::Ready(Some(delivery)) => delivery,
            Poll::Ready(None) => return Ok(TurnEnd::Closed),
            Poll::Pending => return Ok(TurnEnd::Empty),
        };
        if let Some((answering, key)) = handle(delivery, actor, context, unfinished)? {
            return Ok(TurnEnd::Exclusive(answering, key));
        }
    }
    Ok(TurnEnd::Spent)
}

/// Hands a message to the actor and settles it at once where its handler does not need a while.
fn handle<A, M>(
    delivery: Delivery<'_, M, A::Reply>,
    actor: &mut A,
    context: &mut A::Context,
    unfinished: &Rc<Unfinished<M, A::Reply>>,
) -> Result<Option<Exclusive<A, A::Reply>>, Panic>
where
    A: MailboxActor<M>,
    M: 'static,
{
    let lane = delivery.lane();
    let (message, responder) = delivery.into_parts();
    let in_hand = InHand::new(unfinished, lane, responder);
    let handled = match caught(actor, message, context) {
        Ok(handled) => handled,
        Err(panic) => {
            in_hand.abandon();
            return Err(panic);
        }
    };
    match handled {
        Handled::Answer(reply) => in_hand.answer(reply),
        Handled::Fail => in_hand.fail(),
        Handled::Later(answering) => {
            let key = in_hand.keep();
            let unfinished = Rc::clone(unfinished);
            context.spawn(answering.map(move |answer, _, _| unfinished.settle(key, answer)));
        }
        Handled::Exclusive(answering) => return Ok(Some((answering, in_hand.keep()))),
    }
    Ok(None)
}

/// Calls the handler, and catches its panic where it comes from.
///
/// # Errors
///
/// The payload of the panic.
fn caught<A, M>(actor: &mut A, message: M, context: &mut A::Context) -> Result<Handled<A, A::Reply>, Panic>
where
    A: MailboxActor<M>,
{
    catch_unwind(AssertUnwindSafe(|| actor.handle(message, context)))
}
