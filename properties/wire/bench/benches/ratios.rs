//! All arms of a comparison in turns within one process: `cargo bench -p alys-wire-bench --bench ratios`.

#![allow(clippy::print_stdout, reason = "the tables are what it is for")]

use alys_engines::measure::Stopwatch;
use alys_wire_bench::{Comparison, comparisons};

/// Rounds; they are short, so that some of them are not disturbed by what else runs.
const ROUNDS: usize = 200;

fn main() {
    let wanted: Vec<_> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    for comparison in comparisons() {
        if wanted.is_empty() || wanted.iter().any(|word| comparison.title.contains(word.as_str())) {
            table(comparison);
        }
    }
}

/// Shows the quickest round of each arm: other work can only slow an arm down.
fn table(mut comparison: Comparison) {
    let (arms, times) = (comparison.arms.len(), comparison.times);
    let mut quickest = vec![f64::MAX; arms];
    for round in 0..ROUNDS {
        // Each round begins with another arm.
        for turn in 0..arms {
            let arm = (round + turn) % arms;
            let watch = Stopwatch::start();
            (0..times).for_each(|_| comparison.arms[arm].1());
            quickest[arm] = quickest[arm].min(watch.elapsed().as_secs_f64() / f64::from(times));
        }
    }
    println!("\n{}\n\n| arm | ns | time, relative to the first |\n|---|---|---|", comparison.title);
    for ((name, _), seconds) in comparison.arms.iter().zip(&quickest) {
        println!("| {name} | {:.0} | {:.2} |", seconds * 1e9, seconds / quickest[0]);
    }
}
