//! How many cores the machine really gives: others may use them too.

use std::{hint::black_box, thread};

use alys_properties::measure::Stopwatch;

use crate::ratio::median;

/// Long enough to be spread over cores, short enough to be repeated before every table.
const SPINS: u64 = 10_000_000;

const SAMPLES: usize = 5;

/// How many threads of two run at once: 2.0 on two free cores, 1.0 where they share one.
///
/// Below 1.7 two threads hardly meet, and a figure about contention says little.
#[must_use]
pub fn free_cores() -> f64 {
    let alone = median((0..SAMPLES).map(|_| seconds(spin)));
    let together = median((0..SAMPLES).map(|_| seconds(two_spins)));
    2.0 * alone / together
}

fn seconds(work: fn()) -> f64 {
    let watch = Stopwatch::start();
    work();
    watch.elapsed().as_secs_f64()
}

fn spin() {
    for spin in 0..SPINS {
        black_box(spin);
    }
}

fn two_spins() {
    thread::scope(|scope| {
        scope.spawn(spin);
        spin();
    });
}
