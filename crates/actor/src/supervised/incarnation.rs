//! What an incarnation does, as one future in its own context: its start hook, its messages, its stop hook.

use std::{
    any::Any,
    future::pending,
    pin::Pin,
    rc::Rc,
    task::{Context as TaskContext, Poll},
};

use actix::{
    ActorFuture, AsyncContext,
    fut::{LocalBoxActorFuture, wrap_future},
};

use super::{
    super::{
        drain::{Drain, MailboxActor},
        supervision::{Event, FailureReason, NodeId, Order},
    },
    cage::panicked,
    context::{ChildContext, Link},
    hook::{Hook, HookError, SupervisedActor},
    seat::{Loan, Seat},
};

/// The course of one incarnation.
pub(super) struct Course<A: SupervisedActor<M>, M: 'static> {
    link: Rc<Link>,
    node: NodeId,
    seat: Seat<M, A::Reply>,
    phase: Phase<A, M>,
}

type HookFuture<A> = LocalBoxActorFuture<A, Result<(), HookError>>;

enum Phase<A: SupervisedActor<M>, M: 'static> {
    /// Its start or restart hook is to be called.
    New {
        first: bool,
    },
    Starting(HookFuture<A>),
    /// It handles messages.
    Running(Drained<A, M>),
    /// It runs, and its mailbox has ended.
    Idle,
    /// Its stop hook runs; what it had not answered may still be answered meanwhile.
    Stopping {
        hook: HookFuture<A>,
        _unanswered: Option<Drained<A, M>>,
    },
    Over,
}

type Drained<A, M> = Drain<A, M, <A as MailboxActor<M>>::Reply, Loan<M, <A as MailboxActor<M>>::Reply>>;

impl<A: SupervisedActor<M>, M: 'static> Course<A, M> {
    pub(super) fn new(link: Rc<Link>, node: NodeId, seat: Seat<M, A::Reply>, first: bool) -> Self {
        Course { link, node, seat, phase: Phase::New { first } }
    }

    /// The incarnation is over.
    fn finish(&mut self, reason: Option<FailureReason>) {
        self.phase = Phase::Over;
        self.link.finish(reason);
    }

    /// A handler panicked: nothing of this incarnation runs any more.
    ///
    /// The panic stops here, since to unwind through Actix would cost as much again. In its place a future that is
    /// waited for, and never ends, keeps Actix from whatever else the actor has to do.
    fn freeze(&mut self, payload: Box<dyn Any + Send>, context: &mut ChildContext<A>) {
        self.phase = Phase::Over;
        self.link.panicked(panicked(payload));
        context.wait(wrap_future(pending()));
    }

    /// The start hook succeeded: first the tree is told, then messages may come.
    fn started(&mut self) {
        let started = Event::Started(self.node, self.link.incarnation);
        // Reports are never refused.
        let _ = self.link.supervision.handle(started);
        let order = self.link.supervision.order(self.node);
        self.link.order.set(match order {
            Some((incarnation, order)) if incarnation == self.link.incarnation => order,
            _ => Order::Drop,
        });
        // A stop that came first leaves the receiver where it is.
        self.phase = match self.seat.lend() {
            Some(loan) if self.link.order.get() == Order::Run => Phase::Running(Drain::new(loan)),
            _ => Phase::Idle,
        };
    }

    /// Goes on with a start hook that has come to something.
    fn start_hooked(&mut self, hook: Hook<A>) {
        match hook {
            Hook::Done => self.started(),
            Hook::Failed(error) => self.finish(Some(FailureReason::Erred(error.to_string()))),
            Hook::Later(future) => self.phase = Phase::Starting(future),
        }
    }

    /// Goes on with a stop hook that has come to something.
    fn stop_hooked(&mut self, hook: Hook<A>) {
        match hook {
            Hook::Done => self.finish(None),
            Hook::Failed(error) => self.finish(Some(FailureReason::Erred(error.to_string()))),
            Hook::Later(future) => {
                // No message is taken any more, but what waits for an answer is not given up before its time.
                let drain = match std::mem::replace(&mut self.phase, Phase::Over) {
                    Phase::Running(drain) => Some(drain),
                    _ => None,
                };
                self.phase = Phase::Stopping { hook: future, _unanswered: drain };
            }
        }
    }
}

impl<A: SupervisedActor<M>, M: 'static> Unpin for Course<A, M> {}

impl<A: SupervisedActor<M>, M: 'static> ActorFuture<A> for Course<A, M> {
    type Output = ();

    fn poll(
        mut self: Pin<&mut Self>,
        actor: &mut A,
        context: &mut ChildContext<A>,
        task: &mut TaskContext<'_>,
    ) -> Poll<()> {
        let this = &mut *self;
        loop {
            let stops = matches!(this.phase, Phase::Stopping { .. } | Phase::Over);
            if this.link.order.get() == Order::Stop && !stops {
                let hook = actor.stop_hook(context);
                this.stop_hooked(hook);
                continue;
            }
            match &mut this.phase {
                Phase::New { first } => {
                    let hook = if *first { actor.start_hook(context) } else { actor.restart_hook(context) };
                    this.start_hooked(hook);
                }
                Phase::Starting(hook) => match std::task::ready!(hook.as_mut().poll(actor, context, task)) {
                    Ok(()) => this.started(),
                    Err(error) => this.finish(Some(FailureReason::Erred(error.to_string()))),
                },
                Phase::Running(drain) => match drain.poll_caught(actor, context, task) {
                    Ok(polled) => {
                        std::task::ready!(polled);
                        this.phase = Phase::Idle;
                    }
                    Err(payload) => {
                        this.freeze(payload, context);
                        return Poll::Pending;
                    }
                },
                Phase::Stopping { hook, .. } => {
                    let reason = match std::task::ready!(hook.as_mut().poll(actor, context, task)) {
                        Ok(()) => None,
                        Err(error) => Some(FailureReason::Erred(error.to_string())),
                    };
                    this.finish(reason);
                }
                Phase::Idle | Phase::Over => return Poll::Pending,
            }
        }
    }
}
