//! What an incarnation does after the panic of a handler: nothing.

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    panic::resume_unwind,
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use actix::{Actor, ActorContext, AsyncContext, fut::wrap_future};

use tokio::task::yield_now;

use super::alys::{
    Handled, MailboxActor,
    mailbox::{AskError, Lane},
    supervised::{Adopted, ChildContext, Hook, SupervisedActor, adopt},
    supervision::{FailureReason, Notice, Supervision, Verdict},
};
use crate::violation::{check_eq, violated};

/// What an incarnation did, in order.
type Log = Rc<RefCell<Vec<&'static str>>>;

/// Whoever is told `true` panics, with other futures of the actor all about it.
struct Busy(Log);

impl Actor for Busy {
    type Context = ChildContext<Self>;
}

impl MailboxActor<bool> for Busy {
    type Reply = ();

    fn handle(&mut self, panics: bool, context: &mut Self::Context) -> Handled<Self, ()> {
        if panics {
            let log = Rc::clone(&self.0);
            context.spawn(wrap_future(async move { log.borrow_mut().push("spawned by the handler") }));
            self.0.borrow_mut().push("panics");
            context.fail("said before it panics");
            context.stop();
            resume_unwind(Box::new("on purpose"));
        }
        Handled::Answer(())
    }
}

impl SupervisedActor<bool> for Busy {
    fn start_hook(&mut self, context: &mut ChildContext<Self>) -> Hook<Self> {
        self.0.borrow_mut().push("starts");
        let log = Rc::clone(&self.0);
        context.spawn(wrap_future(poll_fn(move |task| {
            if log.borrow().last() == Some(&"panics") {
                log.borrow_mut().push("polled after the panic");
            }
            task.waker().wake_by_ref();
            Poll::Pending
        })));
        Hook::Done
    }
}

/// What a future comes to while everybody else gets some turns, if it does: a child that hangs must not hang its law.
async fn soon<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..64 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(value);
        }
        yield_now().await;
    }
    None
}

/// SV-1, SV-2, SV-8: nothing of an incarnation runs after the panic of a handler, spawned futures included, and the panic
/// counts more than what the incarnation said of itself before.
pub(super) async fn nothing_runs_after_a_panic(supervision: Supervision) {
    let log = Log::default();
    let factory = {
        let log = Rc::clone(&log);
        move || Busy(Rc::clone(&log))
    };
    let busy = adopt(&supervision, Adopted::new("busy", "root"), factory)
        .unwrap_or_else(|error| violated("LC-5", format!("a valid child is refused: {error}")));
    check_eq("LC-6", "the start of everything", &Ok(()), &supervision.start("root"));
    let poisoned = matches!(soon(busy.ask((Lane::Normal, true))).await, Some(Err(AskError::Failed)));
    check_eq("SV-7", "whether the poison message failed", &true, &poisoned);
    let answered = matches!(soon(busy.ask((Lane::Normal, false))).await, Some(Ok(())));
    check_eq("SV-2", "whether the next incarnation answers", &true, &answered);
    check_eq("SV-8", "what was run", &vec!["starts", "panics", "starts"], &log.take());
    let reason = FailureReason::Panicked("on purpose".to_owned()).to_string();
    let history = supervision.registry().monitor().get_transitions("busy");
    let told = history.iter().any(|transition| transition.reason.as_ref() == Some(&reason));
    check_eq("SV-2", "whether its history tells of the panic", &true, &told);
    let notices = supervision.take_notices().kept;
    let restarted =
        |notice: &Notice| matches!(notice, Notice::Decided { verdict: Verdict::Restart { .. }, .. });
    check_eq("SV-1", "the verdicts", &(1, true), &(notices.len(), notices.iter().all(restarted)));
}
