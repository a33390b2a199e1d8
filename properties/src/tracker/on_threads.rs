//! The tracker between threads of the operating system: the twin, so that the same programs find planted faults here too.

use std::sync::Arc;

use alys_models::tracker::TrackerTransition;

use super::{history::Script, programs::program};
use crate::concurrent::{Program, Racing, Ran, Unexplained};

pub(crate) mod alys {
    pub(crate) use crate::twin::tracker;
    pub(crate) use std::sync::Arc;

    pub(crate) mod thread {
        pub(crate) use crate::concurrent::spawn;
    }
}

#[path = "target/calls.rs"]
pub mod calls;
#[path = "target/race.rs"]
pub mod race;

/// The tracker between threads that nobody schedules.
#[derive(Clone, Copy, Debug)]
pub struct Unscheduled;

impl Racing for Unscheduled {
    /// The limits are those of the script.
    type Parameters = ();
    type Action = TrackerTransition;

    const SUITE: &'static str = "tracker_threads";
    const TEST_PATH: &'static str = "properties::tracker_shuttle::threads_of_the_system_are_linearizable";

    fn program(seed: u64) -> Program<(), TrackerTransition> {
        let Script { before, threads } = program(seed);
        Program { parameters: (), prefix: before, branches: threads }
    }

    fn run(program: &Arc<Program<(), TrackerTransition>>) -> Result<Ran, Unexplained> {
        race::run(&Arc::new(Script { before: program.prefix.clone(), threads: program.branches.clone() }))
    }
}
