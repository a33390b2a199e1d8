//! The actor that does what its messages say, and the stage on which all of them are watched.

use std::{
    cell::{Cell, RefCell},
    panic::resume_unwind,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use actix::{
    Actor, ActorContext, ActorFutureExt, AsyncContext, Running, SpawnHandle,
    fut::{LocalBoxActorFuture, wrap_future},
};
use alys_models::{
    lifecycle::ModelState,
    supervision::{Deed, HookKind, HookPlan, NodeNumber, Opening},
};
use tokio::sync::oneshot;

use super::{
    alys::{
        Handled, HandlerFailed, MailboxActor,
        supervised::{ChildContext, Hook, HookError, SupervisedActor},
        supervision::Supervision,
    },
    words,
};

/// Tokio's timers count milliseconds, so a tick is one.
pub const TICK: Duration = Duration::from_millis(1);

/// A message that knows its number, and of which nobody can make two or lose one unnoticed.
#[derive(Debug)]
pub struct Message {
    pub(super) id: u32,
    pub(super) deed: Deed,
    /// Shared by every message of a case, so that they can be counted.
    pub(super) _token: Arc<()>,
}

/// An answer: the incarnation, and the how-manieth message it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    pub(super) incarnation: u64,
    pub(super) handled: u32,
}

/// What performers tell the test.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) hooks: Vec<(NodeNumber, u64, HookKind)>,
    pub(super) handled: Vec<(NodeNumber, u64, u32)>,
    pub(super) gone: Vec<(NodeNumber, u64, ModelState)>,
    pub(super) timers: Vec<(NodeNumber, u64)>,
    /// How often Actix ran a hook of its own on an actor that is dropped.
    pub(super) strays: u32,
}

/// What there is of one child, beside its incarnation.
#[derive(Debug, Default)]
pub(super) struct Props {
    plans: Cell<[HookPlan; 4]>,
    made: Cell<u64>,
    kept: Cell<Option<SpawnHandle>>,
    /// The hook that waits.
    pub(super) hook_gate: RefCell<Option<oneshot::Sender<Opening>>>,
    /// Handlers that wait, in the order of delivery.
    pub(super) gates: RefCell<Vec<(u32, oneshot::Sender<Opening>)>>,
    /// Shared by every incarnation that exists.
    pub(super) token: Rc<()>,
}

impl Props {
    pub(super) fn plan(&self, kind: HookKind, plan: HookPlan) {
        let mut plans = self.plans.get();
        plans[kind as usize] = plan;
        self.plans.set(plans);
    }

    fn take_plan(&self, kind: HookKind) -> HookPlan {
        let mut plans = self.plans.get();
        let plan = std::mem::take(&mut plans[kind as usize]);
        self.plans.set(plans);
        plan
    }
}

/// One incarnation.
pub(super) struct Performer {
    node: NodeNumber,
    incarnation: u64,
    handled: u32,
    timer: Option<SpawnHandle>,
    props: Rc<Props>,
    log: Rc<RefCell<Log>>,
    supervision: Supervision,
    _token: Rc<()>,
}

impl Drop for Performer {
    /// LC-4: what an incarnation holds is released before its child is seen to have left the state.
    fn drop(&mut self) {
        let state = self.supervision.registry().monitor().current_state(&self.node.to_string());
        let state = state.map_or(ModelState::Uninitialized, words::state);
        self.log.borrow_mut().gone.push((self.node, self.incarnation, state));
    }
}

/// Panics past the hook.
fn panic_on_purpose() -> ! {
    resume_unwind(Box::new("on purpose"))
}

impl Performer {
    /// What the factory of a child does.
    pub(super) fn make(
        node: NodeNumber,
        props: &Rc<Props>,
        log: &Rc<RefCell<Log>>,
        supervision: &Supervision,
    ) -> Self {
        let incarnation = props.made.get() + 1;
        props.made.set(incarnation);
        log.borrow_mut().hooks.push((node, incarnation, HookKind::Make));
        if props.take_plan(HookKind::Make) == HookPlan::Panic {
            panic_on_purpose();
        }
        let (props, log, token) = (Rc::clone(props), Rc::clone(log), Rc::clone(&props.token));
        let supervision = supervision.clone();
        Performer { node, incarnation, handled: 0, timer: None, props, log, supervision, _token: token }
    }

    fn hook(&mut self, kind: HookKind) -> Hook<Self> {
        self.log.borrow_mut().hooks.push((self.node, self.incarnation, kind));
        match self.props.take_plan(kind) {
            HookPlan::Done => Hook::Done,
            HookPlan::Err => Hook::Failed(HookError::new("on purpose")),
            HookPlan::Panic => panic_on_purpose(),
            HookPlan::Later => {
                let (open, opened) = oneshot::channel();
                self.props.hook_gate.replace(Some(open));
                let future = async move {
                    match opened.await {
                        Ok(Opening::Good) => Ok(()),
                        Ok(Opening::Panic) => panic_on_purpose(),
                        Ok(Opening::Bad) | Err(_) => Err(HookError::new("on purpose")),
                    }
                };
                Hook::Later(wrap_future::<_, Self>(future).boxed_local())
            }
        }
    }

    /// A handler that waits to be told how to end.
    fn gate(&self, id: u32, reply: Reply) -> LocalBoxActorFuture<Self, Result<Reply, HandlerFailed>> {
        let (open, opened) = oneshot::channel();
        self.props.gates.borrow_mut().push((id, open));
        let future = async move {
            match opened.await {
                Ok(Opening::Good) => Ok(reply),
                Ok(Opening::Panic) => panic_on_purpose(),
                Ok(Opening::Bad) | Err(_) => Err(HandlerFailed),
            }
        };
        wrap_future::<_, Self>(future).boxed_local()
    }

    fn set_timer(&mut self, ticks: u64, panics: bool, context: &mut ChildContext<Self>) {
        if self.timer.is_some() {
            return;
        }
        let after = TICK * u32::try_from(ticks).unwrap_or(u32::MAX);
        self.timer = Some(context.run_later(after, move |performer: &mut Performer, _| {
            performer.timer = None;
            performer.log.borrow_mut().timers.push((performer.node, performer.incarnation));
            if panics {
                panic_on_purpose();
            }
        }));
    }

    fn cancel_kept(&mut self, context: &mut ChildContext<Self>) {
        if let Some(handle) = self.props.kept.take()
            && context.cancel_future(handle)
            && self.timer == Some(handle)
        {
            self.timer = None;
        }
    }
}

impl Actor for Performer {
    type Context = ChildContext<Self>;

    /// SV-8: nobody runs hooks on what a panic left half-changed.
    fn stopping(&mut self, _: &mut Self::Context) -> Running {
        self.log.borrow_mut().strays += 1;
        Running::Stop
    }
}

impl MailboxActor<Message> for Performer {
    type Reply = Reply;

    fn handle(&mut self, message: Message, context: &mut Self::Context) -> Handled<Self, Reply> {
        self.handled += 1;
        self.log.borrow_mut().handled.push((self.node, self.incarnation, message.id));
        let reply = Reply { incarnation: self.incarnation, handled: self.handled };
        match message.deed {
            Deed::Answer => {}
            Deed::Fail => return Handled::Fail,
            Deed::Panic => panic_on_purpose(),
            Deed::GiveOut => context.fail("on purpose"),
            Deed::Stop => context.stop(),
            Deed::Later => return Handled::Later(self.gate(message.id, reply)),
            Deed::Exclusive => return Handled::Exclusive(self.gate(message.id, reply)),
            Deed::SpawnPanic => {
                context.spawn(wrap_future(async { panic_on_purpose() }));
            }
            Deed::Timer { after, panics } => self.set_timer(after, panics, context),
            Deed::Keep => {
                if self.timer.is_some() {
                    self.props.kept.set(self.timer);
                }
            }
            Deed::CancelKept => self.cancel_kept(context),
        }
        Handled::Answer(reply)
    }
}

impl SupervisedActor<Message> for Performer {
    fn start_hook(&mut self, _: &mut ChildContext<Self>) -> Hook<Self> {
        self.hook(HookKind::Start)
    }

    fn restart_hook(&mut self, _: &mut ChildContext<Self>) -> Hook<Self> {
        self.hook(HookKind::Restart)
    }

    fn stop_hook(&mut self, _: &mut ChildContext<Self>) -> Hook<Self> {
        self.hook(HookKind::Stop)
    }
}
