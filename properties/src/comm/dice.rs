//! The chances of one schedule: a seed decides all of them.

use std::cell::RefCell;

use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::draw::Draw;

/// Throws that follow from a seed.
#[derive(Debug)]
pub struct Dice(RefCell<TestRng>);

impl Dice {
    /// The throws of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 16];
        // The generator must not start from zeros alone.
        bytes[..8].copy_from_slice(&seed.wrapping_add(1).to_le_bytes());
        bytes[8..].copy_from_slice(&seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
        let dice = Dice(RefCell::new(TestRng::from_seed(RngAlgorithm::XorShift, &bytes)));
        // The first throws of neighbouring seeds resemble each other.
        let _ = dice.order(16);
        dice
    }

    /// A number below `bound`, which is small and above 0.
    pub fn below(&self, bound: usize) -> usize {
        Draw(&mut *self.0.borrow_mut()).index(bound)
    }

    /// True once in `n` throws.
    pub fn once_in(&self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// The numbers below `count`, in some order.
    #[must_use]
    pub fn order(&self, count: usize) -> Vec<usize> {
        let mut order: Vec<_> = (0..count).collect();
        (1..count).rev().for_each(|last| order.swap(last, self.below(last + 1)));
        order
    }
}
