//! The ring in four libraries: the same model, the same real ring, the same faults, the same mix of calls.
//!
//! Only what makes cases and shrinks them differs. A case is a capacity and up to `CALLS_MAX` calls; each call is made on
//! model and ring, and everything is compared after it, by the same function in all of them.

mod bare;
mod hegel;
mod ours;
mod quick;
pub mod table;

use std::cell::Cell;

use alys_models::ring::RingTransition as T;
use alys_properties::{
    ring::{self, Ring, RingFault, State},
    violation::caught,
};

use crate::{
    hunts::Found,
    ratio::{Arm, Comparison, Target},
};

/// Calls of a case at most.
const CALLS_MAX: usize = 100;

/// Every call, as often as it is drawn: pushes and pops alike, peeks half as often, clears and resizes a quarter. The
/// simplest ones first.
const CALLS: [T; 48] = calls();

const fn calls() -> [T; 48] {
    let mut calls = [T::Pop; 48];
    let mut at = 0;
    while at < 16 {
        calls[at] = T::Push((at / 4) as u8);
        at += 1;
    }
    at = 32;
    while at < 40 {
        calls[at] = T::Peek(((at - 32) / 2) as u8);
        at += 1;
    }
    while at < 44 {
        calls[at] = T::Clear;
        at += 1;
    }
    while at < 48 {
        calls[at] = T::Resize(1 + (at - 44) as u8);
        at += 1;
    }
    calls
}

/// What makes and shrinks cases.
trait Library {
    /// What the tables call it.
    const NAME: &'static str;

    /// Runs so many cases on the ring without a fault, and says how many calls they had.
    fn pass(seed: u64, cases: u32) -> u64;

    /// Runs up to so many cases on a ring with a fault, and shrinks the first that fails.
    fn hunt(fault: RingFault, seed: u64, cases: u32) -> Option<Found>;
}

/// A library whose cases are counted by [`run_case`].
trait Rival {
    /// What the tables call it.
    const NAME: &'static str;

    /// Runs cases, on a ring with a fault until the first that fails, which it shrinks; the tally is of this run.
    fn run(fault: Option<RingFault>, seed: u64, cases: u32);
}

impl<R: Rival> Library for R {
    const NAME: &'static str = R::NAME;

    fn pass(seed: u64, cases: u32) -> u64 {
        R::run(None, seed, cases);
        assert!(Tally::found().is_none(), "the ring is right");
        TALLY.get().calls
    }

    fn hunt(fault: RingFault, seed: u64, cases: u32) -> Option<Found> {
        R::run(Some(fault), seed, cases);
        Tally::found()
    }
}

/// What the cases of one run came to.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    fault: Option<RingFault>,
    /// Cases until the first that failed.
    cases: u64,
    calls: u64,
    /// Calls of the last case that failed: every library ends with its shortest.
    failing: Option<usize>,
}

thread_local! {
    static TALLY: Cell<Tally> = const { Cell::new(Tally { fault: None, cases: 0, calls: 0, failing: None }) };
}

impl Tally {
    /// Begins to count, for rings with this fault.
    fn begin(fault: Option<RingFault>) {
        TALLY.set(Tally { fault, ..Tally::default() });
    }

    fn found() -> Option<Found> {
        let Tally { cases, failing, .. } = TALLY.get();
        failing.map(|calls| Found { cases, calls, rule: None })
    }
}

/// Runs one case of a library that has no state machines, and says how it failed.
fn run_case(capacity: usize, calls: &[T]) -> Result<(), String> {
    let mut tally = TALLY.get();
    tally.cases += u64::from(tally.failing.is_none());
    tally.calls += calls.len() as u64;
    let outcome = caught(|| {
        let mut state = State::of(capacity);
        let mut real = Ring::new(capacity, tally.fault);
        for call in calls {
            state = state.step(call);
            ring::check(&mut real, &state, *call);
        }
    });
    if outcome.is_err() {
        tally.failing = Some(calls.len());
    }
    TALLY.set(tally);
    outcome
}

/// How many calls a second each library makes on a ring without a fault.
#[must_use]
pub fn comparison() -> Comparison {
    Comparison {
        title: "ring: a pure structure in four libraries".to_owned(),
        unit: "transition",
        units: 100_000,
        arms: vec![arm::<bare::Bare>(), arm::<ours::Ours>(), arm::<quick::Quick>(), arm::<hegel::Hegel>()],
        targets: vec![(ours::Ours::NAME, Target::Speed(10.0))],
    }
}

/// Runs cases until there were enough calls; the time is scaled to the number asked for.
fn arm<L: Library>() -> Arm {
    const CASES: u32 = 2_000;
    Arm::new(L::NAME, move |calls| {
        let watch = alys_properties::measure::Stopwatch::start();
        let made = L::pass(7, CASES.min(u32::try_from(calls / 40).unwrap_or(CASES)).max(10));
        watch.elapsed().mul_f64(calls as f64 / made as f64)
    })
}
