//! A panic and the restart after it, against the bare unwinding that any restart has to pay.

use std::{
    panic::{catch_unwind, resume_unwind},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use actix::Actor;
use alys_actor::{
    Handled, MailboxActor, TokioClock,
    mailbox::{AskError, Lane},
    supervised::{Adopted, ChildContext, SupervisedActor, adopt},
    supervision::{Supervision, SupervisionConfig, SupervisorSpec},
};
use alys_properties::measure::Stopwatch;
use tokio::{runtime::Runtime, task::LocalSet};

use crate::{
    ratio::{Arm, Comparison, Target},
    runtimes::current_thread,
};

/// What the tables call the arm that must hold the target.
const RESTARTED: &str = "supervised, to the next answer";

/// An actor that answers, or panics; it does so past the hook of panics, which would print.
struct Fragile;

/// What it is sent.
#[derive(Clone, Copy, Debug)]
enum Order {
    Answer,
    Fail,
    /// It panics, and catches that itself.
    Catch,
    Panic,
}

impl Actor for Fragile {
    type Context = ChildContext<Self>;
}

impl MailboxActor<Order> for Fragile {
    type Reply = ();

    fn handle(&mut self, order: Order, context: &mut Self::Context) -> Handled<Self, ()> {
        match order {
            Order::Answer => Handled::Answer(()),
            Order::Fail => {
                context.fail("on purpose");
                Handled::Fail
            }
            Order::Catch => {
                assert!(catch_unwind(|| panics()).is_err());
                Handled::Fail
            }
            Order::Panic => panics(),
        }
    }
}

impl SupervisedActor<Order> for Fragile {}

fn panics() -> ! {
    resume_unwind(Box::new("on purpose"))
}

/// A panic that its handler catches itself against one that the actor is restarted after; the other arms tell what of that
/// time is unwinding, messages, and the restart.
#[must_use]
pub fn comparison() -> Comparison {
    let runtime = current_thread();
    let pairs = |first: Order| {
        let runtime = Rc::clone(&runtime);
        move |pairs| run(&runtime, pairs, first)
    };
    Comparison {
        title: "supervised restart: from a message that panics to the answer of the next incarnation"
            .to_owned(),
        unit: "panic",
        units: 10_000,
        arms: vec![
            Arm::new("bare catch_unwind in the handler", pairs(Order::Catch)),
            Arm::new(RESTARTED, pairs(Order::Panic)),
            Arm::new("bare catch_unwind, no actor", catches),
            Arm::new("restarted by ctx.fail, no panic", pairs(Order::Fail)),
            Arm::new("the same messages, no failure", pairs(Order::Answer)),
        ],
        targets: vec![(RESTARTED, Target::Speed(0.5))],
    }
}

fn catches(panics_wanted: u64) -> Duration {
    let watch = Stopwatch::start();
    for _ in 0..panics_wanted {
        assert!(catch_unwind(|| panics()).is_err());
    }
    watch.elapsed()
}

/// Has one supervised actor handle so many pairs of messages, the first of each by this order.
fn run(runtime: &Runtime, pairs: u64, first: Order) -> Duration {
    let spec = SupervisorSpec { max_restarts: u32::MAX, ..SupervisorSpec::default() };
    let config = SupervisionConfig { spec, ..SupervisionConfig::default() };
    let local = LocalSet::new();
    local.block_on(runtime, async move {
        let supervision = Supervision::new(&config, Arc::new(TokioClock::new())).expect("it is valid");
        let sender = adopt(&supervision, Adopted::new("fragile", "root"), || Fragile).expect("it is new");
        supervision.start("root").expect("it was not started yet");
        assert_eq!(sender.ask((Lane::Normal, Order::Answer)).await.map_err(drop), Ok(()));
        let watch = Stopwatch::start();
        for _ in 0..pairs {
            sender.try_send((Lane::Normal, first)).expect("there is room");
            let answer: Result<(), AskError<Order>> = sender.ask((Lane::Normal, Order::Answer)).await;
            answer.expect("the next incarnation answers");
        }
        watch.elapsed()
    })
}
