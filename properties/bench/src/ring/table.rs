//! How soon each library finds each fault of the ring, and how short its counterexample gets.

use std::fmt;

use alys_properties::{
    exhaustive::search_states,
    measure::Stopwatch,
    ring::{Faulty, RingFault, faulty},
};

use super::{Library, bare::Bare, hegel::Hegel, ours::Ours, quick::Quick};

/// What the tables are called.
pub const TITLE: &str = "ring: faults in four libraries";

/// Seeds that a fault is hunted from.
pub const SEEDS: u64 = 200;

/// Cases after which a fault counts as not found.
const CASES_MAX: u32 = 10_000;

/// Calls after which a search for the shortest counterexample is given up.
const DEPTH_MAX: usize = 64;

/// What one library made of one fault.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    library: &'static str,
    seeds: u64,
    found: u64,
    /// Of those that found it: mean cases, mean time of a hunt with shrinking, mean and greatest length, how many were optimal.
    cases: f64,
    millis: f64,
    calls: f64,
    longest: usize,
    optimal: u64,
}

/// All libraries on one fault.
#[derive(Debug)]
pub struct FaultTable {
    fault: &'static str,
    optimum: usize,
    rows: [Row; 4],
}

/// Hunts every fault with every library, from so many seeds; hegeltest from a tenth of them.
pub fn tables(seeds: u64) -> impl Iterator<Item = FaultTable> {
    RingFault::ALL.into_iter().map(move |fault| {
        let optimum = optimum(fault);
        let few = (seeds / 10).max(1);
        let rows = [
            row::<Ours>(fault, optimum, seeds),
            row::<Bare>(fault, optimum, seeds),
            row::<Quick>(fault, optimum, seeds),
            row::<Hegel>(fault, optimum, few),
        ];
        FaultTable { fault: fault.name(), optimum, rows }
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
    let found: Vec<_> = (0..seeds).filter_map(|seed| L::hunt(fault, seed, CASES_MAX)).collect();
    let mean = |sum: f64| sum / found.len() as f64;
    Row {
        library: L::NAME,
        seeds,
        found: found.len() as u64,
        cases: mean(found.iter().map(|one| one.cases as f64).sum()),
        millis: watch.elapsed().as_secs_f64() * 1000.0 / seeds as f64,
        calls: mean(found.iter().map(|one| one.calls as f64).sum()),
        longest: found.iter().map(|one| one.calls).max().unwrap_or(0),
        optimal: found.iter().filter(|one| one.calls == optimum).count() as u64,
    }
}

impl fmt::Display for FaultTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FaultTable { fault, optimum, rows } = self;
        writeln!(f, "\nring: {fault}, shortest {optimum}")?;
        writeln!(
            f,
            "  {:24} {:>11} {:>11} {:>11} {:>9} {:>9}",
            "library", "found", "cases", "ms a hunt", "length", "optimal"
        )?;
        for Row { library, seeds, found, cases, millis, calls, longest, optimal } in rows {
            let found = format!("{found} of {seeds}");
            let lengths = format!("{calls:.1}-{longest}");
            writeln!(f, "  {library:24} {found:>11} {cases:>11.1} {millis:>11.2} {lengths:>9} {optimal:>9}")?;
        }
        Ok(())
    }
}
