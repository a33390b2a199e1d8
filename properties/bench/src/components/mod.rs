//! Planted faults of the mailbox, the tracker and supervision, hunted by four libraries.
//!
//! All of them run the same description: model, real component, comparison, and the same choice of transitions in each
//! state. What differs is how a case is drawn as a whole, and how it is shrunk.

mod bare;
mod hegel;
mod quick;

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicUsize},
};

use alys_properties::{
    cases::Stored,
    exhaustive::shortest,
    machines::{self, Visit},
    measure::Stopwatch,
    optimum::FAULTS,
    planted::{self, Fault},
    sequential::{self, Seed, StateOf, Suite, TransitionOf, quietly},
    violation::rule_of,
};
use proptest::test_runner::Config;
use proptest_state_machine::StateMachineTest;

use crate::hunts::{FaultTable, Found, Hunts};

/// What the tables are called.
pub const TITLE: &str = "components: planted faults in four libraries";

/// Seeds that a fault is hunted from.
pub const SEEDS: u64 = 200;

/// Cases after which a fault counts as not found.
const CASES_MAX: u32 = 10_000;

/// Hunts every fault whose shortest counterexample is known with every library, from so many seeds; hegeltest from a tenth
/// of them.
pub fn tables(seeds: u64) -> impl Iterator<Item = FaultTable> {
    let known = planted::live().filter(|fault| FAULTS.contains(&fault.id));
    known.filter_map(move |fault| {
        let _planted = planted::plant(fault.id);
        machines::with(fault.engine, Four { fault, seeds })
    })
}

struct Four {
    fault: &'static Fault,
    seeds: u64,
}

impl Visit for Four {
    type Output = FaultTable;

    fn visit<T: StateMachineTest + 'static>(self, suite: &'static Suite) -> FaultTable
    where
        T::Reference: Stored,
    {
        let few = (self.seeds / 10).max(1);
        let all = [
            hunts("alys", self.seeds, |seed| ours::<T>(suite, seed)),
            hunts("proptest-state-machine", self.seeds, |seed| bare::hunt::<T>(suite, seed)),
            hunts("quickcheck", self.seeds, |seed| quick::hunt::<T>(suite, seed)),
            hunts("hegeltest", few, |seed| hegel::hunt::<T>(suite, seed)),
        ];
        let optima = optima::<T>(&all);
        let optimal = |one: &Found| optima.get(&one.rule).is_some_and(|optimum| *optimum == one.calls);
        let told: Vec<_> = optima
            .iter()
            .map(|(rule, calls)| format!("{} in {calls}", rule.as_deref().unwrap_or("a panic")))
            .collect();
        let title = format!("{}: shortest {}", self.fault.id, told.join(", "));
        FaultTable { title, rows: all.iter().map(|hunts| hunts.row(optimal)).collect() }
    }
}

fn hunts(library: &'static str, seeds: u64, hunt: impl Fn(u64) -> Option<Found>) -> Hunts {
    let watch = Stopwatch::start();
    let found = (0..seeds).map(hunt).collect();
    Hunts { library, found, elapsed: watch.elapsed() }
}

fn ours<T: StateMachineTest>(suite: &Suite, seed: u64) -> Option<Found>
where
    T::Reference: Stored,
{
    let kill = sequential::hunt_from::<T>(suite, CASES_MAX, Seed::Number(seed))?;
    let rule = kill.rule().map(ToOwned::to_owned);
    Some(Found { cases: kill.cases.into(), calls: kill.steps, rule })
}

/// The shortest length for each rule that was met: exhaustive search knows none below the least that was found.
fn optima<T: StateMachineTest>(all: &[Hunts]) -> BTreeMap<Option<String>, usize>
where
    T::Reference: Stored,
{
    let mut least = BTreeMap::new();
    for found in all.iter().flat_map(Hunts::counterexamples) {
        let length = least.entry(found.rule.clone()).or_insert(found.calls);
        *length = found.calls.min(*length);
    }
    // Beyond this length a search takes minutes; what is longer is compared with the shortest that any library found.
    const SEARCHED: usize = 4;
    let known = |rule: &Option<String>, least: usize| {
        if least > SEARCHED { least } else { shortest::<T>(rule.as_deref(), least).unwrap_or(least) }
    };
    least.into_iter().map(|(rule, calls)| (rule.clone(), known(&rule, calls))).collect()
}

/// What the cases of one run came to, for libraries that end with the shortest one that failed.
#[derive(Clone, Debug, Default)]
struct Tally {
    cases: u64,
    failing: Option<(usize, String)>,
}

impl Tally {
    /// Runs a case, and says how it failed; `seen` is the counter by which proptest knows what was reached.
    fn run<T: StateMachineTest>(
        &mut self,
        initial: StateOf<T>,
        transitions: Vec<TransitionOf<T>>,
        seen: Option<Arc<AtomicUsize>>,
    ) -> Result<(), String> {
        self.cases += u64::from(self.failing.is_none());
        let calls = transitions.len();
        let outcome = quietly(|| T::test_sequential(quiet(), initial, transitions, seen));
        if let Err(message) = &outcome {
            self.failing = Some((calls, message.clone()));
        }
        outcome
    }

    fn found(&self) -> Option<Found> {
        let (calls, message) = self.failing.clone()?;
        Some(Found { cases: self.cases, calls, rule: rule_of(&message).map(ToOwned::to_owned) })
    }
}

/// proptest's own configuration, silent and without files.
fn quiet() -> Config {
    Config { failure_persistence: None, verbose: 0, ..Config::default() }
}
