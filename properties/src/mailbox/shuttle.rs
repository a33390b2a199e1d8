//! The mailbox under shuttle: random programs of three threads under random and PCT schedules.

pub(crate) use ::shuttle::thread::{JoinHandle, spawn};

#[path = "target/ends.rs"]
pub mod ends;
#[path = "target/threads.rs"]
pub mod threads;
#[path = "target/words.rs"]
pub mod words;
#[path = "target/world.rs"]
pub mod world;

use ::shuttle::{
    Config, Runner,
    scheduler::{PctScheduler, RandomScheduler, Scheduler},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use proptest::test_runner::{RngAlgorithm, TestRng};

use super::program::{Program, random};
use crate::{
    scenarios::{Broken, Scenario},
    sequential::prepare_panic_hook,
    violation::caught,
};

/// The twin over shuttle's mutexes and atomics.
pub(crate) mod alys {
    pub(crate) use crate::under_shuttle::mailbox;
}

/// Schedules for each program, of each kind.
const SCHEDULES: usize = 25;

/// How many of the delays that PCT inserts; a bug of this depth is found with a known probability.
const PCT_DEPTH: usize = 3;

/// The seed that the programs are drawn from.
const PROGRAM_SEED: u64 = 1;

/// So many random programs, each under random and PCT schedules.
#[must_use]
pub fn programs(count: usize) -> Vec<Scenario> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&PROGRAM_SEED.to_le_bytes());
    let mut source = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let numbered = (0..count).map(|number| (number, random(&mut source, 3, 4)));
    numbered
        .map(|(number, program)| {
            Scenario::new(format!("program {number}"), move || run(&program, number as u64))
        })
        .collect()
}

fn run(program: &Program, seed: u64) -> Result<u64, Broken> {
    let random = schedule(program, RandomScheduler::new_from_seed(seed, SCHEDULES))?;
    Ok(random + schedule(program, PctScheduler::new_from_seed(seed, PCT_DEPTH, SCHEDULES))?)
}

fn schedule(program: &Program, scheduler: impl Scheduler + 'static) -> Result<u64, Broken> {
    let (model, tried) = (program.clone(), Arc::new(AtomicU64::new(0)));
    let mut config = Config::new();
    config.failure_persistence = ::shuttle::FailurePersistence::None;
    config.silence_warnings = true;
    let count = Arc::clone(&tried);
    prepare_panic_hook();
    let ran = caught(|| {
        Runner::new(scheduler, config).run(move || {
            count.fetch_add(1, Ordering::Relaxed);
            threads::run(&model);
        })
    });
    let tried = tried.load(Ordering::Relaxed);
    ran.map(|_| tried).map_err(|message| Broken { tried, message: format!("{message}program: {program:?}") })
}
