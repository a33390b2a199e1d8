//! The tracker over shuttle: larger programs under random and PCT schedules, each history judged by the model.

use std::sync::Arc;

use alys_models::tracker::TrackerTransition;

use super::{history::Script, programs};
use crate::concurrent::{Plan, Program, Racing, Ran, Unexplained};

pub(crate) mod alys {
    pub(crate) use crate::under_shuttle::tracker;
    pub(crate) use shuttle::{sync::Arc, thread};
}

#[path = "target/calls.rs"]
pub mod calls;
#[path = "target/race.rs"]
pub mod race;

/// What the table of rules and the test explore.
pub const PLAN: Plan = Plan { seed: 0x0A17, programs: 400, schedules: 12 };

fn of_script(Script { before, threads }: Script) -> Program<(), TrackerTransition> {
    Program { parameters: (), prefix: before, branches: threads }
}

/// The tracker between threads of shuttle.
#[derive(Clone, Copy, Debug)]
pub struct Scheduled;

impl Racing for Scheduled {
    /// The limits are those of the script.
    type Parameters = ();
    type Action = TrackerTransition;

    const SUITE: &'static str = "tracker_shuttle";
    const TEST_PATH: &'static str = "properties::tracker_shuttle::random_schedules_are_linearizable";

    fn program(seed: u64) -> Program<(), TrackerTransition> {
        of_script(programs::program(seed))
    }

    fn small() -> Vec<Program<(), TrackerTransition>> {
        programs::small().map(of_script).collect()
    }

    fn run(program: &Arc<Program<(), TrackerTransition>>) -> Result<Ran, Unexplained> {
        race::run(&Arc::new(Script { before: program.prefix.clone(), threads: program.branches.clone() }))
    }
}
