//! The adapter with a real Actix actor behind the mailbox: a fresh paused runtime and `LocalSet` a case, and senders
//! that are tokio tasks (even slots) and Actix actors (odd slots).
//!
//! After each transition everything that can run does run, by polling the `LocalSet` until it asks for no more: a
//! future that the model says must have ended and that is still pending then is a lost wake-up, not a hang.

use std::{
    cell::RefCell, future::Future, pin::Pin, rc::Rc, sync::Arc, task::Context as TaskContext, time::Duration,
};

use actix::{
    Actor, ActorContext, ActorFutureExt, Addr, AsyncContext, Context, Handler, Message as ActixMessage,
    SpawnHandle, fut::wrap_future,
};
use alys_models::mailbox::{Answer, Ending, Handling, Mailbox, Outcome, Post, Ticks, Transition};
use proptest_state_machine::StateMachineTest;
use tokio::{
    runtime::{Builder, Runtime},
    sync::oneshot,
    task::{JoinHandle, LocalSet},
};

use super::{
    alys::{
        Handled, HandlerFailed, MailboxActor, TokioClock, drain,
        mailbox::{Clock, Receiver, Sender, Time, mailbox},
    },
    words::{Message, Reply, asked, config, observation, sent},
    world::World,
};
use crate::{
    mailbox::{ActorReference, State, compare, record},
    violation::{check_eq, guarded, violated},
    wakes::CountingWaker,
};

/// Tokio's timers count milliseconds, so a tick is one.
const TICK: Duration = Duration::from_millis(1);

/// What actors and tasks tell the test.
#[derive(Debug, Default)]
struct Log {
    /// Names of messages, in the order in which the actor began to handle them.
    handled: Vec<u32>,
    /// Futures that ended, and how.
    ended: Vec<(u8, Answer)>,
    /// How often the actor was told that its mailbox has ended.
    told_of_the_end: u32,
    /// Handlers that wait to be told how to end, in the order of delivery.
    gates: Vec<(u32, oneshot::Sender<Ending>)>,
}

type SharedLog = Rc<RefCell<Log>>;

/// The actor behind the mailbox.
struct Taker {
    receiver: Option<Receiver<Message, Reply>>,
    log: SharedLog,
}

impl Actor for Taker {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        if let Some(receiver) = self.receiver.take() {
            drain(receiver, context);
        }
    }
}

impl MailboxActor<Message> for Taker {
    type Reply = Reply;

    fn mailbox_ended(&mut self, context: &mut Self::Context) {
        self.log.borrow_mut().told_of_the_end += 1;
        context.stop();
    }

    fn handle(&mut self, message: Message, context: &mut Self::Context) -> Handled<Self, Reply> {
        let id = message.id;
        self.log.borrow_mut().handled.push(id);
        let gate = |log: &SharedLog| {
            let (open, opened) = oneshot::channel();
            log.borrow_mut().gates.push((id, open));
            let answering = async move {
                match opened.await {
                    Ok(Ending::Answer) => Ok(Reply(id)),
                    Ok(Ending::Fail | Ending::Forget) | Err(_) => Err(HandlerFailed),
                }
            };
            wrap_future::<_, Self>(answering).boxed_local()
        };
        match message.handling {
            Handling::Answer => Handled::Answer(Reply(id)),
            Handling::Fail => Handled::Fail,
            Handling::Stop => {
                context.stop();
                Handled::Answer(Reply(id))
            }
            Handling::Later => Handled::Later(gate(&self.log)),
            Handling::Exclusive => Handled::Exclusive(gate(&self.log)),
        }
    }
}

/// Tells the taker to stop.
struct StopNow;

impl ActixMessage for StopNow {
    type Result = ();
}

impl Handler<StopNow> for Taker {
    type Result = ();

    fn handle(&mut self, _: StopNow, context: &mut Self::Context) {
        context.stop();
    }
}

/// An actor that sends: its errands are futures in its own context.
struct Courier {
    /// Where the next errand lies; the message that calls for it must be able to cross threads, a future need not.
    desk: Desk,
    errand: Option<SpawnHandle>,
}

type Desk = Rc<RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>>>;

impl Actor for Courier {
    type Context = Context<Self>;
}

struct Errand;

impl ActixMessage for Errand {
    type Result = ();
}

impl Handler<Errand> for Courier {
    type Result = ();

    fn handle(&mut self, _: Errand, context: &mut Self::Context) {
        self.errand = self.desk.borrow_mut().take().map(|errand| context.spawn(wrap_future(errand)));
    }
}

/// Tells a courier to drop its errand.
struct Recall;

impl ActixMessage for Recall {
    type Result = ();
}

impl Handler<Recall> for Courier {
    type Result = ();

    fn handle(&mut self, _: Recall, context: &mut Self::Context) {
        if let Some(errand) = self.errand.take() {
            context.cancel_future(errand);
        }
    }
}

/// Who runs the future of a slot.
enum Runner {
    Task(JoinHandle<()>),
    Courier,
}

/// The real actor, its mailbox, and everybody who sends to it.
pub struct Drained {
    // Dropped first, with every task and actor in it, while the runtime still exists.
    local: LocalSet,
    runtime: Runtime,
    world: World,
    clock: TokioClock,
    senders: Vec<Sender<Message, Reply>>,
    taker: Option<Addr<Taker>>,
    couriers: [Option<(Addr<Courier>, Desk)>; 6],
    runners: [Option<Runner>; 6],
    log: SharedLog,
    wakes: CountingWaker,
}

impl std::fmt::Debug for Drained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drained")
            .field("senders", &self.senders)
            .field("log", &self.log)
            .finish_non_exhaustive()
    }
}

impl Drained {
    fn new(model: &Mailbox) -> Self {
        let runtime = match Builder::new_current_thread().enable_time().start_paused(true).build() {
            Ok(runtime) => runtime,
            Err(error) => panic!("no runtime: {error}"),
        };
        let (local, world, log) = (LocalSet::new(), World::new(), SharedLog::default());
        let (clock, sender, taker) = {
            let (_runtime, _local) = (runtime.enter(), local.enter());
            let clock = TokioClock::new();
            let environment = world.environment(Arc::new(clock));
            let (sender, receiver) = match mailbox(config(model.parameters()), environment) {
                Ok(ends) => ends,
                Err(error) => violated("MB-1", format!("a valid configuration is refused: {error}")),
            };
            (clock, sender, Taker { receiver: Some(receiver), log: Rc::clone(&log) }.start())
        };
        let mut drained = Drained {
            local,
            runtime,
            world,
            clock,
            senders: vec![sender],
            taker: Some(taker),
            couriers: Default::default(),
            runners: Default::default(),
            log,
            wakes: CountingWaker::new(),
        };
        drained.run();
        drained
    }

    /// Runs every task and actor until none of them can go on.
    fn run(&mut self) {
        let _runtime = self.runtime.enter();
        let waker = self.wakes.waker();
        loop {
            self.wakes.take();
            let ended = Pin::new(&mut self.local).poll(&mut TaskContext::from_waker(&waker)).is_ready();
            if ended || self.wakes.count() == 0 {
                return;
            }
        }
    }

    /// Makes one step; `id` is the name of the message that it posts, if it posts one.
    fn step(&mut self, transition: &Transition, id: u32) -> Outcome {
        match *transition {
            Transition::TrySend(post) => {
                let post = self.world.post(id, post, self.deadline(post));
                return Outcome::Sent(sent(self.senders[0].try_send(post)));
            }
            Transition::Send { slot, post, .. } => {
                let (sender, post) =
                    (self.senders[0].clone(), self.world.post(id, post, self.deadline(post)));
                self.begin(slot, async move { sent(sender.send(post).await) });
            }
            Transition::Ask { slot, post, timeout, .. } => {
                let (sender, post) =
                    (self.senders[0].clone(), self.world.post(id, post, self.deadline(post)));
                self.begin(slot, async move {
                    asked(match timeout.map(ticks) {
                        Some(timeout) => sender.ask_within(post, timeout).await,
                        None => sender.ask(post).await,
                    })
                });
            }
            Transition::Cancel { slot } => self.cancel(slot),
            Transition::Settle { index, ending } => {
                let (_, gate) = self.log.borrow_mut().gates.remove(usize::from(index));
                // Nobody may be there to hear: then the comparison of the counters says so.
                let _ = gate.send(ending);
            }
            Transition::Close { .. } => self.senders[0].close(),
            Transition::CloneSender => self.senders.push(self.senders[0].clone()),
            Transition::DropSender => drop(self.senders.pop()),
            Transition::DropReceiver => self.taker.iter().for_each(|taker| taker.do_send(StopNow)),
            Transition::Advance { ticks: count } => {
                let advance = tokio::time::advance(ticks(count));
                self.runtime.block_on(advance);
            }
            _ => panic!("{transition:?} is not for a mailbox that an actor drains"),
        }
        Outcome::Done
    }

    fn deadline(&self, post: Post) -> Option<Time> {
        let _runtime = self.runtime.enter();
        post.ttl.map(|ttl| self.clock.now().saturating_add(ticks(ttl)))
    }

    fn begin(&mut self, slot: u8, future: impl Future<Output = Answer> + 'static) {
        let log = Rc::clone(&self.log);
        let logged = async move {
            let answer = future.await;
            log.borrow_mut().ended.push((slot, answer));
        };
        let place = usize::from(slot);
        self.runners[place] = Some(if slot.is_multiple_of(2) {
            Runner::Task(self.local.spawn_local(logged))
        } else {
            let _local = self.local.enter();
            let _runtime = self.runtime.enter();
            let (courier, desk) = self.couriers[place].get_or_insert_with(|| {
                let desk = Desk::default();
                (Courier { desk: Rc::clone(&desk), errand: None }.start(), desk)
            });
            *desk.borrow_mut() = Some(Box::pin(logged));
            courier.do_send(Errand);
            Runner::Courier
        });
    }

    fn cancel(&mut self, slot: u8) {
        match self.runners[usize::from(slot)].take() {
            Some(Runner::Task(task)) => task.abort(),
            Some(Runner::Courier) => {
                self.couriers[usize::from(slot)].iter().for_each(|(courier, _)| courier.do_send(Recall));
            }
            None => {}
        }
    }

    fn check(&self, state: &State, transition: Option<&Transition>) {
        let model = &state.model;
        let mut log = self.log.borrow_mut();
        let mut ended = model.endings().to_vec();
        if let (Some(Transition::Send { slot, .. } | Transition::Ask { slot, .. }), Outcome::Sent(answer)) =
            (transition, &state.outcome)
        {
            ended.push((*slot, *answer));
        }
        ended.sort_unstable_by_key(|(slot, _)| *slot);
        log.ended.sort_unstable_by_key(|(slot, _)| *slot);
        let told = log.told_of_the_end;
        check_eq("MB-9", "how often the actor was told of the end", &u32::from(model.ended()), &told);
        check_eq("MB-5", "the messages that exist", &model.messages_alive(), &self.world.messages_alive());
        compare::logs("MB-2", "the order in which the actor handles messages", model.handled(), &log.handled);
        compare::endings(&ended, &log.ended);
        log.handled.clear();
        log.ended.clear();
        if let Some(sender) = self.senders.first() {
            compare::observations(model, &observation(&sender.stats()));
        }
        self.world.dead_letters(|dead| compare::deaths(model.deaths(), dead));
        log.gates.retain(|(_, gate)| !gate.is_closed());
        let in_handler = model.in_handler().iter().map(|message| message.id);
        if !in_handler.eq(log.gates.iter().map(|(id, _)| *id)) {
            let model: Vec<_> = model.in_handler().iter().map(|message| message.id).collect();
            let real: Vec<_> = log.gates.iter().map(|(id, _)| *id).collect();
            check_eq("MB-5", "the messages in handlers", &model, &real);
        }
    }
}

fn ticks(count: Ticks) -> Duration {
    TICK * u32::try_from(count).unwrap_or(u32::MAX)
}

impl StateMachineTest for Drained {
    type SystemUnderTest = Drained;
    type Reference = ActorReference;

    fn init_test(state: &State) -> Drained {
        let drained = Drained::new(&state.model);
        drained.check(state, None);
        drained
    }

    fn apply(drained: Drained, state: &State, transition: Transition) -> Drained {
        record::<true>(state, &transition);
        guarded(drained, |drained| {
            let posted = state.model.next_id().wrapping_sub(1);
            let real = drained.step(&transition, posted);
            if matches!(transition, Transition::TrySend(_)) {
                compare::outcomes(&state.outcome, &real);
            }
            drained.run();
            drained.check(state, Some(&transition));
        })
    }

    fn teardown(drained: Drained, _: State) {
        let Drained { local, runtime, world, senders, taker, couriers, runners, log, .. } = drained;
        drop((senders, taker, couriers, runners));
        drop(local);
        drop((runtime, log));
        check_eq(
            "MB-5",
            "the number of messages left when everything is dropped",
            &0,
            &world.messages_alive(),
        );
    }
}
