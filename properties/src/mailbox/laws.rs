//! The laws of the mailbox, checked by quickcheck from a fixed seed and at the edges.

use std::{cell::Cell, rc::Rc, time::Duration};

use quickcheck::{Arbitrary, Gen, QuickCheck, TestResult, Testable};

use crate::{
    scenarios::{Broken, Scenario},
    violation::caught,
};

/// A law with its name, which is told how long to wait for what should happen at once.
pub type NamedLaw = (&'static str, fn(Duration));

/// The laws of one target, as plain functions, so that the real one and the twin are held to the same text.
#[derive(Clone, Copy, Debug)]
pub struct Laws {
    /// Judges a configuration: capacity, aging, warning and critical threshold.
    pub configuration: fn(usize, Option<u64>, u16, u16),
    /// Judges a backpressure state: capacity, warning and critical threshold, fill.
    pub backpressure: fn(usize, u16, u16, usize),
    /// Judges that a receiver which never waits yields.
    pub yields: fn(),
    /// Judges that a long turn wakes on the way.
    pub turn: fn(),
    /// The laws at the edges, by name: what is to happen at once is given so much time before it counts as a hang.
    pub edges: fn() -> Vec<NamedLaw>,
    /// That time, which only a hang uses up.
    pub patience: Duration,
}

/// The laws of the mailbox as it ships.
pub const REAL: Laws = {
    use super::real::{edges, laws};
    Laws {
        configuration: laws::a_configuration_is_judged,
        backpressure: laws::backpressure_changes_at_its_thresholds,
        yields: laws::a_receiver_that_never_waits_yields,
        turn: laws::a_long_turn_wakes_on_the_way,
        edges: || edges::laws().collect(),
        patience: Duration::from_secs(20),
    }
};

/// The laws of the twin.
pub const FAULTY: Laws = {
    use super::faulty::{edges, laws};
    Laws {
        configuration: laws::a_configuration_is_judged,
        backpressure: laws::backpressure_changes_at_its_thresholds,
        yields: laws::a_receiver_that_never_waits_yields,
        turn: laws::a_long_turn_wakes_on_the_way,
        edges: || edges::laws().collect(),
        // Here hangs are expected: a planted fault that holds the lock must not hold up the hunt.
        patience: Duration::from_millis(400),
    }
};

/// A number that is often at an edge.
#[derive(Clone, Copy, Debug)]
struct Edgy(u64);

impl Arbitrary for Edgy {
    fn arbitrary(g: &mut Gen) -> Self {
        let edges =
            [0, 1, 2, 3, 9, 10, 11, 499, 500, 999, 1000, 1001, u64::from(u32::MAX), 1 << 32, u64::MAX];
        let near = *g.choose(&edges).unwrap_or(&0);
        Edgy(if bool::arbitrary(g) { near } else { u64::arbitrary(g) })
    }
}

impl Laws {
    /// Every law, each a scenario; what it tries are inputs.
    #[must_use]
    pub fn scenarios(self) -> Vec<Scenario> {
        let whole = [
            Scenario::new("configurations", move || {
                each(configurations(), |(capacity, every, warning, critical)| {
                    (self.configuration)(capacity, every, warning, critical);
                })
            }),
            Scenario::new("yields", move || each([()], |()| (self.yields)())),
            Scenario::new("turns", move || each([()], |()| (self.turn)())),
            Scenario::new("thresholds", move || self.check_thresholds()),
        ];
        let edges = (self.edges)()
            .into_iter()
            .map(move |(name, law)| Scenario::new(name, move || each([self.patience], law)));
        whole.into_iter().chain(edges).collect()
    }

    fn check_thresholds(self) -> Result<u64, Broken> {
        let inputs = Rc::new(Cell::new(0));
        let law = Thresholds { law: self.backpressure, inputs: Rc::clone(&inputs) };
        let mut check =
            QuickCheck::new().rng(Gen::from_size_and_seed(100, SEED)).tests(20_000).max_tests(20_000);
        let checked = check.quicktest(law);
        checked.map_err(|result| Broken { tried: inputs.get(), message: format!("{result:?}") })
    }
}

/// Checks a law on each of some inputs.
fn each<T>(inputs: impl IntoIterator<Item = T>, law: impl Fn(T)) -> Result<u64, Broken> {
    let mut tried = 0;
    for input in inputs {
        tried += 1;
        caught(|| law(input)).map_err(|message| Broken { tried, message })?;
    }
    Ok(tried)
}

/// Capacities and aging at the edge, with every pair of thresholds at theirs.
fn configurations() -> impl Iterator<Item = (usize, Option<u64>, u16, u16)> {
    const EDGES: [u16; 8] = [0, 1, 2, 500, 999, 1000, 1001, u16::MAX];
    let thresholds = EDGES.into_iter().flat_map(|warning| EDGES.map(|critical| (warning, critical)));
    let shapes =
        [(0, None), (1, None), (1, Some(0)), (1, Some(1)), (0, Some(0)), (usize::MAX, Some(u64::MAX))];
    thresholds.flat_map(move |(warning, critical)| {
        shapes.map(|(capacity, every)| (capacity, every, warning, critical))
    })
}

/// The seed of the generated inputs.
const SEED: u64 = 7;

/// The law of the thresholds, for quickcheck: any capacity, thresholds in order, any fill up to the capacity.
struct Thresholds {
    law: fn(usize, u16, u16, usize),
    inputs: Rc<Cell<u64>>,
}

impl Testable for Thresholds {
    fn result(&self, g: &mut Gen) -> TestResult {
        self.inputs.set(self.inputs.get() + 1);
        let share = |g: &mut Gen| 1 + (Edgy::arbitrary(g).0 % 1000) as u16;
        let capacity = (Edgy::arbitrary(g).0 as usize).max(1);
        let (one, other) = (share(g), share(g));
        let len = near(g, capacity, one.max(other));
        match caught(|| (self.law)(capacity, one.min(other), one.max(other), len)) {
            Ok(()) => TestResult::passed(),
            Err(message) => TestResult::error(message),
        }
    }
}

/// A fill from 0 to the capacity: anywhere, or beside the threshold.
fn near(g: &mut Gen, capacity: usize, permille: u16) -> usize {
    let anywhere = (u64::arbitrary(g) as usize).checked_rem(capacity.saturating_add(1)).unwrap_or(capacity);
    let threshold = (capacity as u128 * u128::from(permille) / 1000) as usize;
    let beside = [threshold, threshold.saturating_add(1), threshold.saturating_sub(1), capacity];
    let near = *g.choose(&beside).unwrap_or(&0);
    if bool::arbitrary(g) { anywhere } else { near.min(capacity) }
}
