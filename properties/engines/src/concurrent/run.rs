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
    scheduler::{PctScheduler, RandomScheduler, Scheduler},
};
use thiserror::Error;

use super::{
    Found, Program, ProgramOf, Racing, Ran, Switches, Unexplained,
    enumerate::{DepthFirst, SCHEDULES_MAX},
    minimise,
    schedule::{Following, Recording, recorded},
};
use crate::sequential::{Kill, Progress, cases_wanted, quietly, seed_wanted};

/// The most preemptions that a PCT schedule aims at: a bug of this depth is found with a known probability (Burckhardt and
/// others, ASPLOS 2010).
const PCT_DEPTH: usize = 3;

/// Programs of at most so many calls are explored depth first as well while they are made shorter.
const SMALL: usize = 3;

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

impl Plan {
    /// The plan with what the environment says of its programs and its seed.
    #[must_use]
    pub fn wanted(self) -> Self {
        let (programs, seed) = (cases_wanted(self.programs), seed_wanted(self.seed));
        Plan { seed, programs, ..self }
    }

    /// The plan of the programs that come after these.
    pub(super) fn next(self) -> Self {
        Plan { seed: self.seed.wrapping_add(u64::from(self.programs)), ..self }
    }
}

/// What was explored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Explored {
    /// Programs run.
    pub programs: u32,
    /// Random schedules run, and schedules by PCT.
    pub schedules: u64,
    /// Small programs run under every schedule.
    pub enumerated: u32,
    /// Small programs that have more schedules than are made.
    pub cut_short: u32,
    /// The schedules of all of them.
    pub enumerated_schedules: u64,
    /// Pairs of calls that overlapped, in all of them.
    pub overlaps: u64,
    /// A digest of every history, in the order of the schedules.
    pub digest: u64,
}

/// Why an exploration says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unmet {
    /// No two calls overlapped.
    #[error(
        "{programs} programs were run under {schedules} schedules, and no two calls overlapped: nothing was concurrent"
    )]
    NothingConcurrent {
        /// Programs run.
        programs: u32,
        /// Schedules run.
        schedules: u64,
    },
    /// No small program was run under every schedule, or one has too many of them.
    #[error(
        "{enumerated} small programs were run under every schedule, and {cut_short} have more than {SCHEDULES_MAX}"
    )]
    NotEnumerated {
        /// Small programs run under every schedule.
        enumerated: u32,
        /// Small programs that were not.
        cut_short: u32,
    },
}

impl Explored {
    /// Says whether the exploration was worth its name.
    ///
    /// # Errors
    ///
    /// [`Unmet::NothingConcurrent`] when no two calls overlapped.
    pub fn check(&self) -> Result<(), Unmet> {
        let Explored { programs, schedules, overlaps, .. } = *self;
        if overlaps == 0 { Err(Unmet::NothingConcurrent { programs, schedules }) } else { Ok(()) }
    }

    /// Says whether small programs were run under every schedule, and all of them were.
    ///
    /// # Errors
    ///
    /// [`Unmet::NotEnumerated`] when there is none, or when one has too many schedules.
    pub fn check_enumerated(&self) -> Result<(), Unmet> {
        let Explored { enumerated, cut_short, .. } = *self;
        let all = enumerated > 0 && cut_short == 0;
        if all { Ok(()) } else { Err(Unmet::NotEnumerated { enumerated, cut_short }) }
    }

    /// Adds a further round; the small programs are the same in each.
    pub(super) fn and(mut self, further: &Self) -> Self {
        self.programs += further.programs;
        self.schedules += further.schedules;
        self.note(Ran { digest: further.digest, overlaps: further.overlaps });
        self
    }

    pub(super) fn note(&mut self, ran: Ran) {
        self.overlaps += ran.overlaps;
        let mut hasher = FxHasher::default();
        (self.digest, ran.digest).hash(&mut hasher);
        self.digest = hasher.finish();
    }
}

/// Explores a plan, and the small programs of the component under every schedule; the same plan gives the same histories.
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
    for program in R::small() {
        enumerate::<R>(program, &mut explored)?;
    }
    Ok(explored)
}

/// Runs a program under every schedule, as far as the limit goes.
pub(super) fn enumerate<R: Racing>(
    program: ProgramOf<R>,
    explored: &mut Explored,
) -> Result<(), Box<Found<R>>> {
    let program = Arc::new(program);
    let (scheduler, end) = DepthFirst::new();
    let (tried, broken) = run_under::<R>(Box::new(scheduler), &program, explored);
    explored.enumerated_schedules += tried;
    if let Some((switches, unexplained)) = broken {
        let tried = explored.schedules + explored.enumerated_schedules;
        return Err(Box::new(Found {
            program: ProgramOf::<R>::clone(&program),
            switches,
            unexplained,
            tried,
        }));
    }
    let counted = if end.is_reached() { &mut explored.enumerated } else { &mut explored.cut_short };
    *counted += 1;
    Ok(())
}

/// Random schedules, and schedules by PCT.
fn schedulers<P, A>(program: &Program<P, A>, seed: u64, schedules: usize) -> Vec<Box<dyn Scheduler + Send>> {
    let mut all: Vec<Box<dyn Scheduler + Send>> =
        vec![Box::new(RandomScheduler::new_from_seed(seed, schedules))];
    // PCT refuses to schedule a single thread.
    if program.branches.len() > 1 {
        all.push(Box::new(PctScheduler::new_from_seed(seed, PCT_DEPTH, schedules)));
    }
    all
}

/// The first failing schedule of a program among some that follow from a seed, and all where it is small.
pub(super) fn find<R: Racing>(
    program: &ProgramOf<R>,
    seed: u64,
    schedules: usize,
) -> Option<(Switches, Unexplained)> {
    let program = Arc::new(program.clone());
    let mut all = schedulers(&program, seed, schedules);
    if program.calls() <= SMALL {
        all.push(Box::new(DepthFirst::new().0));
    }
    all.into_iter().find_map(|scheduler| run_under::<R>(scheduler, &program, &mut Explored::default()).1)
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
