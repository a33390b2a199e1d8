//! How long the search for a linearization takes at worst.

use std::{fmt, time::Duration};

use alys_models::ring::RingModel;
use alys_properties::{
    linearizability::check,
    measure::Stopwatch,
    ring::{RingSpec, Traffic},
};
use proptest::test_runner::{RngAlgorithm, TestRng};

/// What the table is called.
pub const TITLE: &str = "linearizability: histories of 30 calls by 8 threads";

/// Histories that are judged.
pub const HISTORIES: usize = 40_000;

/// What none may take.
const TARGET: Duration = Duration::from_millis(5);

/// The times of one verdict.
#[derive(Clone, Debug, Default)]
struct Times(Vec<Duration>);

/// The times of all.
#[derive(Clone, Debug, Default)]
pub struct Worst {
    accepted: Times,
    rejected: Times,
}

/// Judges histories of the ring, in some of which answers are wrong; each twice, since what a search takes is its shorter
/// time: the longer one was interrupted.
#[must_use]
pub fn worst(histories: usize) -> Worst {
    let mut rng = TestRng::from_seed(RngAlgorithm::XorShift, &[30; 16]);
    let mut worst = Worst::default();
    for round in 0..histories {
        let capacity = 1 + round % 4;
        let flaws = [0, 30, 15, 8][round / 4 % 4];
        let history = Traffic { threads: 8, operations: 30, capacity, flaws }.history(&mut rng);
        let judge = || {
            let watch = Stopwatch::start();
            let accepted = check(RingSpec(RingModel::new(capacity)), &history).is_ok();
            (accepted, watch.elapsed())
        };
        let ((accepted, first), (_, second)) = (judge(), judge());
        let times = if accepted { &mut worst.accepted } else { &mut worst.rejected };
        times.0.push(first.min(second));
    }
    worst
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let micros = |part: usize| {
            let at = (sorted.len() * part / 1000).min(sorted.len().saturating_sub(1));
            sorted.get(at).copied().unwrap_or_default().as_secs_f64() * 1e6
        };
        let (median, most, worst) = (micros(500), micros(990), micros(1000));
        write!(
            f,
            "{:6} histories, median {median:.1} us, 99 % {most:.1} us, worst {worst:.1} us",
            sorted.len()
        )
    }
}

impl fmt::Display for Worst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{TITLE}")?;
        writeln!(f, "  accepted: {}", self.accepted)?;
        writeln!(f, "  rejected: {}", self.rejected)?;
        let worst = self.accepted.0.iter().chain(&self.rejected.0).max().copied().unwrap_or_default();
        let verdict = if worst < TARGET { "holds" } else { "MISSED" };
        write!(f, "  {verdict}: under {} ms at worst", TARGET.as_millis())
    }
}
