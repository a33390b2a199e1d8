//! The laws of the supervision tree, checked by quickcheck from a fixed seed and at the edges.

use std::{cell::Cell, rc::Rc};

use quickcheck::{Arbitrary, Gen, QuickCheck, TestResult, Testable};

use super::{
    actor_laws::{Law, named},
    faulty, real,
};
use crate::{
    scenarios::{self, Broken, Scenario},
    sequential::{Kill, Persistence},
    violation::caught,
};

/// The laws of one target, as plain functions, so that the real one and the twin are held to the same text.
#[derive(Clone, Copy, Debug)]
pub struct Laws {
    /// Judges the delay of an attempt.
    pub delay: fn(Growth),
    /// Judges the delays of one child: the delay, the share that may be taken off, and the seed.
    pub jitter: fn(u64, u16, u64),
    /// The others.
    pub others: [&'static [Law]; 2],
}

/// The laws of supervision as it ships.
pub const REAL: Laws = {
    use real::{refusals, tree_laws};
    Laws {
        delay: tree_laws::a_delay_grows_exactly,
        jitter: tree_laws::jitter_shortens_by_its_share,
        others: [tree_laws::OTHERS, refusals::LAWS],
    }
};

/// The laws of the twin.
pub const FAULTY: Laws = {
    use faulty::{refusals, tree_laws};
    Laws {
        delay: tree_laws::a_delay_grows_exactly,
        jitter: tree_laws::jitter_shortens_by_its_share,
        others: [tree_laws::OTHERS, refusals::LAWS],
    }
};

/// The laws that need what only a shell may call, which the twin lets be called.
pub const OF_NAMES: &[Law] = faulty::names::LAWS;

/// A backoff and an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// The first delay, in nanoseconds.
    pub initial: u64,
    /// Of the multiplier; not below the denominator.
    pub numerator: u32,
    /// Of the multiplier.
    pub denominator: u32,
    /// What the longest delay is above the first, in nanoseconds.
    pub above: u64,
    /// The number of the attempt.
    pub attempt: u32,
}

/// Attempts up to which a law multiplies powers out.
const ATTEMPTS: u32 = 200;

impl Arbitrary for Growth {
    fn arbitrary(g: &mut Gen) -> Self {
        let small = u32::arbitrary(g) % 12;
        let factors = [1, 2, 3, 7, 10, 1_000_003, 1 << 31, u32::MAX];
        let factor = |g: &mut Gen| (*g.choose(&factors).unwrap_or(&1)).max(u32::arbitrary(g) % 9);
        let (one, other) = (factor(g), factor(g));
        let bits = |g: &mut Gen| u64::arbitrary(g).checked_shr(u32::arbitrary(g) % 65).unwrap_or(0);
        Growth {
            initial: bits(g),
            numerator: one.max(other),
            denominator: one.min(other),
            above: bits(g),
            attempt: if bool::arbitrary(g) { small } else { u32::arbitrary(g) % ATTEMPTS },
        }
    }
}

impl Laws {
    /// Every law, each a scenario; what it tries are inputs.
    #[must_use]
    pub fn scenarios(self) -> Vec<Scenario> {
        let drawn = [
            Scenario::new("jitter", move || {
                check(2_000, move |g| {
                    let delay = u64::arbitrary(g) % 1_000_000_000_000;
                    let permille = u16::arbitrary(g) % 1001;
                    let seed = u64::arbitrary(g);
                    caught(|| (self.jitter)(delay, permille, seed))
                })
            }),
            Scenario::new("delays", move || {
                check(30_000, move |g| {
                    let growth = Growth::arbitrary(g);
                    caught(|| (self.delay)(growth)).map_err(|message| format!("{message} ({growth:?})"))
                })
            }),
        ];
        // The shortest first, so that a hunt ends early.
        self.others.into_iter().flat_map(named).chain(drawn).collect()
    }
}

/// Looks for the fault that is planted on this thread with every law; `None` when none of them finds it.
#[must_use]
pub fn hunt() -> Option<Kill> {
    let all = named(OF_NAMES).into_iter().chain(FAULTY.scenarios()).collect();
    let found = scenarios::run("hunt", &Persistence::None, all).err()?;
    Some(Kill { cases: u32::try_from(found.tried).unwrap_or(u32::MAX), steps: 1, message: found.message })
}

/// The seed of the generated inputs.
const SEED: u64 = 7;

/// Runs a law on so many drawn inputs.
fn check(inputs: u64, law: impl Fn(&mut Gen) -> Result<(), String> + 'static) -> Result<u64, Broken> {
    let log = Rc::new(Log::default());
    let drawn = Drawn { law, log: Rc::clone(&log) };
    let mut check = QuickCheck::new().rng(Gen::from_size_and_seed(100, SEED)).tests(inputs).max_tests(inputs);
    let checked = check.quicktest(drawn);
    checked.map_err(|_| Broken { tried: log.tried.get(), message: log.message.take() })
}

/// What a check has tried, and how it broke.
#[derive(Default)]
struct Log {
    tried: Cell<u64>,
    message: Cell<String>,
}

/// A law that draws its own input.
struct Drawn<L> {
    law: L,
    log: Rc<Log>,
}

impl<L: Fn(&mut Gen) -> Result<(), String> + 'static> Testable for Drawn<L> {
    fn result(&self, g: &mut Gen) -> TestResult {
        self.log.tried.set(self.log.tried.get() + 1);
        let Err(message) = (self.law)(g) else { return TestResult::passed() };
        self.log.message.set(message);
        TestResult::failed()
    }
}
