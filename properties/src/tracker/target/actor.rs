//! The tracker where the rules put it: at the receiver. Tokio tasks and Actix actors send numbered messages through a
//! real mailbox to a real actor, whose handler records each message as it comes.
//!
//! A fresh paused runtime and `LocalSet` a case, polled by hand: the interleaving is part of the case.

use std::{cell::RefCell, future::Future as _, pin::Pin, rc::Rc, sync::Arc, task::Context as TaskContext};

use actix::{Actor, Addr, AsyncContext, Context, Handler, Message as ActixMessage, fut::wrap_future};
use alys_models::tracker::{TrackerLimits, TrackerModel, TrackerVerdict};
use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::LocalSet,
};

use super::{
    alys::{
        Handled, MailboxActor, TokioClock, drain,
        mailbox::{Environment, Lane, MailboxConfig, Overflow, Post, Receiver, Sender, mailbox},
        tracker::{OrderingHandle, OrderingTracker},
    },
    calls, look,
};
use crate::{
    tracker::{
        SENDERS,
        compare::{self, Touched, View},
        traffic::{Pause, Sent, Traffic},
    },
    violation::{check_eq, violated},
    wakes::CountingWaker,
};

/// What was recorded, in the order of reception.
type Recorded = Vec<(u8, u64, TrackerVerdict)>;

/// The receiving actor, which is actor 0 to the tracker.
struct Observer {
    receiver: Option<Receiver<Sent, ()>>,
    tracker: Rc<OrderingTracker>,
    handles: [Option<OrderingHandle>; SENDERS],
    recorded: Rc<RefCell<Recorded>>,
}

impl Actor for Observer {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        if let Some(receiver) = self.receiver.take() {
            drain(receiver, context);
        }
    }
}

impl MailboxActor<Sent> for Observer {
    type Reply = ();

    fn handle(&mut self, Sent { sender, sequence, .. }: Sent, _: &mut Self::Context) -> Handled<Self, ()> {
        let verdict = match &self.handles[usize::from(sender)] {
            Some(handle) => handle.record(sequence),
            None => self.tracker.record(calls::actor_name(0), calls::sender_name(sender), sequence),
        };
        self.recorded.borrow_mut().push((sender, sequence, calls::verdict(verdict)));
        Handled::Answer(())
    }
}

/// An actor that sends what it is told to, one after the other.
struct Courier(Sender<Sent, ()>);

impl Actor for Courier {
    type Context = Context<Self>;
}

struct Errand(Sent);

impl ActixMessage for Errand {
    type Result = ();
}

impl Handler<Errand> for Courier {
    type Result = ();

    fn handle(&mut self, Errand(sent): Errand, context: &mut Self::Context) {
        let sender = self.0.clone();
        context.wait(wrap_future(async move { deliver(&sender, sent).await }));
    }
}

async fn deliver(sender: &Sender<Sent, ()>, sent: Sent) {
    let lane = [Lane::Low, Lane::Normal, Lane::Emergency][usize::from(sent.lane)];
    if let Err(error) = sender.send(Post::new(lane, sent)).await {
        violated("MB-4", format!("a mailbox with backpressure refuses a message: {error}"));
    }
}

/// Who sends.
enum Origin {
    Task(UnboundedSender<Sent>),
    Actor(Addr<Courier>),
}

/// Everything of one case.
struct World {
    // Dropped first, with every task and actor in it, while the runtime still exists.
    local: LocalSet,
    runtime: Runtime,
    origins: Vec<Origin>,
    tracker: Rc<OrderingTracker>,
    recorded: Rc<RefCell<Recorded>>,
    wakes: CountingWaker,
}

impl World {
    fn new(traffic: &Traffic, expected: Option<&[u64]>) -> Self {
        let runtime = match Builder::new_current_thread().enable_time().start_paused(true).build() {
            Ok(runtime) => runtime,
            Err(error) => panic!("no runtime: {error}"),
        };
        let tracker = Rc::new(calls::tracker(&TrackerLimits::default(), 4));
        let by_handle = |sender: u8| traffic.by_handle & (1 << sender) != 0;
        let handle = |sender| tracker.handle(calls::actor_name(0), calls::sender_name(sender));
        let handles = std::array::from_fn(|place| Some(place as u8).filter(|s| by_handle(*s)).map(handle));
        if let Some(Err(error)) =
            expected.map(|order| tracker.set_expected_ordering(calls::actor_name(0), order.to_vec()))
        {
            violated("OT-3", format!("an expected order before the first record is refused: {error}"));
        }
        let (local, recorded) = (LocalSet::new(), Rc::default());
        let origins = {
            let (_runtime, _local) = (runtime.enter(), local.enter());
            let sender = observe(traffic.capacity, &tracker, handles, &recorded);
            (0..SENDERS).map(|place| origin(traffic.tasks & (1 << place) != 0, &sender, &local)).collect()
        };
        World { local, runtime, origins, tracker, recorded, wakes: CountingWaker::new() }
    }

    fn order(&mut self, sent: Sent) {
        match &self.origins[usize::from(sent.sender)] {
            Origin::Task(orders) => {
                if orders.send(sent).is_err() {
                    violated("MB-9", "a sending task has ended");
                }
            }
            Origin::Actor(courier) => courier.do_send(Errand(sent)),
        }
    }

    /// Lets tasks and actors run, and answers whether there is more to do.
    fn poll(&mut self) -> bool {
        let _runtime = self.runtime.enter();
        let waker = self.wakes.waker();
        self.wakes.take();
        let ended = Pin::new(&mut self.local).poll(&mut TaskContext::from_waker(&waker)).is_ready();
        !ended && self.wakes.count() > 0
    }

    fn pause(&mut self, pause: Pause) {
        match pause {
            Pause::None => {}
            Pause::OnePoll => {
                self.poll();
            }
            Pause::UntilIdle => while self.poll() {},
        }
    }
}

/// Starts the receiving actor and returns the way to it.
fn observe(
    capacity: usize,
    tracker: &Rc<OrderingTracker>,
    handles: [Option<OrderingHandle>; SENDERS],
    recorded: &Rc<RefCell<Recorded>>,
) -> Sender<Sent, ()> {
    let environment = Environment::new(Arc::new(TokioClock::new()));
    let config = MailboxConfig { overflow: Overflow::Backpressure, ..MailboxConfig::with_capacity(capacity) };
    let (sender, receiver) = match mailbox(config, environment) {
        Ok(ends) => ends,
        Err(error) => violated("MB-1", format!("a valid configuration is refused: {error}")),
    };
    let (tracker, recorded) = (Rc::clone(tracker), Rc::clone(recorded));
    Observer { receiver: Some(receiver), tracker, handles, recorded }.start();
    sender
}

fn origin(task: bool, sender: &Sender<Sent, ()>, local: &LocalSet) -> Origin {
    let sender = sender.clone();
    if !task {
        return Origin::Actor(Courier(sender).start());
    }
    let (orders, mut ordered) = unbounded_channel();
    local.spawn_local(async move {
        while let Some(sent) = ordered.recv().await {
            deliver(&sender, sent).await;
        }
    });
    Origin::Task(orders)
}

/// Runs a case and returns what was recorded, and what the tracker says of it.
fn run(traffic: &Traffic, expected: Option<&[u64]>) -> (Recorded, View) {
    let mut world = World::new(traffic, expected);
    for (sent, order) in traffic.sent().into_iter().zip(&traffic.orders) {
        world.order(sent);
        world.pause(order.pause);
    }
    world.pause(Pause::UntilIdle);
    let view = look::view(&world.tracker, 0);
    (world.recorded.take(), view)
}

/// Holds a case to the model, which is fed with what the actor handled: the tracker observes reception, not sending.
///
/// # Panics
///
/// Raises a violation when the tracker or the way to it says something else.
pub fn check(traffic: &Traffic) {
    let (recorded, view) = run(traffic, None);
    let mut model = TrackerModel::default();
    for (sender, sequence, verdict) in &recorded {
        check_eq("OT-1", "the verdict", &model.record(0, *sender, *sequence), verdict);
    }
    compare::views(0, &Touched::ANYBODY, &View::of(&model, 0), &view);

    let numbers = |sender: u8| traffic.sent().into_iter().filter(move |sent| sent.sender == sender);
    for sender in 0..SENDERS as u8 {
        let handled = recorded.iter().filter(|(by, ..)| *by == sender).map(|(_, sequence, _)| *sequence);
        let mut handled: Vec<_> = handled.collect();
        let mut sent: Vec<_> = numbers(sender).map(|sent| sent.sequence).collect();
        if !traffic.one_lane {
            handled.sort_unstable();
            sent.sort_unstable();
        }
        check_eq("MB-3", "the numbers handled of one sender", &sent, &handled);
    }
    if traffic.is_in_order() {
        let odd = recorded.iter().find(|(.., verdict)| *verdict != TrackerVerdict::InOrder);
        check_eq("OT-1", "the first record out of order", &None, &odd);
        check_eq("OT-3", "whether the records are in order", &true, &view.verified);
    }

    let order: Vec<_> = recorded.iter().map(|(_, sequence, _)| *sequence).collect();
    let (again, view) = run(traffic, Some(&order));
    check_eq("OT-1", "the verdicts of a second run", &recorded, &again);
    check_eq("OT-3", "whether the order of the first run is met", &true, &view.verified);
}
