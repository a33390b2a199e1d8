//! How often the counterexamples of the sequential engine are as short as any.

use std::{collections::BTreeMap, fmt, time::Duration};

use proptest_state_machine::StateMachineTest;

use crate::{
    cases::Stored,
    exhaustive::{shortest, shortest_by_states},
    machines::{self, Visit},
    measure::Stopwatch,
    planted::{self, Fault},
    ring::{self, RingFault},
    sequential::{self, Kill, Seed, Suite},
    small::Small,
};

/// Planted faults whose shortest counterexample the exhaustive engine knows: of order, of wake-ups that need a send, a poll
/// and what frees the room, of counters, of time. Left out are those that break another rule first from some seeds, of which
/// nobody knows the shortest sequence: too many are six transitions long.
pub const FAULTS: [&str; 14] = [
    "capacity_off_by_one",
    "clear_admits_too_many",
    "lowest_lane_first",
    "admitted_sender_not_woken",
    "permit_released_late",
    "turn_forgets_wakes",
    "try_send_barges",
    "close_ignored_when_full",
    "refused_waiters_not_counted",
    "gap_ends_too_early",
    "question_opens_the_keys",
    "list_one_too_long",
    "failed_attempt_forgotten",
    "force_spares",
];

/// Cases after which a fault counts as not found.
const CASES: u32 = 50_000;

/// What came of one fault.
#[derive(Clone, Debug, Default)]
pub struct Optimality {
    /// The fault.
    pub fault: &'static str,
    /// From how many seeds it was hunted.
    pub seeds: u64,
    /// How many counterexamples were of each rule and length.
    pub found: BTreeMap<(String, usize), u64>,
    /// From how many seeds the counterexample was as short as any for its rule.
    pub optimal: u64,
    /// The time of all hunts, shrinking included.
    pub elapsed: Duration,
}

impl fmt::Display for Optimality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.elapsed.as_secs_f64() * 1000.0 / self.seeds as f64;
        write!(f, "{}: {} of {} optimal, {millis:.1} ms each:", self.fault, self.optimal, self.seeds)?;
        self.found.iter().try_for_each(|((rule, len), times)| write!(f, " {rule} in {len} ({times}x)"))
    }
}

/// Hunts a fault from so many seeds.
///
/// # Panics
///
/// When there is no such fault, when its engine has no small world, or when it survives a hunt.
#[must_use]
pub fn judge(fault: &'static str, seeds: u64) -> Optimality {
    let Some(fault) = planted::live().find(|one| one.id == fault) else { panic!("no fault `{fault}`") };
    let _planted = planted::plant(fault.id);
    let judged = machines::with(fault.engine, Judge { fault, seeds });
    judged.unwrap_or_else(|| panic!("{:?} runs no transitions", fault.engine))
}

struct Judge {
    fault: &'static Fault,
    seeds: u64,
}

impl Visit for Judge {
    type Output = Optimality;

    fn visit<T: StateMachineTest + 'static>(self, suite: &'static Suite) -> Optimality
    where
        T::Reference: Stored,
    {
        of::<T>(self.fault, suite, self.seeds)
    }
}

/// Hunts a fault of the ring from so many seeds; what is shortest, breadth-first search of all states says.
///
/// # Panics
///
/// When it survives a hunt.
#[must_use]
pub fn judge_ring(fault: RingFault, seeds: u64) -> Optimality {
    let _planted = ring::faulty::plant(fault);
    let hunt = |seed| sequential::hunt_drawn::<ring::Faulty>(&ring::RING, CASES, seed);
    hunted(fault.name(), seeds, hunt, shortest_by_states::<ring::Faulty>)
}

fn of<T: StateMachineTest>(fault: &'static Fault, suite: &Suite, seeds: u64) -> Optimality
where
    T::Reference: Small,
{
    hunted(fault.id, seeds, |seed| sequential::hunt_from::<T>(suite, CASES, seed), shortest::<T>)
}

/// Hunts from each seed, then asks for each rule that was met what its shortest counterexample is.
fn hunted(
    fault: &'static str,
    seeds: u64,
    hunt: impl Fn(Seed) -> Option<Kill>,
    shortest: impl Fn(Option<&str>, usize) -> Option<usize>,
) -> Optimality {
    let mut judged = Optimality { fault, seeds, ..Optimality::default() };
    let watch = Stopwatch::start();
    for seed in 0..seeds {
        let Some(kill) = hunt(Seed::Number(seed)) else { panic!("{fault} survived seed {seed}") };
        let rule = kill.rule().unwrap_or("a panic").to_owned();
        *judged.found.entry((rule, kill.steps)).or_default() += 1;
    }
    judged.elapsed = watch.elapsed();
    // Of what one rule was found broken by, only the shortest can be as short as any.
    let mut least = BTreeMap::new();
    for ((rule, len), times) in &judged.found {
        least.entry(rule).or_insert((*len, *times));
    }
    for (rule, (len, times)) in least {
        let rule = Some(rule.as_str()).filter(|rule| *rule != "a panic");
        judged.optimal += if shortest(rule, len) == Some(len) { times } else { 0 };
    }
    judged
}
