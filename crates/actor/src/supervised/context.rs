//! The context of a supervised actor.

use std::{
    cell::{Cell, RefCell},
    fmt,
    pin::Pin,
    rc::Rc,
    task::{Context as TaskContext, Poll},
};

use actix::{
    Actor, ActorContext, ActorFuture, ActorState, Addr, AsyncContext, Handler, Message, SpawnHandle,
    dev::{AsyncContextParts, ContextParts, Envelope, ToEnvelope},
};
use rustc_hash::FxHashMap;
use tokio::sync::oneshot;

use super::super::supervision::{FailureReason, IncarnationId, Order, Supervision};

/// What an incarnation and its shell tell each other.
pub(super) struct Link {
    pub(super) supervision: Supervision,
    pub(super) name: Rc<str>,
    pub(super) incarnation: IncarnationId,
    /// What the tree last said is to be done.
    pub(super) order: Cell<Order>,
    /// How the incarnation has come to its end, once it has.
    pub(super) end: RefCell<Option<Option<FailureReason>>>,
    /// The panic of a handler that was caught before it went through Actix.
    pub(super) panic: RefCell<Option<FailureReason>>,
    /// Whether it wants to be stopped.
    pub(super) stop_wanted: Cell<bool>,
    /// The last handle that any incarnation of this child gave out (SV-8).
    pub(super) last_handle: Rc<Cell<SpawnHandle>>,
}

impl Link {
    /// The incarnation is over; what was said first counts.
    pub(super) fn finish(&self, reason: Option<FailureReason>) {
        self.end.borrow_mut().get_or_insert(reason);
    }

    /// A handler panicked, which counts more than what the incarnation itself said of its end.
    ///
    /// It is not over for Actix: that would go on with all its futures as with those of an actor that stops.
    pub(super) fn panicked(&self, reason: FailureReason) {
        self.end.take();
        self.stop_wanted.set(false);
        self.panic.replace(Some(reason));
    }

    pub(super) fn is_over(&self) -> bool {
        self.end.borrow().is_some()
    }
}

/// The context of one incarnation of a supervised actor.
///
/// It does what [`actix::Context`] does, with two differences. A stop is the tree's business: [`stop`](ActorContext::stop)
/// asks for it, the stop hook runs, and the child is Stopped for good. And a handle that an earlier incarnation got
/// cancels nothing here (SV-8). The address that it gives is that of the incarnation and dies with it; what must reach
/// the next one goes through the mailbox.
///
/// # Examples
///
/// See [`SupervisedActor`](super::SupervisedActor).
pub struct ChildContext<A: Actor<Context = Self>> {
    parts: ContextParts<A>,
    link: Rc<Link>,
    /// The handles that were given out and may still cancel something, with those of Actix behind them.
    handles: FxHashMap<usize, SpawnHandle>,
}

impl<A: Actor<Context = Self>> ChildContext<A> {
    pub(super) fn new(parts: ContextParts<A>, link: Rc<Link>) -> Self {
        ChildContext { parts, link, handles: FxHashMap::default() }
    }

    /// The name of the child.
    ///
    /// # Examples
    ///
    /// See [`adopt`](super::adopt).
    #[must_use]
    pub fn name(&self) -> &str {
        &self.link.name
    }

    /// The incarnation.
    ///
    /// # Examples
    ///
    /// See [`adopt`](super::adopt).
    #[must_use]
    pub fn incarnation(&self) -> IncarnationId {
        self.link.incarnation
    }

    /// The system that the child belongs to.
    ///
    /// # Examples
    ///
    /// See [`adopt`](super::adopt).
    #[must_use]
    pub fn supervision(&self) -> &Supervision {
        &self.link.supervision
    }

    /// Says that the actor cannot go on: it handles no further message, is dropped as it is, and its supervisor decides.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alys_actor::{Handled, MailboxActor, supervised::ChildContext};
    /// # struct Store;
    /// # impl actix::Actor for Store { type Context = ChildContext<Self>; }
    /// impl MailboxActor<u32> for Store {
    ///     type Reply = ();
    ///
    ///     fn handle(&mut self, message: u32, context: &mut Self::Context) -> Handled<Self, ()> {
    ///         if message == 0 {
    ///             context.fail("the disk is gone");
    ///             return Handled::Fail;
    ///         }
    ///         Handled::Answer(())
    ///     }
    /// }
    /// ```
    pub fn fail(&mut self, words: impl Into<String>) {
        self.link.finish(Some(FailureReason::Erred(words.into())));
    }

    /// Spawns what the incarnation itself is: nobody holds a handle to it, and it is in no more boxes than Actix needs.
    pub(super) fn set_going(&mut self, course: impl ActorFuture<A, Output = ()> + 'static) {
        self.parts.spawn(course);
    }

    /// Ends the incarnation for its shell: Actix must not run its hooks when it is dropped.
    pub(super) fn silence(&mut self) {
        self.parts.terminate();
    }
}

impl<A: Actor<Context = Self>> ActorContext for ChildContext<A> {
    fn stop(&mut self) {
        self.link.stop_wanted.set(true);
    }

    /// As [`stop`](ActorContext::stop), without the stop hook.
    fn terminate(&mut self) {
        self.link.finish(None);
    }

    fn state(&self) -> ActorState {
        if self.link.is_over() {
            ActorState::Stopped
        } else if self.link.stop_wanted.get() {
            ActorState::Stopping
        } else {
            self.parts.state()
        }
    }
}

impl<A: Actor<Context = Self>> AsyncContext<A> for ChildContext<A> {
    fn address(&self) -> Addr<A> {
        self.parts.address()
    }

    fn spawn<F>(&mut self, future: F) -> SpawnHandle
    where
        F: ActorFuture<A, Output = ()> + 'static,
    {
        let handle = self.link.last_handle.get().next();
        self.link.last_handle.set(handle);
        let inner = self.parts.spawn(Spawned { future: Box::pin(future), handle });
        self.handles.insert(handle.into_usize(), inner);
        handle
    }

    fn wait<F>(&mut self, future: F)
    where
        F: ActorFuture<A, Output = ()> + 'static,
    {
        self.parts.wait(future);
    }

    fn waiting(&self) -> bool {
        self.parts.waiting()
    }

    /// Cancels what this incarnation spawned; `false` where there is nothing of that handle.
    fn cancel_future(&mut self, handle: SpawnHandle) -> bool {
        match self.handles.remove(&handle.into_usize()) {
            Some(inner) => self.parts.cancel_future(inner),
            None => false,
        }
    }
}

impl<A: Actor<Context = Self>> AsyncContextParts<A> for ChildContext<A> {
    fn parts(&mut self) -> &mut ContextParts<A> {
        &mut self.parts
    }
}

impl<A, M> ToEnvelope<A, M> for ChildContext<A>
where
    A: Actor<Context = Self> + Handler<M>,
    M: Message<Result: Send> + Send + 'static,
{
    fn pack(message: M, reply: Option<oneshot::Sender<M::Result>>) -> Envelope<A> {
        Envelope::new(message, reply)
    }
}

impl<A: Actor<Context = Self>> fmt::Debug for ChildContext<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildContext")
            .field("name", &self.link.name)
            .field("incarnation", &self.link.incarnation)
            .finish_non_exhaustive()
    }
}

/// A spawned future that gives its handle back when it ends.
struct Spawned<F> {
    future: Pin<Box<F>>,
    handle: SpawnHandle,
}

impl<A, F> ActorFuture<A> for Spawned<F>
where
    A: Actor<Context = ChildContext<A>>,
    F: ActorFuture<A, Output = ()>,
{
    type Output = ();

    fn poll(
        mut self: Pin<&mut Self>,
        actor: &mut A,
        context: &mut ChildContext<A>,
        task: &mut TaskContext<'_>,
    ) -> Poll<()> {
        let polled = self.future.as_mut().poll(actor, context, task);
        if polled.is_ready() {
            context.handles.remove(&self.handle.into_usize());
        }
        polled
    }
}
