//! quickcheck: a list of calls, its own generator of lists, and its own shrinker.

use alys_models::ring::RingTransition as T;
use alys_properties::ring::{CAPACITY_MAX, RingFault};
use quickcheck::{Arbitrary, Gen, QuickCheck};

use super::{CALLS, CALLS_MAX, Rival, Tally, run_case};

/// quickcheck.
pub(super) struct Quick;

/// One call.
#[derive(Clone, Copy, Debug)]
struct Call(T);

impl Arbitrary for Call {
    fn arbitrary(g: &mut Gen) -> Self {
        Call(*g.choose(&CALLS).unwrap_or(&T::Pop))
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        match self.0 {
            T::Push(item) => Box::new(item.shrink().map(|item| Call(T::Push(item)))),
            T::Peek(index) => Box::new(index.shrink().map(|index| Call(T::Peek(index)))),
            T::Resize(capacity) => {
                Box::new(capacity.shrink().filter(|one| *one > 0).map(|one| Call(T::Resize(one))))
            }
            T::Pop | T::Clear => quickcheck::empty_shrinker(),
        }
    }
}

/// A capacity.
#[derive(Clone, Copy, Debug)]
struct Capacity(usize);

impl Arbitrary for Capacity {
    fn arbitrary(g: &mut Gen) -> Self {
        Capacity(1 + usize::arbitrary(g) % CAPACITY_MAX)
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        Box::new(self.0.shrink().filter(|one| *one > 0).map(Capacity))
    }
}

fn property(capacity: Capacity, calls: Vec<Call>) -> bool {
    let calls: Vec<_> = calls.into_iter().map(|call| call.0).collect();
    run_case(capacity.0, &calls).is_ok()
}

fn run(fault: Option<RingFault>, seed: u64, cases: u32) {
    Tally::begin(fault);
    let mut runner = QuickCheck::new().rng(Gen::from_size_and_seed(CALLS_MAX, seed));
    runner = runner.tests(cases.into()).max_tests(cases.into());
    // What failed is in the tally.
    drop(runner.quicktest(property as fn(Capacity, Vec<Call>) -> bool));
}

impl Rival for Quick {
    const NAME: &'static str = "quickcheck";

    fn run(fault: Option<RingFault>, seed: u64, cases: u32) {
        run(fault, seed, cases);
    }
}
