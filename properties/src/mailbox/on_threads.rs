//! The mailbox between threads of the operating system: the twin, so that the same programs find planted faults here too.

pub(crate) use crate::concurrent::spawn;
pub(crate) use std::thread::JoinHandle;

#[path = "target/threads.rs"]
pub mod threads;
#[path = "target/words.rs"]
pub mod words;
#[path = "target/world.rs"]
pub mod world;

use std::sync::Arc;

use alys_models::mailbox::Parameters;

use super::program::{Action, Program, of_seed};
use crate::concurrent::{Racing, Ran, Unexplained};

/// The twin over the mutexes and atomics of production.
pub(crate) mod alys {
    pub(crate) use crate::twin::mailbox;
}

/// The mailbox between threads that nobody schedules.
#[derive(Clone, Copy, Debug)]
pub struct Unscheduled;

impl Racing for Unscheduled {
    type Parameters = Parameters;
    type Action = Action;

    const SUITE: &'static str = "mailbox_threads";
    const TEST_PATH: &'static str = "properties::mailbox_concurrent::threads_of_the_system_are_linearizable";

    fn program(seed: u64) -> Program {
        of_seed(seed)
    }

    fn run(program: &Arc<Program>) -> Result<Ran, Unexplained> {
        threads::run(program)
    }
}
