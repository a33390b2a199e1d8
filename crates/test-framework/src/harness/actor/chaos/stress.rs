//! Stress of the processor: threads compute while a worker is asked, and the answers are timed.

use std::{
    hint::black_box,
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
    },
    thread::{self, JoinHandle},
};

use alys_actor::supervision::SupervisorSpec;
use alys_properties::measure::Stopwatch;

use super::{
    super::{
        cast::Line,
        troupe::{Reach, Role, Troupe},
    },
    staged,
};
use crate::{
    chaos::{Seen, name},
    stage::{DriveError, Stage},
};

/// How many questions are timed together: long enough that the system takes the processor away meanwhile.
const BATCH: u64 = 500;

/// How many batches must be timed under stress to say anything: one may be slow for any reason.
const UNDER_MIN: usize = 5;

/// How many batches are timed while it is quiet, before and after.
const QUIET: usize = 15;

/// Times the answers of a worker before, while and after so many threads compute.
pub(crate) fn stress(seed: u64, threads: u32, iterations: u64, permille_min: u64) -> Result<Seen, String> {
    staged(seed, false, move |stage| stressed(stage, threads, iterations, permille_min))
}

async fn stressed(
    stage: Stage,
    threads: u32,
    iterations: u64,
    permille_min: u64,
) -> Result<Seen, DriveError> {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let worker = troupe.engage("worker", Role::default())?;
    troupe.start("root")?;
    let mut seen = Seen { attempted: 1, worker: Some(worker.name.to_string()), ..Seen::default() };
    let mut quiet = Vec::new();
    for _ in 0..QUIET {
        quiet.push(batch(&stage, &worker).await);
    }
    let busy = Busy::start(threads, iterations);
    let mut under = Vec::new();
    while busy.still() {
        let took = batch(&stage, &worker).await;
        // One that outlasted the threads was not all under stress.
        under.extend(busy.still().then_some(took));
    }
    let computed = busy.join()?;
    let mut after = Vec::new();
    for _ in 0..QUIET {
        after.push(batch(&stage, &worker).await);
    }
    seen.count("steps that the threads computed", computed);
    seen.measure("batches under stress", f64::from(u32::try_from(under.len()).unwrap_or(u32::MAX)));
    // The best of the quiet ones: what else the machine does makes a batch slower, and never faster.
    let best = after.iter().copied().fold(f64::INFINITY, f64::min);
    let quiet = quiet.into_iter().fold(best, f64::min);
    if quiet > 0.0 && quiet.is_finite() {
        seen.measure("milliseconds of a quiet batch", quiet * 1000.0);
        let enough = under.len() >= UNDER_MIN;
        let under = median(&mut under).filter(|_| enough).map(|slow| slow / quiet * 1000.0);
        let after = best / quiet * 1000.0;
        seen.measured.extend(under.map(|permille| (name::SLOWDOWN_PERMILLE.to_owned(), permille)));
        seen.measure("slowdown afterwards in thousandths", after);
        #[allow(clippy::cast_precision_loss, reason = "a limit is far below 2^53")]
        let recovered = after < permille_min as f64;
        seen.recovered = recovered.into();
    }
    troupe.end().await?;
    Ok(seen)
}

/// Asks so many times, and returns the seconds that it took.
async fn batch(stage: &Stage, worker: &Reach) -> f64 {
    let watch = Stopwatch::start();
    for number in 0..BATCH {
        // What is timed is the time until it is told, whatever it is.
        let _ = worker.ask(Line::new("prober", number)).await;
    }
    let took = watch.elapsed().as_secs_f64();
    // Nobody reads these events, and there is no end to them.
    drop(stage.take());
    took
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Threads that compute.
struct Busy {
    left: Arc<AtomicU32>,
    threads: Vec<JoinHandle<u64>>,
}

impl Busy {
    /// Starts them; returns when all run.
    fn start(threads: u32, iterations: u64) -> Self {
        let left = Arc::new(AtomicU32::new(threads));
        let started = Arc::new(Barrier::new(threads as usize + 1));
        let busy = |_| {
            let (left, started) = (Arc::clone(&left), Arc::clone(&started));
            thread::spawn(move || {
                started.wait();
                let computed = compute(iterations);
                left.fetch_sub(1, Ordering::Relaxed);
                computed
            })
        };
        let threads = (0..threads).map(busy).collect();
        started.wait();
        Self { left, threads }
    }

    /// Says whether all of them still compute.
    fn still(&self) -> bool {
        self.left.load(Ordering::Relaxed) as usize == self.threads.len()
    }

    /// Waits for them, and returns how many steps they computed together.
    fn join(self) -> Result<u64, DriveError> {
        let panicked = |_| DriveError::new("a thread that computes", "it panicked");
        self.threads.into_iter().map(|thread| thread.join().map_err(panicked)).sum()
    }
}

/// Computes so many steps that no compiler can leave out, and counts them.
fn compute(iterations: u64) -> u64 {
    let mut value = iterations;
    let mut computed = 0;
    while computed < iterations {
        value = black_box(value.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        computed += 1;
    }
    computed
}
