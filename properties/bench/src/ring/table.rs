//! How soon each library finds each fault of the ring, and how short its counterexample gets.

use alys_properties::{
    exhaustive::search_states,
    measure::Stopwatch,
    ring::{Faulty, RingFault, faulty},
};

use super::{Library, bare::Bare, hegel::Hegel, ours::Ours, quick::Quick};
use crate::hunts::{FaultTable, Hunts, Row};

/// What the tables are called.
pub const TITLE: &str = "ring: faults in four libraries";

/// Seeds that a fault is hunted from.
pub const SEEDS: u64 = 200;

/// Cases after which a fault counts as not found.
const CASES_MAX: u32 = 10_000;

/// Calls after which a search for the shortest counterexample is given up.
const DEPTH_MAX: usize = 64;

/// Hunts every fault with every library, from so many seeds; hegeltest from a tenth of them.
pub fn tables(seeds: u64) -> impl Iterator<Item = FaultTable> {
    RingFault::ALL.into_iter().map(move |fault| {
        let optimum = optimum(fault);
        let few = (seeds / 10).max(1);
        let rows = vec![
            row::<Ours>(fault, optimum, seeds),
            row::<Bare>(fault, optimum, seeds),
            row::<Quick>(fault, optimum, seeds),
            row::<Hegel>(fault, optimum, few),
        ];
        FaultTable { title: format!("ring: {}, shortest {optimum}", fault.name()), rows }
    })
}

/// The length of a shortest counterexample, by breadth-first search of all states.
fn optimum(fault: RingFault) -> usize {
    let _planted = faulty::plant(fault);
    match search_states::<Faulty>(DEPTH_MAX) {
        Err(shortest) => shortest.transitions.len(),
        Ok(searched) => panic!("{} shows in no state: {searched:?}", fault.name()),
    }
}

fn row<L: Library>(fault: RingFault, optimum: usize, seeds: u64) -> Row {
    let watch = Stopwatch::start();
    let found = (0..seeds).map(|seed| L::hunt(fault, seed, CASES_MAX)).collect();
    let hunts = Hunts { library: L::NAME, found, elapsed: watch.elapsed() };
    hunts.row(|one| one.calls == optimum)
}
