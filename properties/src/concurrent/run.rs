//! Running programs under schedules.

use std::{
    hash::{Hash, Hasher},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use rustc_hash::FxHasher;
use shuttle::{
    Config, FailurePersistence, Runner,
    scheduler::{DfsScheduler, PctScheduler, RandomScheduler, Scheduler},
};
use thiserror::Error;

use super::{
    Found, Program, ProgramOf, Racing, Ran, Switches, Unexplained, minimise,
    schedule::{Following, Recording, recorded},
};
use crate::sequential::{Kill, Progress, quietly};

/// The most preemptions that a PCT schedule aims at: a bug of this depth is found with a known probability (Burckhardt and
/// others, ASPLOS 2010).
const PCT_DEPTH: usize = 3;

/// Programs of at most so many calls are explored depth first as well.
const SMALL: usize = 3;

/// The most schedules of such an exploration.
const DEPTH_FIRST_MAX: usize = 2_000;

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

/// What was explored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Explored {
    /// Programs run.
    pub programs: u32,
    /// Schedules run.
    pub schedules: u64,
    /// Pairs of calls that overlapped, in all of them.
    pub overlaps: u64,
    /// A digest of every history, in the order of the schedules.
    pub digest: u64,
}

/// Why an exploration says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "{programs} programs were run under {schedules} schedules, and no two calls overlapped: nothing was concurrent"
)]
pub struct Unmet {
    /// Programs run.
    pub programs: u32,
    /// Schedules run.
    pub schedules: u64,
}

impl Explored {
    /// Says whether the exploration was worth its name.
    ///
    /// # Errors
    ///
    /// [`Unmet`] when no two calls overlapped.
    pub fn check(&self) -> Result<(), Unmet> {
        let Explored { programs, schedules, overlaps, .. } = *self;
        if overlaps == 0 { Err(Unmet { programs, schedules }) } else { Ok(()) }
    }

    pub(super) fn note(&mut self, ran: Ran) {
        self.overlaps += ran.overlaps;
        let mut hasher = FxHasher::default();
        (self.digest, ran.digest).hash(&mut hasher);
        self.digest = hasher.finish();
    }
}

/// Explores a plan; the same plan gives the same histories.
///
/// # Errors
///
/// The first schedule that no sequential order explains, or in which the code under test panics, shrunk.
pub fn explore<R: Racing>(plan: &Plan) -> Result<Explored, Box<Found<R>>> {
    first_broken::<R>(plan).map_err(|found| Box::new(minimise::minimised(*found)))
}

fn first_broken<R: Racing>(plan: &Plan) -> Result<Explored, Box<Found<R>>> {
    let mut explored = Explored::default();
    let progress = Progress::of(R::SUITE, u64::from(plan.programs), true);
    for number in 0..u64::from(plan.programs) {
        let seed = plan.seed.wrapping_add(number);
        let program = Arc::new(R::program(seed));
        explored.programs += 1;
        progress.step();
        for scheduler in schedulers(&program, seed, plan.schedules) {
            let (tried, broken) = run_under::<R>(scheduler, &program, &mut explored);
            explored.schedules += tried;
            if let Some((switches, unexplained)) = broken {
                let program = ProgramOf::<R>::clone(&program);
                return Err(Box::new(Found { program, switches, unexplained, tried: explored.schedules }));
            }
        }
    }
    Ok(explored)
}

/// Random schedules, schedules by PCT, and, where the program is small, all of them.
fn schedulers<P, A>(program: &Program<P, A>, seed: u64, schedules: usize) -> Vec<Box<dyn Scheduler + Send>> {
    let mut all: Vec<Box<dyn Scheduler + Send>> =
        vec![Box::new(RandomScheduler::new_from_seed(seed, schedules))];
    // PCT refuses to schedule a single thread.
    if program.branches.len() > 1 {
        all.push(Box::new(PctScheduler::new_from_seed(seed, PCT_DEPTH, schedules)));
    }
    if program.calls() <= SMALL {
        all.push(Box::new(DfsScheduler::new(Some(DEPTH_FIRST_MAX), true)));
    }
    all
}

/// The first failing schedule of a program among some that follow from a seed.
pub(super) fn find<R: Racing>(
    program: &ProgramOf<R>,
    seed: u64,
    schedules: usize,
) -> Option<(Switches, Unexplained)> {
    let program = Arc::new(program.clone());
    let mut tried = schedulers(&program, seed, schedules).into_iter();
    tried.find_map(|scheduler| run_under::<R>(scheduler, &program, &mut Explored::default()).1)
}

/// Runs a program once under switches; returns those that could be made, and how it failed, if it did.
#[must_use]
pub fn replay<R: Racing>(program: &ProgramOf<R>, switches: &Switches) -> (Switches, Option<Unexplained>) {
    let (made, _, broken) = follow::<R>(program, switches);
    (made, broken)
}

/// The same, and what the one schedule showed.
pub(super) fn follow<R: Racing>(
    program: &ProgramOf<R>,
    switches: &Switches,
) -> (Switches, Explored, Option<Unexplained>) {
    let program = Arc::new(program.clone());
    let follow = Box::new(Following::new(switches.clone()));
    let (record, mut explored) = (Arc::default(), Explored::default());
    let (_, broken) = run_recorded::<R>(follow, &program, &mut explored, &record);
    (recorded(&record), explored, broken)
}

fn run_under<R: Racing>(
    scheduler: Box<dyn Scheduler + Send>,
    program: &Arc<ProgramOf<R>>,
    explored: &mut Explored,
) -> (u64, Option<(Switches, Unexplained)>) {
    let record = Arc::default();
    let (tried, broken) = run_recorded::<R>(scheduler, program, explored, &record);
    (tried, broken.map(|unexplained| (recorded(&record), unexplained)))
}

/// Stops at the first schedule that breaks: its switches stay in the record.
fn run_recorded<R: Racing>(
    scheduler: Box<dyn Scheduler + Send>,
    program: &Arc<ProgramOf<R>>,
    explored: &mut Explored,
    record: &super::schedule::Record,
) -> (u64, Option<Unexplained>) {
    let tried = Arc::new(AtomicU64::new(0));
    let seen = Arc::new(Mutex::new((*explored, None)));
    let scheduler = Ending { inner: Recording::new(scheduler, Arc::clone(record)), seen: Arc::clone(&seen) };
    let (program, count, noted) = (Arc::clone(program), Arc::clone(&tried), Arc::clone(&seen));
    let ran = quietly(|| {
        Runner::new(scheduler, config()).run(move || {
            count.fetch_add(1, Ordering::Relaxed);
            let outcome = R::run(&program);
            let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
            match outcome {
                Ok(ran) => noted.0.note(ran),
                Err(unexplained) => noted.1 = Some(unexplained),
            }
        })
    });
    let (explored_now, mut broken) = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
    *explored = explored_now;
    if let (Err(message), None) = (ran, &broken) {
        broken = Some(Unexplained { message, ..Unexplained::default() });
    }
    (tried.load(Ordering::Relaxed), broken)
}

/// What the runs of one scheduler have seen, and how the last one broke.
type Seen = Arc<Mutex<(Explored, Option<Unexplained>)>>;

/// Begins no execution after one that broke.
struct Ending<S> {
    inner: S,
    seen: Seen,
}

impl<S: Scheduler> Scheduler for Ending<S> {
    fn new_execution(&mut self) -> Option<shuttle::scheduler::Schedule> {
        let broken = self.seen.lock().unwrap_or_else(PoisonError::into_inner).1.is_some();
        if broken { None } else { self.inner.new_execution() }
    }

    fn next_task(
        &mut self,
        runnable: &[&shuttle::scheduler::Task],
        current: Option<shuttle::scheduler::TaskId>,
        yielding: bool,
    ) -> Option<shuttle::scheduler::TaskId> {
        self.inner.next_task(runnable, current, yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}

fn config() -> Config {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    config.silence_warnings = true;
    config
}

/// Looks for the fault that is planted on this thread; answers after how many schedules it died, and how.
#[must_use]
pub fn hunt<R: Racing>(plan: &Plan) -> Option<Kill> {
    let found = first_broken::<R>(plan).err()?;
    Some(Kill {
        cases: u32::try_from(found.tried).unwrap_or(u32::MAX),
        message: found.unexplained.message,
        steps: found.program.calls(),
    })
}
