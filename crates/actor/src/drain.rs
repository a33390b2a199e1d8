//! The Actix shell of a mailbox: an actor drains it in its own context.

use std::{
    cell::Cell,
    fmt,
    pin::Pin,
    rc::Rc,
    task::{Context as TaskContext, Poll, Waker},
};

use actix::{
    Actor, ActorContext, ActorFuture, ActorFutureExt, AsyncContext, Context, SpawnHandle,
    fut::LocalBoxActorFuture,
};

use super::mailbox::{Delivery, Receiver, Responder};

/// The most messages that one poll handles before the actor's other futures get their turn.
const MESSAGES_PER_POLL: u32 = 128;

/// A handler failed: its message is settled as failed, and its asker gets `AskError::Failed`.
///
/// # Examples
///
/// ```
/// use alys_actor::HandlerFailed;
///
/// assert_eq!(HandlerFailed.to_string(), "the handler failed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the handler failed")]
pub struct HandlerFailed;

/// A handler's answer that takes a while, computed with access to the actor.
pub type Answering<A, R> = LocalBoxActorFuture<A, Result<R, HandlerFailed>>;

/// What a handler made of a message.
///
/// # Examples
///
/// See [`MailboxActor`].
pub enum Handled<A: Actor, R> {
    /// It is answered.
    Answer(R),
    /// It failed.
    Fail,
    /// It is answered once the future is ready; the actor takes further messages meanwhile.
    Later(Answering<A, R>),
    /// It is answered once the future is ready; the actor takes no further message until then.
    Exclusive(Answering<A, R>),
}

impl<A: Actor, R: fmt::Debug> fmt::Debug for Handled<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Handled::Answer(reply) => f.debug_tuple("Answer").field(reply).finish(),
            Handled::Fail => f.write_str("Fail"),
            Handled::Later(_) => f.write_str("Later"),
            Handled::Exclusive(_) => f.write_str("Exclusive"),
        }
    }
}

/// An Actix actor that takes its messages `M` from a priority mailbox.
///
/// Call [`drain`] in [`Actor::started`]. Messages of Actix's own mailbox are handled as ever; the two do not order
/// each other. When the actor stops, what its mailbox still holds is drained into dead letters.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use actix::{Actor, Context};
/// use alys_actor::{Handled, MailboxActor, TokioClock, drain};
/// use alys_actor::mailbox::{Environment, Lane, MailboxConfig, Receiver, mailbox};
///
/// struct Doubler(Option<Receiver<u32, u32>>);
///
/// impl Actor for Doubler {
///     type Context = Context<Self>;
///
///     fn started(&mut self, context: &mut Self::Context) {
///         if let Some(receiver) = self.0.take() {
///             drain(receiver, context);
///         }
///     }
/// }
///
/// impl MailboxActor<u32> for Doubler {
///     type Reply = u32;
///
///     fn handle(&mut self, message: u32, _: &mut Self::Context) -> Handled<Self, u32> {
///         Handled::Answer(message * 2)
///     }
/// }
///
/// actix_rt::System::new().block_on(async {
///     let environment = Environment::new(Arc::new(TokioClock::new()));
///     let (sender, receiver) = mailbox(MailboxConfig::with_capacity(16), environment).unwrap();
///     Doubler(Some(receiver)).start();
///     assert_eq!(sender.ask((Lane::High, 21)).await, Ok(42));
/// });
/// ```
pub trait MailboxActor<M: 'static>: Actor<Context = Context<Self>> {
    /// What asking for a message is answered with.
    type Reply: 'static;

    /// Handles one message.
    fn handle(&mut self, message: M, context: &mut Context<Self>) -> Handled<Self, Self::Reply>;

    /// Called once, when the mailbox is closed and empty and every handler has ended; stops the actor unless it is
    /// overridden.
    fn mailbox_ended(&mut self, context: &mut Context<Self>) {
        context.stop();
    }
}

/// Has the actor of this context drain a mailbox from now on.
///
/// At most 128 messages are handled in one poll, so timers and other futures of the actor get their turn even if
/// the mailbox never runs empty.
///
/// # Examples
///
/// See [`MailboxActor`].
pub fn drain<A, M>(receiver: Receiver<M, A::Reply>, context: &mut Context<A>) -> SpawnHandle
where
    A: MailboxActor<M>,
    M: 'static,
{
    context.spawn(Drain { receiver, exclusive: None, later: Rc::default() })
}

/// A handler that takes a while, and the duty to settle its message.
type Unfinished<A, R> = (Answering<A, R>, Responder<'static, R>);

struct Drain<A: Actor, M, R> {
    receiver: Receiver<M, R>,
    exclusive: Option<Unfinished<A, R>>,
    later: Rc<Later>,
}

/// The handlers that answer later and have not ended, and the drain that waits for the last of them.
#[derive(Default)]
struct Later {
    unfinished: Cell<usize>,
    drain: Cell<Option<Waker>>,
}

impl Later {
    fn ended(&self) {
        self.unfinished.set(self.unfinished.get() - 1);
        if let Some(drain) = self.drain.take() {
            drain.wake();
        }
    }
}

impl<A: Actor, M, R> Unpin for Drain<A, M, R> {}

impl<A, M> ActorFuture<A> for Drain<A, M, A::Reply>
where
    A: MailboxActor<M>,
    M: 'static,
{
    type Output = ();

    fn poll(
        mut self: Pin<&mut Self>,
        actor: &mut A,
        context: &mut Context<A>,
        task: &mut TaskContext<'_>,
    ) -> Poll<()> {
        let this = &mut *self;
        let mut budget = MESSAGES_PER_POLL;
        loop {
            if let Some((answering, _)) = &mut this.exclusive {
                let answer = std::task::ready!(answering.as_mut().poll(actor, context, task));
                if let Some((_, responder)) = this.exclusive.take() {
                    settle(responder, answer);
                }
            }
            match run_turn(this, &mut budget, actor, context, task) {
                TurnEnd::Exclusive(answering, responder) => this.exclusive = Some((answering, responder)),
                TurnEnd::Empty => return Poll::Pending,
                TurnEnd::Spent => {
                    task.waker().wake_by_ref();
                    return Poll::Pending;
                }
                TurnEnd::Closed if this.later.unfinished.get() > 0 => {
                    this.later.drain.set(Some(task.waker().clone()));
                    return Poll::Pending;
                }
                TurnEnd::Closed => {
                    actor.mailbox_ended(context);
                    return Poll::Ready(());
                }
            }
        }
    }
}

/// Why a turn of an actor at its mailbox ended.
enum TurnEnd<A: Actor, R> {
    /// A handler wants the actor for itself.
    Exclusive(Answering<A, R>, Responder<'static, R>),
    /// There is nothing more to take; the task is woken when there is.
    Empty,
    /// The budget is spent, or the actor has begun to stop.
    Spent,
    /// There will never be anything more.
    Closed,
}

/// Handles messages until something ends the turn; the senders admitted meanwhile are woken at its end.
fn run_turn<A, M>(
    drain: &mut Drain<A, M, A::Reply>,
    budget: &mut u32,
    actor: &mut A,
    context: &mut Context<A>,
    task: &mut TaskContext<'_>,
) -> TurnEnd<A, A::Reply>
where
    A: MailboxActor<M>,
    M: 'static,
{
    let mut turn = drain.receiver.turn();
    while *budget > 0 && context.state().alive() {
        *budget -= 1;
        let delivery = match turn.poll_recv(task) {
            Poll::Ready(Some(delivery)) => delivery,
            Poll::Ready(None) => return TurnEnd::Closed,
            Poll::Pending => return TurnEnd::Empty,
        };
        if let Some((answering, responder)) = handle(delivery, actor, context, &drain.later) {
            return TurnEnd::Exclusive(answering, responder);
        }
    }
    TurnEnd::Spent
}

/// Hands a message to the actor and settles it at once where its handler does not need a while.
fn handle<A, M>(
    delivery: Delivery<'_, M, A::Reply>,
    actor: &mut A,
    context: &mut Context<A>,
    later: &Rc<Later>,
) -> Option<Unfinished<A, A::Reply>>
where
    A: MailboxActor<M>,
    M: 'static,
{
    let (message, responder) = delivery.into_parts();
    match actor.handle(message, context) {
        Handled::Answer(reply) => responder.answer(reply),
        Handled::Fail => responder.fail(),
        Handled::Later(answering) => {
            let responder = responder.detach();
            later.unfinished.set(later.unfinished.get() + 1);
            let later = Rc::clone(later);
            context.spawn(answering.map(move |answer, _, _| {
                settle(responder, answer);
                later.ended();
            }));
        }
        Handled::Exclusive(answering) => return Some((answering, responder.detach())),
    }
    None
}

fn settle<R>(responder: Responder<'_, R>, answer: Result<R, HandlerFailed>) {
    match answer {
        Ok(reply) => responder.answer(reply),
        Err(HandlerFailed) => responder.fail(),
    }
}
