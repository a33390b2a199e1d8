//! Prints every table of ratios, each from interleaved rounds; words on the command line choose tables by title.
//!
//! `cargo bench -p alys-bench --bench ratios -- tracker suites`

use alys_bench::{
    comparisons, components, linearizability, parallel::free_cores, ratio::interleaved, ring, scale,
    supervision,
};
use alys_properties::sequential::announce;

/// Rounds that count.
const ROUNDS: usize = 15;

/// Under `cargo test` every arm is only shown to work.
const TEST_UNITS: u64 = 1_000;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let measuring = arguments.iter().any(|argument| argument == "--bench");
    let words: Vec<_> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |title: &str| words.is_empty() || words.iter().any(|word| title.contains(*word));
    let (rounds, scale_down) = if measuring { (ROUNDS, 1) } else { (1, 100) };
    // First, because memory that another table needed may stay resident.
    if wanted("scale") {
        scale::curves(rounds, scale_down).iter().for_each(|curve| announce(&curve.to_string()));
    }
    if wanted(supervision::TITLE) {
        announce(&supervision::curve(rounds, scale_down).to_string());
    }
    if wanted(linearizability::TITLE) {
        announce(&linearizability::worst(linearizability::HISTORIES / scale_down as usize).to_string());
    }
    if wanted(ring::table::TITLE) {
        let seeds = if measuring { ring::table::SEEDS } else { 1 };
        ring::table::tables(seeds).for_each(|table| announce(&table.to_string()));
    }
    if wanted(components::TITLE) {
        let seeds = if measuring { components::SEEDS } else { 1 };
        components::tables(seeds).for_each(|table| announce(&table.to_string()));
    }
    for comparison in comparisons() {
        if wanted(&comparison.title) {
            let units = if measuring { comparison.units } else { TEST_UNITS };
            let table = interleaved(rounds, units, comparison);
            announce(&format!("{table}  free cores just after: {:.1} of 2", free_cores()));
        }
    }
}
