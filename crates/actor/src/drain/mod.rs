//! The Actix shell of a mailbox: an actor drains it in its own context.

#[cfg(test)]
mod properties;
mod shell;
mod unfinished;

use std::fmt;

use actix::{Actor, ActorContext, AsyncContext, SpawnHandle, fut::LocalBoxActorFuture};

pub(crate) use self::shell::Drain;
use super::mailbox::Receiver;

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
/// each other. When the actor ends, what its mailbox still holds is drained into dead letters, and every handler that
/// has not ended is interrupted: its asker gets `AskError::Failed`, and a dead letter without a message says so.
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
pub trait MailboxActor<M: 'static>: Actor<Context: AsyncContext<Self>> {
    /// What asking for a message is answered with.
    type Reply: 'static;

    /// Handles one message.
    fn handle(&mut self, message: M, context: &mut Self::Context) -> Handled<Self, Self::Reply>;

    /// Called once, when the mailbox is closed and empty and every handler has ended; stops the actor unless it is
    /// overridden.
    fn mailbox_ended(&mut self, context: &mut Self::Context) {
        context.stop();
    }
}

/// Has the actor of this context drain a mailbox from now on.
///
/// At most 128 messages are handled in one poll, so timers and other futures of the actor get their turn even if
/// the mailbox never runs empty.
///
/// When a handler panics, the mailbox is drained and the unfinished handlers are interrupted before the panic goes on
/// to end the actor. A panic from elsewhere in the actor, a future that answers later included, ends it first: Tokio
/// drops the actor while the thread unwinds, and the dead letters are handed over then.
///
/// Where a drain is cancelled by its handle and the actor lives on, the receiver is dropped at once; the handler that
/// had the actor for itself, if there is one, is interrupted when the last that answers later has ended.
///
/// # Examples
///
/// See [`MailboxActor`].
pub fn drain<A, M, C>(receiver: Receiver<M, A::Reply>, context: &mut C) -> SpawnHandle
where
    A: MailboxActor<M> + Actor<Context = C>,
    // A context belongs to one type of actors, and from this the compiler knows which: nobody has to name it.
    C: AsyncContext<A>,
    M: 'static,
{
    context.spawn(Drain::new(receiver))
}
