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

use std::sync::Arc;

use alys_models::mailbox::Parameters;

use super::program::{self, Action, Program, of_seed};
use crate::concurrent::{Plan, Racing, Ran, Unexplained};

/// The twin over shuttle's mutexes and atomics.
pub(crate) mod alys {
    pub(crate) use crate::under_shuttle::mailbox;
}

/// What the main job explores.
pub const PLAN: Plan = Plan { seed: 1, programs: 1_000, schedules: 25 };

/// The mailbox between threads of shuttle.
#[derive(Clone, Copy, Debug)]
pub struct Scheduled;

impl Racing for Scheduled {
    type Parameters = Parameters;
    type Action = Action;

    const SUITE: &'static str = "mailbox_shuttle";
    const TEST_PATH: &'static str = "properties::mailbox_concurrent::shuttle_three_threads_are_linearizable";

    fn program(seed: u64) -> Program {
        of_seed(seed)
    }

    fn small() -> Vec<Program> {
        program::small()
    }

    fn run(program: &Arc<Program>) -> Result<Ran, Unexplained> {
        threads::run(program)
    }
}
