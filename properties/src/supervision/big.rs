//! Whole numbers of any size, as far as a law needs them: products and comparisons.

use std::cmp::Ordering;

/// A number in words of 32 bits, the least first, without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Big(Vec<u32>);

impl Big {
    pub(super) fn from(number: u128) -> Self {
        let words = (0..4).map(|place| (number >> (32 * place)) as u32).collect();
        Big(words).trimmed()
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    pub(super) fn times(&self, factor: u32) -> Self {
        let mut carry = 0_u64;
        let mut words = Vec::with_capacity(self.0.len() + 1);
        for word in &self.0 {
            carry += u64::from(*word) * u64::from(factor);
            words.push(carry as u32);
            carry >>= 32;
        }
        words.push(carry as u32);
        Big(words).trimmed()
    }

    /// The number times a power.
    pub(super) fn times_power(&self, factor: u32, exponent: u32) -> Self {
        (0..exponent).fold(self.clone(), |product, _| product.times(factor))
    }

    /// Whether it fits 128 bits.
    pub(super) fn fits(&self) -> bool {
        self.0.len() <= 4
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Big {
    fn cmp(&self, other: &Self) -> Ordering {
        let longer = self.0.len().cmp(&other.0.len());
        longer.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use super::Big;

    #[test]
    fn powers_are_those_of_u128_while_they_fit() {
        for (factor, exponent) in [(3, 80), (10, 38), (u32::MAX, 3), (1, 200), (7, 0)] {
            let power = Big::from(1).times_power(factor, exponent);
            assert_eq!(power, Big::from(u128::from(factor).pow(exponent)));
            assert!(power.fits());
        }
        let beyond = Big::from(1).times_power(2, 128);
        assert!(!beyond.fits() && beyond > Big::from(u128::MAX));
        assert!(Big::from(1 << 64) > Big::from(u128::from(u64::MAX)));
    }
}
