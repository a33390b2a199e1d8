//! An Actix actor behind our mailbox, and a supervised one, against a plain one behind its address: all add to a
//! counter.

mod behind;
mod child;
mod plain;

use std::{cell::Cell, future::Future, rc::Rc, time::Duration};

use actix::Message;
use alys_properties::measure::Stopwatch;
use tokio::{
    runtime::Runtime,
    task::{LocalSet, spawn_local, yield_now},
};

pub use self::{behind::Behind, child::Child, plain::Plain};
use crate::{
    mailbox::Shape,
    ratio::{Arm, Comparison, Target},
    runtimes::{current_thread, shares},
};

/// Messages that are sent before the actor gets its turn, where nobody waits for room.
const BATCH: u64 = 64;

/// What the tables call a supervised actor.
const SUPERVISED: &str = "supervised actor, by its sender";

/// What the actors are sent.
#[derive(Debug)]
pub struct Add(pub u64);

impl Message for Add {
    type Result = ();
}

/// The sum that an actor has reached.
pub type Sum = Rc<Cell<u64>>;

/// An actor that adds up what it is sent, and the ways to send to it.
pub trait Adder: Clone + 'static {
    /// Starts one; its mailbox has so many places.
    fn start(capacity: usize, sum: &Sum) -> Self;

    /// Sends without waiting; there is room.
    fn give(&self, message: Add);

    /// Sends, waiting for room and no longer.
    fn send(&self, message: Add) -> impl Future<Output = ()>;

    /// Sends and waits for the answer.
    fn ask(&self, message: Add) -> impl Future<Output = ()>;
}

/// How a producer sends.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Batches,
    Send,
    Ask,
}

/// The manners of sending that are compared, with their numbers of producers and capacities.
const SHAPES: [(Manner, &str, u64, usize); 5] = [
    (Manner::Batches, "batches of 64 that find room", 1, 1024),
    (Manner::Send, "sends that wait for room", 4, 16),
    (Manner::Send, "sends that wait for room", 4, 1024),
    (Manner::Ask, "asks", 4, 16),
    (Manner::Ask, "asks", 4, 1024),
];

/// A supervised actor that never panics against a plain one, in every manner of sending.
#[must_use]
pub fn supervised() -> Vec<Comparison> {
    let runtime = current_thread();
    SHAPES
        .map(|(manner, what, producers, capacity)| {
            let shape = Shape { producers, capacity };
            let targets = match manner {
                Manner::Batches | Manner::Send => vec![(SUPERVISED, Target::Speed(1.0 / 1.1))],
                Manner::Ask => Vec::new(),
            };
            Comparison {
                title: format!("supervised actor: {what}, producers {producers}, capacity {capacity}"),
                unit: "message",
                units: 50_000,
                arms: vec![
                    arm::<Plain>("plain actor, by its address", manner, shape, &runtime),
                    arm::<Child>(SUPERVISED, manner, shape, &runtime),
                    arm::<Behind>("actor behind alys", manner, shape, &runtime),
                ],
                targets,
            }
        })
        .into()
}

/// Both actors in every manner of sending; the plain one is the baseline.
#[must_use]
pub fn comparisons() -> Vec<Comparison> {
    let runtime = current_thread();
    SHAPES
        .map(|(manner, what, producers, capacity)| {
            let shape = Shape { producers, capacity };
            Comparison {
                title: format!("actor: {what}, producers {producers}, capacity {capacity}"),
                unit: "message",
                units: 50_000,
                arms: vec![
                    arm::<Plain>("plain actor, by its address", manner, shape, &runtime),
                    arm::<Behind>("actor behind alys", manner, shape, &runtime),
                ],
                targets: targets(manner),
            }
        })
        .into()
}

/// 1.1 times the time of the plain actor at most, 0.8 times as the aim; asks have no target.
fn targets(manner: Manner) -> Vec<(&'static str, Target)> {
    match manner {
        Manner::Batches | Manner::Send => {
            [1.1, 0.8].map(|times| ("actor behind alys", Target::Speed(1.0 / times))).into()
        }
        Manner::Ask => Vec::new(),
    }
}

/// Actix's own mailbox, for the tables of channels.
#[must_use]
pub fn addresses(shape: Shape, runtime: &Rc<Runtime>) -> Vec<Arm> {
    vec![
        arm::<Plain>("actix Addr::send", Manner::Ask, shape, runtime),
        arm::<Plain>("actix Addr::try_send", Manner::Send, shape, runtime),
        arm::<Plain>("actix Addr::do_send", Manner::Batches, shape, runtime),
    ]
}

fn arm<A: Adder>(name: &'static str, manner: Manner, shape: Shape, runtime: &Rc<Runtime>) -> Arm {
    let runtime = Rc::clone(runtime);
    Arm::new(name, move |messages| run::<A>(&runtime, manner, shape, messages))
}

fn run<A: Adder>(runtime: &Runtime, manner: Manner, shape: Shape, messages: u64) -> Duration {
    let local = LocalSet::new();
    local.block_on(runtime, async move {
        let sum = Sum::default();
        let actor = A::start(shape.capacity, &sum);
        yield_now().await;
        let watch = Stopwatch::start();
        for share in shares(messages, shape.producers) {
            spawn_local(produce(actor.clone(), manner, share));
        }
        while sum.get() < messages {
            yield_now().await;
        }
        watch.elapsed()
    })
}

async fn produce<A: Adder>(actor: A, manner: Manner, share: u64) {
    for sent in 1..=share {
        match manner {
            Manner::Batches => actor.give(Add(1)),
            Manner::Send => actor.send(Add(1)).await,
            Manner::Ask => actor.ask(Add(1)).await,
        }
        if matches!(manner, Manner::Batches) && sent % BATCH == 0 {
            yield_now().await;
        }
    }
}
