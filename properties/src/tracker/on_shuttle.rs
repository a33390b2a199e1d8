//! The tracker over shuttle: larger programs under random and PCT schedules, each history judged by the model.

use std::{
    cell::Cell,
    hash::{Hash, Hasher},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use alys_models::tracker::{TrackerOutcome, TrackerTransition};
use proptest::strategy::Just;
use rustc_hash::FxHasher;
use shuttle::{
    Config, FailurePersistence, Runner,
    scheduler::{PctScheduler, RandomScheduler, Scheduler},
};

use super::{history::Script, programs::program};
use crate::{
    linearizability::History,
    sequential::{Kill, Settings, prepare_panic_hook, run_cases},
};

pub(crate) mod alys {
    pub(crate) use crate::under_shuttle::tracker;
    pub(crate) use shuttle::{sync::Arc, thread};
}

#[path = "target/calls.rs"]
pub mod calls;
#[path = "target/race.rs"]
pub mod race;

/// The most preemptions that a PCT schedule aims at.
const PCT_DEPTH: usize = 3;

/// How much is explored.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Where programs and schedules start.
    pub seed: u64,
    /// How many programs.
    pub programs: u32,
    /// How many random schedules of each, and as many by PCT.
    pub schedules: usize,
}

/// What the table of rules and the test explore.
pub const PLAN: Plan = Plan { seed: 0x0A17, programs: 400, schedules: 12 };

/// What was explored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Explored {
    /// Schedules run.
    pub schedules: u64,
    /// Calls judged.
    pub calls: usize,
    /// A digest of every history, in the order of the schedules.
    pub digest: u64,
}

/// Explores a plan; the same plan gives the same histories.
///
/// # Errors
///
/// The first schedule that no sequential order explains, or in which the code under test panics.
pub fn explore(plan: &Plan) -> Result<Explored, Kill> {
    prepare_panic_hook();
    let progress = Arc::new(Progress::default());
    let mut calls = 0;
    for number in 0..u64::from(plan.programs) {
        let seed = plan.seed.wrapping_add(number);
        let script = Arc::new(program(seed));
        calls += script.calls() * plan.schedules * 2;
        run(RandomScheduler::new_from_seed(seed, plan.schedules), &script, &progress)?;
        run(PctScheduler::new_from_seed(seed, PCT_DEPTH, plan.schedules), &script, &progress)?;
    }
    let [schedules, digest] =
        [&progress.schedules, &progress.digest].map(|count| count.load(Ordering::Relaxed));
    Ok(Explored { schedules, calls, digest })
}

/// What the runs of an exploration have in common.
#[derive(Debug, Default)]
struct Progress {
    schedules: AtomicU64,
    digest: AtomicU64,
    broken: OnceLock<String>,
}

impl Progress {
    fn note(&self, outcome: Result<History<TrackerTransition, TrackerOutcome>, String>) {
        match outcome {
            // Set once: after it nothing runs.
            Err(message) => drop(self.broken.set(message)),
            Ok(history) => {
                let mut hasher = FxHasher::default();
                self.digest.load(Ordering::Relaxed).hash(&mut hasher);
                for operation in &history {
                    (operation.thread, operation.invoked, &operation.returned).hash(&mut hasher);
                }
                self.digest.store(hasher.finish(), Ordering::Relaxed);
            }
        }
    }
}

/// Runs one program under one scheduler. What breaks is kept and the schedules left are idle: a panic would make
/// shuttle talk.
fn run(
    scheduler: impl Scheduler + 'static,
    script: &Arc<Script>,
    progress: &Arc<Progress>,
) -> Result<(), Kill> {
    let (model, seen) = (Arc::clone(script), Arc::clone(progress));
    Runner::new(scheduler, config()).run(move || {
        if seen.broken.get().is_none() {
            seen.schedules.fetch_add(1, Ordering::Relaxed);
            seen.note(race::run(&model));
        }
    });
    let schedules = progress.schedules.load(Ordering::Relaxed);
    progress.broken.get().map_or(Ok(()), |message| {
        Err(Kill {
            cases: u32::try_from(schedules).unwrap_or(u32::MAX),
            message: message.clone(),
            steps: script.calls(),
        })
    })
}

fn config() -> Config {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    config.silence_warnings = true;
    config
}

/// Looks for the fault that is planted on this thread; answers after how many schedules it died, and how.
#[must_use]
pub fn hunt() -> Option<Kill> {
    let found = Cell::new(None);
    let explore = |()| {
        let outcome = explore(&PLAN);
        found.set(outcome.err());
    };
    // The runner's part is the quiet.
    run_cases(&Settings::new("tracker_shuttle", 1, 0), &Just(()), explore).ok()?;
    found.take()
}
