//! The ordering tracker on two threads, against maps behind locks.

use std::{
    cell::Cell,
    hint::black_box,
    rc::Rc,
    sync::{
        Barrier,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use alys_actor::tracker::{OrderingHandle, OrderingTracker, Verdict};
use alys_properties::measure::Stopwatch;

use crate::{
    ratio::{Arm, Comparison, Target},
    rivals::{Dash, Judge, ParkingLot, StdMutex, Verdicts},
};

/// Threads that record at once.
const THREADS: usize = 2;

/// Senders of each thread; their actors are the same.
const SENDERS: usize = 16;

const ACTORS: [&str; 4] = ["actor-chain", "actor-engine", "actor-network", "actor-sync"];

/// What the senders count: nothing wrong, or one number in a hundred late and one twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Healthy,
    Flawed,
}

impl Stream {
    /// The number of the n-th record of a sender.
    #[inline]
    fn number(self, n: u64) -> u64 {
        match n % 100 {
            50 if self == Stream::Flawed => n + 1,
            51 if self == Stream::Flawed => n - 1,
            75 if self == Stream::Flawed => n - 25,
            _ => n,
        }
    }
}

/// Different senders with healthy and flawed streams, and one key that both threads share.
#[must_use]
pub fn comparisons() -> Vec<Comparison> {
    vec![different(Stream::Healthy), different(Stream::Flawed), shared()]
}

fn different(stream: Stream) -> Comparison {
    let agreed: Agreed = Rc::default();
    let mut targets = Vec::new();
    if stream == Stream::Healthy {
        targets = vec![
            (OrderingTracker::NAME, Target::Speed(3.0)),
            (OrderingTracker::NAME, Target::Speed(5.0)),
            (HANDLE, Target::Speed(10.0)),
        ];
    }
    Comparison {
        title: format!("tracker: two threads, different senders, {stream:?} streams"),
        unit: "record",
        units: 400_000,
        arms: vec![
            by_name::<StdMutex>(stream, &agreed),
            by_name::<OrderingTracker>(stream, &agreed),
            by_handle(stream, &agreed),
            by_name::<ParkingLot>(stream, &agreed),
            by_name::<Dash>(stream, &agreed),
        ],
        targets,
    }
}

const HANDLE: &str = "tracker, by handle";

/// The verdicts of the first arm, by number of records: every other arm must give the same.
type Agreed = Rc<Cell<Option<(u64, [Verdicts; THREADS])>>>;

fn agree(agreed: &Agreed, name: &str, records: u64, verdicts: [Verdicts; THREADS]) {
    match agreed.get() {
        Some((known, expected)) if known == records => assert_eq!(expected, verdicts, "verdicts of {name}"),
        _ => agreed.set(Some((records, verdicts))),
    }
}

fn names(thread: usize) -> Vec<(&'static str, String)> {
    (0..SENDERS).map(|sender| (ACTORS[sender % 4], format!("sender-{thread}-{sender}"))).collect()
}

/// Runs one body a thread, all from the same moment on; returns the time of the slowest and what they made.
fn on_threads<T: Send>(body: impl Fn(usize) -> T + Sync) -> (Duration, [T; THREADS]) {
    let start = Barrier::new(THREADS);
    let timed = |thread: usize| {
        start.wait();
        let watch = Stopwatch::start();
        let made = body(thread);
        (watch.elapsed(), made)
    };
    let [one, other] = thread::scope(|scope| {
        let running = [0, 1].map(|thread| scope.spawn(move || timed(thread)));
        running.map(|thread| thread.join().expect("no judge panics"))
    });
    (one.0.max(other.0), [one.1, other.1])
}

fn by_name<J: Judge>(stream: Stream, agreed: &Agreed) -> Arm {
    let agreed = Rc::clone(agreed);
    let names: Vec<_> = (0..THREADS).map(names).collect();
    Arm::new(J::NAME, move |records| {
        let judge = J::default();
        let (elapsed, verdicts) = on_threads(|thread| {
            record_all(stream, records, |sender, number| {
                let (actor, name) = &names[thread][sender];
                judge.record(black_box(actor), black_box(name), number)
            })
        });
        agree(&agreed, J::NAME, records, verdicts);
        elapsed
    })
}

fn by_handle(stream: Stream, agreed: &Agreed) -> Arm {
    let agreed = Rc::clone(agreed);
    Arm::new(HANDLE, move |records| {
        let tracker = OrderingTracker::default();
        let resolve = |(actor, sender): (&str, String)| tracker.handle(actor, &sender);
        let handles: Vec<Vec<OrderingHandle>> =
            (0..THREADS).map(|thread| names(thread).into_iter().map(resolve).collect()).collect();
        let (elapsed, verdicts) = on_threads(|thread| {
            record_all(stream, records, |sender, number| black_box(&handles[thread][sender]).record(number))
        });
        agree(&agreed, HANDLE, records, verdicts);
        elapsed
    })
}

/// One thread's part: its senders take turns.
fn record_all(stream: Stream, records: u64, record: impl Fn(usize, u64) -> Verdict) -> Verdicts {
    let mut verdicts = Verdicts::default();
    let each = records / (THREADS * SENDERS) as u64;
    for n in 0..each {
        for sender in 0..SENDERS {
            verdicts.add(record(sender, stream.number(n)));
        }
    }
    verdicts
}

fn shared() -> Comparison {
    Comparison {
        title: "tracker: two threads, one key, numbers from one counter".to_owned(),
        unit: "record",
        units: 200_000,
        arms: vec![
            on_one_key::<StdMutex>(),
            on_one_key::<OrderingTracker>(),
            on_one_key::<ParkingLot>(),
            on_one_key::<Dash>(),
        ],
        targets: vec![(OrderingTracker::NAME, Target::Speed(1.0 / 1.3))],
    }
}

/// Which verdicts fall depends on the race, but each number comes once, and at the end none is missing.
fn on_one_key<J: Judge>() -> Arm {
    Arm::new(J::NAME, |records| {
        let judge = J::default();
        let counter = AtomicU64::new(0);
        let (elapsed, balances) = on_threads(|_| {
            let mut balance = 0;
            for _ in 0..records / THREADS as u64 {
                let number = counter.fetch_add(1, Ordering::Relaxed);
                balance += skipped(judge.record(black_box("actor-chain"), black_box("sender-0-0"), number));
            }
            balance
        });
        assert_eq!(balances.iter().sum::<i64>(), 0, "{}: skipped and filled numbers", J::NAME);
        elapsed
    })
}

/// How many numbers a verdict says were skipped, less those that it says came late.
fn skipped(verdict: Verdict) -> i64 {
    match verdict {
        Verdict::InOrder => 0,
        Verdict::Gap { expected, got } => i64::try_from(got - expected).unwrap_or(i64::MAX),
        Verdict::Reordered => -1,
        Verdict::Duplicate => panic!("a number that came once is called a duplicate"),
    }
}
