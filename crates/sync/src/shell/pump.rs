//! The future that gives the node its turns.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix::ActorFuture;
use alys_actor::mailbox::{Sleep, Time};
use alys_actor::supervised::ChildContext;

use super::SyncActor;

/// How many events are handled in one turn: the mailbox and other actors get theirs.
const TURN: usize = 128;

/// Takes events and timers to the node, for as long as there is a network.
#[derive(Default)]
pub(super) struct Pump {
    /// The timer that is waited for.
    sleep: Option<(Time, Sleep)>,
}

impl Pump {
    /// Handles one event, or lets time pass when it has; `None` when the network has ended.
    ///
    /// What was waited for comes first: a slot that has begun is not due any more when it is asked what is, and what is due is not
    /// to wait for the last of many events.
    fn turn(&mut self, actor: &mut SyncActor, task: &mut Context<'_>) -> Poll<Option<()>> {
        let (now, Some(driven)) = (actor.clock.now(), &mut actor.driven) else { return Poll::Ready(None) };
        if self.sleep.take_if(|(armed, _)| *armed <= actor.clock.clock.now()).is_some() {
            driven.tick(actor.clock.now());
            return Poll::Ready(Some(()));
        }
        if let Poll::Ready(handled) = driven.poll_event(now, task) {
            return Poll::Ready(handled);
        }
        let Some(due) = driven.due(now) else { return Poll::Pending };
        let at = actor.clock.at(due);
        if self.sleep.as_ref().is_none_or(|(armed, _)| *armed != at) {
            self.sleep = Some((at, actor.clock.clock.sleep_until(at)));
        }
        if let Some((_, sleep)) = &mut self.sleep {
            ready!(sleep.as_mut().poll(task));
        }
        // The next turn sees that it is over.
        Poll::Ready(Some(()))
    }
}

impl ActorFuture<SyncActor> for Pump {
    type Output = ();

    fn poll(
        mut self: Pin<&mut Self>,
        actor: &mut SyncActor,
        context: &mut ChildContext<SyncActor>,
        task: &mut Context<'_>,
    ) -> Poll<()> {
        for _ in 0..TURN {
            if ready!(self.turn(actor, task)).is_none() {
                context.fail("the network has ended");
                return Poll::Ready(());
            }
            if actor.tell(context) {
                return Poll::Ready(());
            }
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }
}
