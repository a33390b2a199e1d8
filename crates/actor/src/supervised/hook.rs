//! What an actor does when it starts, restarts and stops.

use std::fmt;

use actix::{Actor, fut::LocalBoxActorFuture};
use thiserror::Error;

use super::{super::drain::MailboxActor, context::ChildContext};

/// Why a hook could not do its work.
///
/// # Examples
///
/// ```
/// use alys_actor::supervised::HookError;
///
/// assert_eq!(HookError::new("no such file").to_string(), "no such file");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct HookError(String);

impl HookError {
    /// An error with these words.
    ///
    /// # Examples
    ///
    /// See [`HookError`].
    pub fn new(words: impl Into<String>) -> Self {
        HookError(words.into())
    }
}

/// What a hook has come to.
///
/// # Examples
///
/// See [`SupervisedActor`].
pub enum Hook<A: Actor> {
    /// It is done.
    Done,
    /// It failed.
    Failed(HookError),
    /// It is done once the future is ready; no message is handled until then.
    Later(LocalBoxActorFuture<A, Result<(), HookError>>),
}

impl<A: Actor> fmt::Debug for Hook<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Hook::Done => "Done",
            Hook::Failed(_) => "Failed",
            Hook::Later(_) => "Later",
        })
    }
}

/// An Actix actor behind a priority mailbox that may be supervised.
///
/// Each hook runs once for each corresponding transition of the [lifecycle](crate::lifecycle), if there is an incarnation
/// to run it (LC-4). What an actor holds is released when it is dropped, which happens on every way out of Running,
/// hooks or not: keep in its fields what must be given back.
///
/// # Examples
///
/// ```
/// use alys_actor::{
///     Handled, MailboxActor,
///     supervised::{ChildContext, Hook, HookError, SupervisedActor},
/// };
///
/// struct Store(Option<String>);
///
/// impl actix::Actor for Store {
///     type Context = ChildContext<Self>;
/// }
///
/// impl MailboxActor<u32> for Store {
///     type Reply = u32;
///
///     fn handle(&mut self, message: u32, _: &mut Self::Context) -> Handled<Self, u32> {
///         Handled::Answer(message + 1)
///     }
/// }
///
/// impl SupervisedActor<u32> for Store {
///     fn start_hook(&mut self, _: &mut Self::Context) -> Hook<Self> {
///         match self.0 {
///             Some(_) => Hook::Done,
///             None => Hook::Failed(HookError::new("no place to store anything")),
///         }
///     }
/// }
/// ```
pub trait SupervisedActor<M: 'static>: MailboxActor<M> + Actor<Context = ChildContext<Self>> {
    /// Runs when the first incarnation starts.
    fn start_hook(&mut self, context: &mut ChildContext<Self>) -> Hook<Self> {
        let _ = context;
        Hook::Done
    }

    /// Runs when any later incarnation starts; starts it like the first one unless it is overridden.
    fn restart_hook(&mut self, context: &mut ChildContext<Self>) -> Hook<Self> {
        self.start_hook(context)
    }

    /// Runs before the actor is dropped because somebody stops it, or restarts it though it has not failed.
    fn stop_hook(&mut self, context: &mut ChildContext<Self>) -> Hook<Self> {
        let _ = context;
        Hook::Done
    }
}
