//! All arms of a comparison in turns within one process: `cargo bench -p alys-wire-bench --bench ratios`.

#![allow(clippy::print_stdout, reason = "the tables are what it is for")]

use alys_engines::measure::Stopwatch;
use alys_wire_bench::{Comparison, comparisons};

/// Rounds that count; one more comes before them.
const ROUNDS: usize = 15;

fn main() {
    let wanted: Vec<_> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    for comparison in comparisons() {
        if wanted.is_empty() || wanted.iter().any(|word| comparison.title.contains(word.as_str())) {
            table(comparison);
        }
    }
}

fn table(mut comparison: Comparison) {
    let (arms, times) = (comparison.arms.len(), comparison.times);
    let mut seconds = vec![Vec::new(); arms];
    for round in 0..=ROUNDS {
        // Each round begins with another arm.
        for turn in 0..arms {
            let arm = (round + turn) % arms;
            let watch = Stopwatch::start();
            (0..times).for_each(|_| comparison.arms[arm].1());
            seconds[arm].push(watch.elapsed().as_secs_f64() / f64::from(times));
        }
    }
    println!("\n{}\n\n| arm | ns | time, relative to the first |\n|---|---|---|", comparison.title);
    for (arm, (name, _)) in comparison.arms.iter().enumerate() {
        let ratios = (1..=ROUNDS).map(|round| seconds[arm][round] / seconds[0][round]);
        let (ratio, time) = (median(ratios.collect()), median(seconds[arm][1..].to_vec()));
        println!("| {name} | {:.0} | {ratio:.2} |", time * 1e9);
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
