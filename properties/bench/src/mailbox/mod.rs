//! Bounded channels under four workloads.

mod workload;

use std::rc::Rc;

use tokio::runtime::Runtime;

use crate::{
    actors,
    channels::{
        Alys, AlysTurn, AsyncChannel, AsyncPriorityChannel, Blocking, Channel as _, Crossbeam, Flume,
        Immediate, Tokio, Waiting,
    },
    ratio::{Arm, Comparison, Target},
    runtimes::{current_thread, two_workers},
};

/// The producers and the capacity of one comparison.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Tasks or threads that send.
    pub producers: u64,
    /// Places of the channel.
    pub capacity: usize,
}

/// Our mailbox against other bounded channels: one and four producers, 16 and 1024 places.
#[must_use]
pub fn comparisons() -> Vec<Comparison> {
    let (one, two) = (current_thread(), two_workers());
    let mut all = Vec::new();
    for producers in [1, 4] {
        for capacity in [16, 1024] {
            let shape = Shape { producers, capacity };
            all.push(on_one_thread(shape));
            all.push(on_current_thread_runtime(shape, &one));
            all.push(on_two_workers(shape, &two));
            all.push(on_blocked_threads(shape));
        }
    }
    all
}

fn comparison(what: &str, shape: Shape, units: u64, arms: Vec<Arm>) -> Comparison {
    let Shape { producers, capacity } = shape;
    let title = format!("mailbox: {what}, producers {producers}, capacity {capacity}");
    let targets = vec![(Alys::NAME, Target::Speed(1.0))];
    Comparison { title, unit: "message", units, arms, targets }
}

fn on_one_thread(shape: Shape) -> Comparison {
    fn arm<C: Immediate>(shape: Shape) -> Arm {
        Arm::new(C::NAME, move |messages| workload::immediate::<C>(shape, messages))
    }
    let arms = vec![
        arm::<Tokio>(shape),
        arm::<Alys>(shape),
        arm::<Flume>(shape),
        arm::<AsyncChannel>(shape),
        arm::<Crossbeam>(shape),
        arm::<AsyncPriorityChannel>(shape),
    ];
    comparison("try_send and try_recv on one thread", shape, 100_000, arms)
}

fn arm<C: Waiting>(shape: Shape, runtime: &Rc<Runtime>) -> Arm {
    let runtime = Rc::clone(runtime);
    Arm::new(C::NAME, move |messages| workload::waiting::<C>(&runtime, shape, messages))
}

fn on_current_thread_runtime(shape: Shape, runtime: &Rc<Runtime>) -> Comparison {
    let mut arms = vec![
        arm::<Tokio>(shape, runtime),
        arm::<Alys>(shape, runtime),
        arm::<Flume>(shape, runtime),
        arm::<AsyncChannel>(shape, runtime),
        arm::<AsyncPriorityChannel>(shape, runtime),
    ];
    arms.extend(actors::addresses(shape, runtime));
    let mut comparison = comparison("send and recv on a current-thread runtime", shape, 50_000, arms);
    if shape.capacity == 1024 {
        comparison.targets = vec![(Alys::NAME, Target::Speed(1.5))];
    }
    comparison
}

fn on_two_workers(shape: Shape, runtime: &Rc<Runtime>) -> Comparison {
    let arms = vec![
        arm::<Tokio>(shape, runtime),
        arm::<Alys>(shape, runtime),
        arm::<Flume>(shape, runtime),
        arm::<AsyncChannel>(shape, runtime),
        arm::<AsyncPriorityChannel>(shape, runtime),
    ];
    comparison("send and recv on two workers", shape, 50_000, arms)
}

fn on_blocked_threads(shape: Shape) -> Comparison {
    fn arm<C: Blocking>(shape: Shape) -> Arm {
        Arm::new(C::NAME, move |messages| workload::blocking::<C>(shape, messages))
    }
    let arms = vec![
        arm::<Tokio>(shape),
        arm::<Alys>(shape),
        arm::<AlysTurn>(shape),
        arm::<Flume>(shape),
        arm::<AsyncChannel>(shape),
        arm::<Crossbeam>(shape),
    ];
    let mut comparison = comparison("blocked threads", shape, 20_000, arms);
    comparison.targets = vec![(AlysTurn::NAME, Target::Speed(1.0))];
    comparison
}
