//! The suite of plans: those that are stored first, then drawn ones; one that fails is made as simple as it gets, shown and stored.

use std::cell::RefCell;

use alys_engines::cases::{self, Verdict};
use alys_engines::draw::Fixed;
use alys_engines::measure::Stopwatch;
use alys_engines::sequential::{
    Failure, Passed, Persistence, Progress, RunReport, Seed, Settings, Stopped, Suite, cases_wanted,
    run_cases, seconds_wanted, shown as shortened, told as found,
};
use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy};
use proptest::test_runner::TestRunner;

use super::alys::simulated::Plan;
use super::drawn;
use super::plan_cases::{case_of, replay_all, shown};
use super::plan_labels::record;
use super::plan_simpler::least;
use super::plans::{self, Met};

/// Draws plans. They are made simpler elsewhere, so the shrinker has nothing to do.
#[derive(Clone, Copy, Debug)]
struct Plans;

impl Strategy for Plans {
    type Tree = Fixed<Plan>;
    type Value = Plan;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        Ok(Fixed(drawn::plan(runner.rng().next_u64())))
    }
}

/// Plays the stored plans, then drawn ones: as many as the suite says, or the environment.
///
/// # Errors
///
/// The first plan that fails, as simple as it gets; or that stored ones are stale or unreadable.
pub fn run(suite: &Suite, persistence: Persistence, seed: Seed) -> Result<(RunReport, Met), Box<Stopped>> {
    let (seconds, watch) = (seconds_wanted(), Stopwatch::start());
    let held = held(suite, &persistence)?;
    let new = Settings::new(suite.name, cases_wanted(suite.cases), seed.number());
    let mut settings = Settings { persistence, ..new };
    let (first, mut sum) = (settings.seed, Passed { generated: 0, replayed: 0 });
    let met = RefCell::new(Met::default());
    loop {
        let progress =
            Progress::of(suite.name, u64::from(settings.cases), settings.persistence != Persistence::None);
        let passed = run_cases(&settings, &Plans, |plan| {
            progress.step();
            let of_plan = plans::play(plan.clone());
            record(&plan, &of_plan);
            met.borrow_mut().add(&of_plan);
        });
        let passed = passed.map_err(|failure| broken(suite, &settings, *failure))?;
        sum = Passed {
            generated: sum.generated + passed.generated,
            replayed: sum.replayed.max(passed.replayed),
        };
        if seconds.is_none_or(|seconds| watch.elapsed().as_secs() >= seconds) {
            break;
        }
        settings.seed = settings.seed.wrapping_add(1);
    }
    let met = met.into_inner();
    let report = RunReport {
        suite: suite.name,
        cases: sum.generated,
        replayed: sum.replayed,
        cases_held: held,
        transitions: met.moments,
        seed: first,
        elapsed: watch.elapsed(),
    };
    Ok((report, met))
}

/// Plays the stored plans; returns how many hold.
fn held(suite: &Suite, persistence: &Persistence) -> Result<u32, Box<Stopped>> {
    let Some(directory) = persistence.cases(suite.name) else { return Ok(0) };
    let (mut held, mut stale) = (0, Vec::new());
    for case in replay_all(suite, &directory).map_err(|error| Box::new(Stopped::Case(error)))? {
        match case.verdict {
            Verdict::Holds => held += 1,
            Verdict::Broken(counterexample) => return Err(Box::new(Stopped::Broken(counterexample))),
            Verdict::Stale(why) => stale.push(format!("{}: {why}", shortened(&case.path))),
        }
    }
    if stale.is_empty() { Ok(held) } else { Err(Box::new(Stopped::Stale(stale))) }
}

/// Makes a failing plan as simple as it gets, shows and stores it.
fn broken(suite: &Suite, settings: &Settings, failure: Failure<Plan>) -> Box<Stopped> {
    let mut counterexample = found(suite, settings, &failure);
    let Some(plan) = failure.value else { return Box::new(Stopped::Broken(Box::new(counterexample))) };
    let least = least(plan, failure.message, &plans::fails);
    let told = plans::told(&least.plan);
    counterexample = shown(counterexample, &least.plan, &told);
    if let Some(directory) = settings.persistence.cases(suite.name) {
        let case = case_of(suite.name, &least.plan, &told);
        counterexample.stored.push(match cases::store(&directory, &case) {
            Ok(path) => shortened(&path),
            Err(error) => format!("nothing more: {error}"),
        });
    }
    Box::new(Stopped::Broken(Box::new(counterexample)))
}
