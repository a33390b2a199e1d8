//! A bounded mailbox with six priority lanes (rules MB-1 to MB-14).
//!
//! [`mailbox()`] makes the two ends. A [`Sender`] offers messages with [`try_send`](Sender::try_send),
//! [`send`](Sender::send) and [`ask`](Sender::ask); the one [`Receiver`] takes them out in the order that the
//! [`Fairness`] gives, or an Actix actor does so for you: see [`MailboxActor`](crate::MailboxActor).
//!
//! One short critical section is a step of the rules; whom to wake, which asker to tell and what became a dead
//! letter is carried out after it, the wake-ups first. A sender that waits keeps its message in a slot of the
//! mailbox, and the step that makes room moves the first waiting message into its lane, so there is never room
//! while somebody waits, nothing can barge, and there is no permit that a dropped future could leak.

mod ask;
mod blocking;
mod config;
mod core;
mod dead;
mod delivery;
mod effects;
mod envelope;
mod error;
mod interrupter;
mod lane;
mod lanes;
mod receiver;
mod reply;
mod sender;
mod shared;
mod stats;
mod time;
mod turn;
mod waiters;

use super::sync;

pub(crate) use self::interrupter::Interrupter;
pub use self::{
    ask::Asking,
    config::{Backpressure, Fairness, MailboxConfig, MailboxConfigError, Overflow},
    dead::{DeadLetter, DeadLetters, DeadReason},
    delivery::Delivery,
    envelope::Post,
    error::{AskError, SendError, TryRecvError},
    lane::Lane,
    receiver::{Receiver, Receiving},
    reply::Responder,
    sender::{Sender, Sending},
    shared::Environment,
    stats::MailboxStats,
    time::{Clock, Sleep, Time},
    turn::Turn,
};
use self::{core::Core, shared::Shared};

/// The two ends of a mailbox.
pub type Ends<M, R> = (Sender<M, R>, Receiver<M, R>);

/// Makes a mailbox for messages `M` with replies `R`, and returns its two ends.
///
/// # Errors
///
/// The first field of the configuration that is out of range: see [`MailboxConfigError`].
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, TryRecvError, mailbox}};
///
/// let environment = Environment::new(Arc::new(TokioClock::new()));
/// let (sender, mut receiver) = mailbox::<&str, ()>(MailboxConfig::with_capacity(16), environment)?;
/// sender.try_send((Lane::Low, "second")).unwrap();
/// sender.try_send((Lane::High, "first")).unwrap();
/// assert_eq!(receiver.try_recv().unwrap().acknowledge(), "first");
/// assert_eq!(receiver.try_recv().unwrap().acknowledge(), "second");
/// assert_eq!(receiver.try_recv().unwrap_err(), TryRecvError::Empty);
/// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
/// ```
pub fn mailbox<M, R>(
    config: MailboxConfig,
    environment: Environment<M>,
) -> Result<Ends<M, R>, MailboxConfigError> {
    config.validate()?;
    let shared = sync::Arc::new(Shared::new(Core::new(config), environment));
    Ok((Sender::new(sync::Arc::clone(&shared)), Receiver::new(shared)))
}
