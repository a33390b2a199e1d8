//! `actix::Supervisor`: each child is an actor with a supervisor of its own, which is how Actix has it.

use std::time::Duration;

use actix::{
    Actor, ActorContext, ActorFutureExt, Addr, AsyncContext, AtomicResponse, Context, Handler, Supervised,
    Supervisor,
    dev::{MessageResponse, OneshotSender},
    fut,
};
use alys_models::supervision::ModelGroup;

use crate::supervisor::{
    Answered, Life, Pending, Reply, RestartKind, SupervisorCapabilities, SupervisorParameters,
    SupervisorUnderTest, Task, Then, Watch, Work,
};

struct Letter(Task);

impl actix::Message for Letter {
    type Result = Option<Reply>;
}

struct Child(Life);

impl Actor for Child {
    type Context = Context<Self>;
}

impl Supervised for Child {
    /// The actor is not made anew, as is documented: its state goes on.
    fn restarting(&mut self, _: &mut Context<Self>) {
        self.0.goes_on();
    }
}

/// An answer at once, or by a future that keeps the actor for itself.
enum Answering {
    Now(Reply),
    Later(AtomicResponse<Child, Option<Reply>>),
}

impl MessageResponse<Child, Letter> for Answering {
    fn handle(self, context: &mut Context<Child>, asker: Option<OneshotSender<Option<Reply>>>) {
        match self {
            Answering::Now(reply) => {
                MessageResponse::<Child, Letter>::handle(Some(reply), context, asker);
            }
            Answering::Later(answer) => {
                MessageResponse::<Child, Letter>::handle(answer, context, asker);
            }
        }
    }
}

impl Handler<Letter> for Child {
    type Result = Answering;

    fn handle(&mut self, Letter(task): Letter, context: &mut Context<Self>) -> Self::Result {
        let done = match self.0.work(task) {
            Work::Done(done) => done,
            Work::Waits { end, .. } => {
                let end = fut::wrap_future(end).map(|reply, _, _| Some(reply));
                return Answering::Later(AtomicResponse::new(Box::pin(end)));
            }
        };
        match done.then {
            Then::GoOn => {}
            // A supervised actor that stops is one that fails: it is restarted.
            Then::Fail | Then::Stop => context.stop(),
            Then::SetTimer(alarm) => {
                context
                    .run_later(Duration::from_millis(alarm.ticks), move |child, _| child.0.timer_ran(alarm));
            }
        }
        Answering::Now(done.reply)
    }
}

/// Actors of Actix behind `actix::Supervisor`.
#[derive(Debug)]
pub struct ActixSupervisor(Vec<Addr<Child>>);

impl SupervisorUnderTest for ActixSupervisor {
    fn name() -> String {
        "actix::Supervisor".to_owned()
    }

    fn capabilities() -> SupervisorCapabilities {
        SupervisorCapabilities {
            children: 3,
            restarts: &[RestartKind::Always],
            groups: &[ModelGroup::OneForOne],
            panics: true,
            fails: true,
            waits: true,
            timers: true,
            ..SupervisorCapabilities::NONE
        }
    }

    fn make(parameters: &SupervisorParameters, watch: &Watch) -> Self {
        let children = (0..parameters.children.len()).map(|child| {
            let life = watch.born(child);
            Supervisor::start(|_| Child(life))
        });
        ActixSupervisor(children.collect())
    }

    fn ask(&mut self, child: usize, task: Task) -> Pending<Answered> {
        let asked = self.0[child].send(Letter(task));
        Box::pin(async move { asked.await.ok().flatten().map_or(Answered::Failed, Answered::Reply) })
    }
}
