//! The mailbox under shuttle: random programs of three threads under random and PCT schedules.

pub(crate) use ::shuttle::thread::{JoinHandle, spawn};

#[path = "target/ends.rs"]
pub mod ends;
#[path = "target/threads.rs"]
pub mod threads;
#[path = "target/words.rs"]
pub mod words;

use ::shuttle::{
    Config, Runner,
    scheduler::{PctScheduler, RandomScheduler, Scheduler},
};
use proptest::test_runner::{RngAlgorithm, TestRng};

use super::program::{Program, random};
use crate::violation::caught;

/// The twin over shuttle's mutexes and atomics.
pub(crate) mod alys {
    pub(crate) use crate::under_shuttle::mailbox;
}

/// Schedules for each program, of each kind.
const SCHEDULES: usize = 25;

/// How many of the delays that PCT inserts; a bug of this depth is found with a known probability.
const PCT_DEPTH: usize = 3;

/// The programs of a seed, one after the other.
pub fn programs(seed: u64) -> impl Iterator<Item = Program> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut source = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    std::iter::repeat_with(move || random(&mut source, 3, 4))
}

/// Runs a program under random and PCT schedules of this seed, and returns how many there were.
///
/// # Errors
///
/// The violation or panic that a schedule raises.
pub fn run(program: &Program, seed: u64) -> Result<usize, String> {
    let random = schedule(program, RandomScheduler::new_from_seed(seed, SCHEDULES))?;
    Ok(random + schedule(program, PctScheduler::new_from_seed(seed, PCT_DEPTH, SCHEDULES))?)
}

fn schedule(program: &Program, scheduler: impl Scheduler + 'static) -> Result<usize, String> {
    let model = program.clone();
    let mut config = Config::new();
    config.failure_persistence = ::shuttle::FailurePersistence::None;
    config.silence_warnings = true;
    caught(|| Runner::new(scheduler, config).run(move || threads::run(&model)))
        .map_err(|message| format!("{message}program: {program:?}"))
}
