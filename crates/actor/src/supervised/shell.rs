//! The shell of a child: it makes incarnations, polls them where a panic ends, and reports.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix::{
    Actor, SpawnHandle,
    dev::{ContextFut, ContextParts, Mailbox},
};

use super::{
    super::{
        mailbox::Receiver,
        supervision::{Event, FailureReason, IncarnationId, NodeId, Order, Signal, Supervision},
        sync::Arc,
    },
    cage::{caged, dropped},
    context::{ChildContext, Link},
    hook::SupervisedActor,
    incarnation::Course,
    seat::Seat,
};

/// The task of a child, as long as it is not Stopped.
pub(super) struct Shell<A: SupervisedActor<M>, M: 'static, F> {
    supervision: Supervision,
    node: NodeId,
    name: Rc<str>,
    signal: Arc<Signal>,
    factory: F,
    seat: Seat<M, A::Reply>,
    last_handle: Rc<Cell<SpawnHandle>>,
    living: Option<Living<A>>,
}

/// An incarnation.
struct Living<A: Actor<Context = ChildContext<A>>> {
    link: Rc<Link>,
    future: Pin<Box<ContextFut<A, ChildContext<A>>>>,
}

impl<A: SupervisedActor<M>, M: 'static, F> Unpin for Shell<A, M, F> {}

/// What a shell does after one thing that it has done.
enum Step {
    /// Goes on at once.
    Again,
    /// Waits to be woken.
    Wait,
    /// Lets others have their turn, then goes on.
    Yield,
    /// Ends.
    End,
}

impl<A, M, F> Shell<A, M, F>
where
    A: SupervisedActor<M>,
    M: 'static,
    F: FnMut() -> A,
{
    pub(super) fn new(
        supervision: Supervision,
        node: NodeId,
        name: &str,
        signal: Arc<Signal>,
        factory: F,
        receiver: Receiver<M, A::Reply>,
    ) -> Self {
        let (name, seat) = (name.into(), Seat::new(receiver));
        Shell { supervision, node, name, signal, factory, seat, last_handle: Rc::default(), living: None }
    }

    /// Without an incarnation: makes one, if the tree says so.
    fn rest(&mut self) -> Step {
        match self.supervision.order(self.node) {
            None if self.supervision.is_stopped(self.node) => Step::End,
            None => Step::Wait,
            Some((incarnation, Order::Start { first })) => self.make(incarnation, first),
            // It was to start, and the order changed before it was made.
            Some((incarnation, _)) => self.report(incarnation, None),
        }
    }

    fn make(&mut self, incarnation: IncarnationId, first: bool) -> Step {
        let actor = match caged(&mut self.factory) {
            Ok(actor) => actor,
            Err(reason) => return self.report(incarnation, Some(reason)),
        };
        let link = Rc::new(Link {
            supervision: self.supervision.clone(),
            name: Rc::clone(&self.name),
            incarnation,
            order: Cell::new(Order::Start { first }),
            end: RefCell::default(),
            panic: RefCell::default(),
            stop_wanted: Cell::new(false),
            last_handle: Rc::clone(&self.last_handle),
        });
        let mailbox = Mailbox::default();
        let parts = ContextParts::new(mailbox.sender_producer());
        let mut context = ChildContext::new(parts, Rc::clone(&link));
        context.set_going(Course::new(Rc::clone(&link), self.node, self.seat.clone(), first));
        let future = Box::pin(ContextFut::new(context, actor, mailbox));
        self.living = Some(Living { link, future });
        Step::Again
    }

    /// With an incarnation: lets it go on, and sees what has become of it.
    fn live(&mut self, task: &mut Context<'_>) -> Step {
        let Some(living) = &mut self.living else { return Step::Again };
        if living.link.order.get() == Order::Drop {
            return self.bury(None);
        }
        match caged(|| living.future.as_mut().poll(task)) {
            Err(panicked) => return self.bury(Some(panicked)),
            // Actix itself ended it: nothing in it could ever be woken again.
            Ok(Poll::Ready(())) => return self.bury(None),
            Ok(Poll::Pending) => {}
        }
        if let Some(panicked) = living.link.panic.take() {
            return self.bury(Some(panicked));
        }
        let ended = living.link.end.borrow_mut().take();
        if let Some(reason) = ended {
            return self.bury(reason);
        }
        if living.link.stop_wanted.take() {
            // Whoever stops already is not stopped twice.
            let _ = self.supervision.handle(Event::Stop(self.node));
        }
        if living.link.order.get() == Order::Drop { Step::Again } else { Step::Wait }
    }

    /// Drops an incarnation, hooks of Actix left out, and reports it only then (LC-4).
    fn bury(&mut self, reason: Option<FailureReason>) -> Step {
        let Some(Living { link, mut future }) = self.living.take() else { return Step::Again };
        future.as_mut().get_mut().ctx().silence();
        let dropped = dropped(future);
        self.report(link.incarnation, reason.or(dropped.err()))
    }

    fn report(&mut self, incarnation: IncarnationId, reason: Option<FailureReason>) -> Step {
        // Reports are never refused.
        let _ = self.supervision.handle(Event::Ended(self.node, incarnation, reason));
        Step::Yield
    }

    /// The tree has called: the incarnation hears what it is to do.
    fn look_at_the_order(&mut self) {
        let Some(living) = &self.living else { return };
        let order = match self.supervision.order(self.node) {
            Some((incarnation, order)) if incarnation == living.link.incarnation => order,
            _ => Order::Drop,
        };
        living.link.order.set(order);
    }
}

impl<A, M, F> Future for Shell<A, M, F>
where
    A: SupervisedActor<M>,
    M: 'static,
    F: FnMut() -> A,
{
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        loop {
            while this.signal.look(task.waker()) {
                this.look_at_the_order();
            }
            match if this.living.is_some() { this.live(task) } else { this.rest() } {
                Step::Again => {}
                // Somebody may have called meanwhile, this very shell included.
                Step::Wait if this.signal.look(task.waker()) => this.look_at_the_order(),
                Step::Wait => return Poll::Pending,
                Step::Yield => {
                    task.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Step::End => return Poll::Ready(()),
            }
        }
    }
}
