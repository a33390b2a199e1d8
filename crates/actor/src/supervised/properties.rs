//! What an incarnation does after the panic of a handler: nothing. Only the crate itself sees polls and not messages.

use std::{cell::RefCell, future::poll_fn, panic::resume_unwind, rc::Rc, sync::Arc, task::Poll};

use actix::{Actor, ActorContext, AsyncContext, fut::wrap_future};

use super::{Adopted, ChildContext, Hook, SupervisedActor, adopt};
use crate::{
    Handled, MailboxActor, TokioClock,
    mailbox::{AskError, Lane},
    supervision::{FailureReason, Notice, Supervision, SupervisionConfig},
};

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
    fn start_hook(&mut self, context: &mut Self::Context) -> Hook<Self> {
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

/// SV-2, SV-8: after the panic of a handler nothing of its incarnation runs, spawned futures included.
#[test]
fn nothing_of_an_incarnation_runs_after_a_panic() {
    actix_rt::System::new().block_on(async {
        let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new()));
        let supervision = supervision.unwrap();
        let log = Log::default();
        let factory = {
            let log = Rc::clone(&log);
            move || Busy(Rc::clone(&log))
        };
        let busy = adopt(&supervision, Adopted::new("busy", "root"), factory).unwrap();
        supervision.start("root").unwrap();
        assert_eq!(busy.ask((Lane::Normal, true)).await, Err(AskError::Failed));
        assert_eq!(busy.ask((Lane::Normal, false)).await, Ok(()));
        assert_eq!(*log.borrow(), ["starts", "panics", "starts"]);
        let reason = Some(FailureReason::Panicked("on purpose".to_owned()).to_string());
        let history = supervision.registry().monitor().get_transitions("busy");
        assert!(history.iter().any(|transition| transition.reason == reason), "{history:?}");
        assert!(matches!(supervision.take_notices().kept[..], [Notice::Decided { .. }]));
    });
}
