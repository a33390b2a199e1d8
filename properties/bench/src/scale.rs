//! A thousand actors: whether time grows with the messages alone, and memory not at all.

use std::{fmt, rc::Rc, time::Duration};

use alys_properties::measure::Stopwatch;
use tokio::{
    runtime::Runtime,
    task::{LocalSet, spawn_local, yield_now},
};

use crate::{
    actors::{Add, Adder, Behind, Plain, Sum},
    memory::{forget_peak, resident},
    ratio::median,
    runtimes::current_thread,
};

/// Actors that live at once.
const ACTORS: u64 = 1_000;

/// Places of each mailbox.
const CAPACITY: usize = 16;

/// Messages that each actor is sent.
const EACH: [u64; 4] = [125, 250, 500, 1_000];

/// One point of the curve.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Messages to each actor.
    pub each: u64,
    /// Median nanoseconds a message, the start of the actors included.
    pub nanos: f64,
    /// Highest resident memory of the first round, in kibibytes.
    pub peak: u64,
}

/// The curve of one kind of actor.
#[derive(Debug)]
pub struct Curve {
    title: &'static str,
    /// Its points, the fewest messages first.
    pub points: Vec<Point>,
    before: u64,
}

/// Measures both kinds; ours first, because memory that an arm once had may stay resident.
#[must_use]
pub fn curves(rounds: usize, scale_down: u64) -> Vec<Curve> {
    let runtime = current_thread();
    vec![
        curve("actors behind alys, sends that wait for room", rounds, scale_down, &runtime, waits::<Behind>),
        curve("plain actors, do_send", rounds, scale_down, &runtime, floods::<Plain>),
    ]
}

type Work = fn(&Runtime, u64, u64) -> Duration;

fn curve(title: &'static str, rounds: usize, scale_down: u64, runtime: &Rc<Runtime>, work: Work) -> Curve {
    let actors = ACTORS / scale_down;
    let before = resident().now;
    let mut taken = vec![Vec::new(); EACH.len()];
    let mut peaks = vec![0; EACH.len()];
    for round in 0..rounds {
        for (index, each) in EACH.into_iter().enumerate() {
            forget_peak();
            let time = work(runtime, actors, each);
            taken[index].push(time.as_nanos() as f64 / (actors * each) as f64);
            if round == 0 {
                peaks[index] = resident().peak;
            }
        }
    }
    let point = |index: usize| {
        let nanos = median(taken[index].iter().copied());
        Point { each: EACH[index], nanos, peak: peaks[index] }
    };
    Curve { title, points: (0..EACH.len()).map(point).collect(), before }
}

/// A task for each actor, which waits for room.
fn waits<A: Adder>(runtime: &Runtime, actors: u64, each: u64) -> Duration {
    run(runtime, actors * each, |sum| {
        for _ in 0..actors {
            let actor = A::start(CAPACITY, sum);
            spawn_local(async move {
                for _ in 0..each {
                    actor.send(Add(1)).await;
                }
            });
        }
    })
}

/// A task for each actor, which never waits.
fn floods<A: Adder>(runtime: &Runtime, actors: u64, each: u64) -> Duration {
    run(runtime, actors * each, |sum| {
        for _ in 0..actors {
            let actor = A::start(CAPACITY, sum);
            spawn_local(async move { (0..each).for_each(|_| actor.give(Add(1))) });
        }
    })
}

fn run(runtime: &Runtime, messages: u64, begin: impl FnOnce(&Sum)) -> Duration {
    let local = LocalSet::new();
    local.block_on(runtime, async {
        let sum = Sum::default();
        let watch = Stopwatch::start();
        begin(&sum);
        while sum.get() < messages {
            yield_now().await;
        }
        watch.elapsed()
    })
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nscale: {ACTORS} {}; {} KiB resident before", self.title, self.before)?;
        writeln!(f, "  {:>14} {:>12} {:>12}", "messages each", "ns/message", "peak KiB")?;
        for Point { each, nanos, peak } in &self.points {
            writeln!(f, "  {each:>14} {nanos:>12.1} {peak:>12}")?;
        }
        Ok(())
    }
}
