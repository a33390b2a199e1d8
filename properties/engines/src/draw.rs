//! Whole numbers from a random source, and values that cannot be made simpler.

use proptest::{prelude::Rng, strategy::ValueTree};

/// Draws whole numbers from a random source.
#[derive(Debug)]
pub struct Draw<'a, R: Rng>(pub &'a mut R);

impl<R: Rng> Draw<'_, R> {
    /// A number below `bound`, which is small: the bias of the multiplication does not matter here.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// An index into something short.
    pub fn index(&mut self, len: usize) -> usize {
        self.below(u32::try_from(len).unwrap_or(u32::MAX)) as usize
    }

    /// True once in `n` draws.
    pub fn once_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    /// One of the choices, each as likely.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }

    /// The index of one weight, each as likely as it is heavy; 0 when there is none.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut ticket = self.below(weights.iter().sum());
        let found = weights.iter().position(|weight| {
            let here = ticket < *weight;
            ticket = ticket.saturating_sub(*weight);
            here
        });
        found.unwrap_or(0)
    }
}

/// Numbers that follow from a seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), which has no bad seeds.
#[derive(Clone, Copy, Debug)]
pub struct SplitMix(pub u64);

impl SplitMix {
    /// Returns the next of them.
    #[expect(
        clippy::should_implement_trait,
        reason = "it never ends, and a loop over it is not what anybody wants"
    )]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// True in half of the draws.
    pub fn coin(&mut self) -> bool {
        self.next() >> 63 == 1
    }
}

/// A value that cannot be made simpler.
#[derive(Clone, Debug)]
pub struct Fixed<T>(pub T);

impl<T: Clone + std::fmt::Debug> ValueTree for Fixed<T> {
    type Value = T;

    fn current(&self) -> T {
        self.0.clone()
    }

    fn simplify(&mut self) -> bool {
        false
    }

    fn complicate(&mut self) -> bool {
        false
    }
}

/// A way to simplify a value: the n-th, until there is none left.
pub type Simpler<T> = fn(&T, usize) -> Option<T>;

/// A value that shrinks to simpler ones, each way tried once.
#[derive(Clone, Debug)]
pub struct Simplifying<T> {
    current: T,
    previous: Option<T>,
    tried: usize,
    simpler: Simpler<T>,
}

impl<T> Simplifying<T> {
    /// Starts with a value as it was drawn.
    pub fn new(current: T, simpler: Simpler<T>) -> Self {
        Simplifying { current, previous: None, tried: 0, simpler }
    }
}

impl<T: Clone + PartialEq + std::fmt::Debug> ValueTree for Simplifying<T> {
    type Value = T;

    fn current(&self) -> T {
        self.current.clone()
    }

    fn simplify(&mut self) -> bool {
        while let Some(simpler) = (self.simpler)(&self.current, self.tried) {
            self.tried += 1;
            if simpler != self.current {
                self.previous = Some(std::mem::replace(&mut self.current, simpler));
                return true;
            }
        }
        false
    }

    fn complicate(&mut self) -> bool {
        self.previous.take().is_some_and(|previous| {
            self.current = previous;
            true
        })
    }
}
