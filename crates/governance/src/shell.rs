//! The Actix actor around an engine: it tells it the time, and tells others what came of it.
//!
//! It decides nothing. One timer waits for what becomes due next, so voting opens and closes though nothing comes in. The
//! clock is an argument, and may be virtual.

use std::fmt;
use std::sync::Arc;

use actix::{
    Actor, ActorFutureExt as _, AsyncContext as _, Context, Handler, Message, MessageResult, Recipient,
    SpawnHandle, WrapFuture as _,
};
use alys_actor::mailbox::{Clock, Time};

use crate::certificate::{Certificate, NoCertificate};
use crate::engine::{Effect, Event, Governance};
use crate::message::Choice;
use crate::scheme::Scheme;

/// The engine counts milliseconds.
const NANOS_PER_MILLISECOND: u64 = 1_000_000;

/// An event for the engine. The answer is what came of it, and of the time until it came.
#[derive(Debug)]
pub struct Handle(
    /// What happened.
    pub Event,
);

impl Message for Handle {
    type Result = Vec<Effect>;
}

/// Asks for the certificate of a proposal for a choice; `None` when there is no such proposal.
#[derive(Debug)]
pub struct Certify {
    /// Of which proposal.
    pub proposal: u64,
    /// For what.
    pub choice: Choice,
}

impl Message for Certify {
    type Result = Option<Result<Certificate, NoCertificate>>;
}

/// What came of an event or of time, for who listens: each effect once, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published(
    /// The effects.
    pub Vec<Effect>,
);

impl Message for Published {
    type Result = ();
}

/// An engine as an actor. Time is the milliseconds of its clock.
pub struct GovernanceActor<S: Scheme + 'static> {
    engine: Governance<S>,
    clock: Arc<dyn Clock>,
    listener: Recipient<Published>,
    // invariant: while the actor runs, the timer of what becomes due next, and its time; none where nothing does
    timer: Option<(u64, SpawnHandle)>,
}

impl<S: Scheme + fmt::Debug + 'static> fmt::Debug for GovernanceActor<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GovernanceActor").field("engine", &self.engine).finish_non_exhaustive()
    }
}

impl<S: Scheme + Unpin + 'static> GovernanceActor<S>
where
    S::PublicKey: Unpin,
{
    /// An actor that is not started. The listener is told of all effects, those of answered events included, whatever
    /// the capacity of its mailbox.
    #[must_use]
    pub fn new(engine: Governance<S>, clock: Arc<dyn Clock>, listener: Recipient<Published>) -> Self {
        GovernanceActor { engine, clock, listener, timer: None }
    }

    fn handle(&mut self, event: Event, context: &mut Context<Self>) -> Vec<Effect> {
        let now = self.clock.now().as_nanos() / NANOS_PER_MILLISECOND;
        let effects = self.engine.handle(event, now);
        if !effects.is_empty() {
            self.listener.do_send(Published(effects.clone()));
        }
        self.wait(context);
        effects
    }

    /// Has one timer for what becomes due next.
    fn wait(&mut self, context: &mut Context<Self>) {
        let due = self.engine.next_due();
        if self.timer.map(|(at, _)| at) == due {
            return;
        }
        if let Some((_, timer)) = self.timer.take() {
            context.cancel_future(timer);
        }
        self.timer = due.map(|at| {
            let nanos = at.saturating_mul(NANOS_PER_MILLISECOND);
            let sleep = self.clock.sleep_until(Time::from_nanos(nanos)).into_actor(self);
            let timer = sleep.map(|(), actor, context| {
                actor.timer = None;
                actor.handle(Event::Tick, context);
            });
            (at, context.spawn(timer))
        });
    }
}

impl<S: Scheme + Unpin + 'static> Actor for GovernanceActor<S>
where
    S::PublicKey: Unpin,
{
    type Context = Context<Self>;

    /// An engine may come with proposals.
    fn started(&mut self, context: &mut Context<Self>) {
        self.handle(Event::Tick, context);
    }
}

impl<S: Scheme + Unpin + 'static> Handler<Handle> for GovernanceActor<S>
where
    S::PublicKey: Unpin,
{
    type Result = MessageResult<Handle>;

    fn handle(&mut self, Handle(event): Handle, context: &mut Context<Self>) -> MessageResult<Handle> {
        MessageResult(GovernanceActor::handle(self, event, context))
    }
}

impl<S: Scheme + Unpin + 'static> Handler<Certify> for GovernanceActor<S>
where
    S::PublicKey: Unpin,
{
    type Result = MessageResult<Certify>;

    /// What has become due is decided first.
    fn handle(&mut self, certify: Certify, context: &mut Context<Self>) -> MessageResult<Certify> {
        GovernanceActor::handle(self, Event::Tick, context);
        MessageResult(self.engine.certificate(certify.proposal, certify.choice))
    }
}
