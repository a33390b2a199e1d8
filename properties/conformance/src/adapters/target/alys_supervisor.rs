//! Our own supervision of Actix actors.

use std::{sync::Arc, time::Duration};

use actix::{Actor, ActorContext, ActorFutureExt, AsyncContext, fut::wrap_future};
use alys_models::supervision::{ModelGroup, ModelKind, ModelStrategy};
use alys_properties::supervision::real::performer::TICK;

use super::{
    actor::{
        Handled, HandlerFailed, MailboxActor, TokioClock,
        mailbox::{Lane, MailboxConfig, Overflow, Sender},
        supervised::{Adopted, ChildContext, SupervisedActor, adopt, keep_time},
        supervision::{Notice, Supervision, SupervisionConfig, Verdict},
    },
    supervising as words,
};
use crate::supervisor::{
    ABOVE, Answered, Life, PLACES, Pending, Reply, RestartKind, SupervisorCapabilities, SupervisorParameters,
    SupervisorUnderTest, Task, Then, Told, Watch, Work,
};

/// A tree of `alys-actor` with real actors in it.
#[derive(Debug)]
pub struct AlysSupervisor {
    supervision: Supervision,
    senders: Vec<Sender<Task, Reply>>,
}

struct Child(Life);

impl Actor for Child {
    type Context = ChildContext<Self>;
}

impl MailboxActor<Task> for Child {
    type Reply = Reply;

    fn handle(&mut self, task: Task, context: &mut Self::Context) -> Handled<Self, Reply> {
        let done = match self.0.work(task) {
            Work::Done(done) => done,
            Work::Waits { alone, end } => {
                let answering = wrap_future::<_, Self>(async { Ok::<_, HandlerFailed>(end.await) });
                let answering = answering.boxed_local();
                return if alone { Handled::Exclusive(answering) } else { Handled::Later(answering) };
            }
        };
        match done.then {
            Then::GoOn => {}
            Then::Fail => context.fail("on purpose"),
            Then::Stop => context.stop(),
            Then::SetTimer(alarm) => {
                context.run_later(Duration::from_millis(alarm.ticks), move |child: &mut Child, _| {
                    child.0.timer_ran(alarm)
                });
            }
        }
        Handled::Answer(done.reply)
    }
}

impl SupervisedActor<Task> for Child {}

const CHILD: ModelKind = ModelKind::Child { start_within: 1_000, stop_within: 1_000 };

impl SupervisorUnderTest for AlysSupervisor {
    fn name() -> String {
        "alys-actor, the supervision".to_owned()
    }

    fn capabilities() -> SupervisorCapabilities {
        SupervisorCapabilities {
            children: 3,
            restarts: &[RestartKind::Always, RestartKind::Never, RestartKind::Fixed, RestartKind::Backoff],
            groups: &[ModelGroup::OneForOne, ModelGroup::OneForAll, ModelGroup::RestForOne],
            intensity: true,
            above: true,
            panics: true,
            fails: true,
            stops_itself: true,
            stop: true,
            restart: true,
            waits: true,
            waits_aside: true,
            timers: true,
            tells: true,
        }
    }

    fn make(parameters: &SupervisorParameters, watch: &Watch) -> Self {
        let SupervisorParameters { group, max_restarts, window, above, .. } = *parameters;
        let kind = ModelKind::Supervisor { group, max_restarts, window };
        let root =
            ModelKind::Supervisor { group: ModelGroup::OneForOne, max_restarts: ABOVE.0, window: ABOVE.1 };
        let top = if above.is_some() { root } else { kind };
        let spec = words::supervisor(top, ModelStrategy::Never, TICK);
        let config = SupervisionConfig { root: "root".to_owned(), spec, ..SupervisionConfig::default() };
        let supervision =
            Supervision::new(&config, Arc::new(TokioClock::new())).expect("the parameters are valid");
        tokio::task::spawn_local(keep_time(supervision.clone()));
        let mut parent = "root";
        if let Some(restart) = above {
            let spec = words::supervisor(kind, restart, TICK);
            supervision.add_supervisor("group", parent, &spec).expect("the root is a supervisor");
            parent = "group";
        }
        let children = parameters.children.iter().enumerate();
        let senders = children.map(|(child, restart)| {
            let name = child.to_string();
            let mailbox =
                MailboxConfig { overflow: Overflow::Reject, ..MailboxConfig::with_capacity(PLACES) };
            let spec = words::child(CHILD, *restart, TICK);
            let adopted = Adopted { spec, mailbox, ..Adopted::new(&name, parent) };
            let watch = watch.clone();
            adopt(&supervision, adopted, move || Child(watch.born(child))).expect("a name of its own")
        });
        let senders = senders.collect();
        supervision.start("root").expect("nothing has stopped it");
        AlysSupervisor { supervision, senders }
    }

    fn ask(&mut self, child: usize, task: Task) -> Pending<Answered> {
        let sender = self.senders[child].clone();
        Box::pin(
            async move { sender.ask((Lane::Normal, task)).await.map_or(Answered::Failed, Answered::Reply) },
        )
    }

    // A refusal, of a child that has stopped already, changes nothing: which is what is looked at.
    fn stop(&mut self, child: usize) {
        let _ = self.supervision.stop(&child.to_string());
    }

    fn restart(&mut self, child: usize) {
        let _ = self.supervision.restart(&child.to_string());
    }

    fn told(&mut self) -> Vec<(usize, Told)> {
        let notices = self.supervision.take_notices().kept.into_iter();
        let decided = notices.filter_map(|notice| match notice {
            Notice::Decided { name, verdict } => Some((name.parse().ok()?, said(verdict))),
            _ => None,
        });
        decided.collect()
    }
}

fn said(verdict: Verdict) -> Told {
    match verdict {
        Verdict::Restart { .. } => Told::Restarted,
        Verdict::Join => Told::Joined,
        Verdict::Stop => Told::Stopped,
        Verdict::Escalate => Told::Escalated,
    }
}
