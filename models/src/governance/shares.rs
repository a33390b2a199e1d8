//! What Byzantine weight can do, in numbers (GV-6).
//!
//! `W` is the total, `B` the Byzantine weight, `p` the least passing weight, `q` the quorum.

use std::collections::BTreeSet;

/// The least weight that is more than the share `above / below` of a total, found by halving.
#[must_use]
pub fn passing(total: u64, above: u64, below: u64) -> u64 {
    let is_more =
        |weight: u64| u128::from(weight) * u128::from(below) > u128::from(above) * u128::from(total);
    let (mut low, mut high) = (0, u64::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_more(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Whether `B` can pass what nobody else approves.
#[must_use]
pub fn passes_alone(byzantine: u64, passing: u64) -> bool {
    byzantine >= passing
}

/// Whether `B` can keep from passing what everybody else approves.
#[must_use]
pub fn blocks_alone(total: u64, byzantine: u64, passing: u64, quorum: u64) -> bool {
    let honest = total - byzantine;
    honest < passing.max(quorum) || honest <= byzantine
}

/// Whether there can be certificates for opposite choices: the honest members split in two sides, each of which passes
/// with `B`.
#[must_use]
pub fn two_certificates(honest: &[u64], byzantine: u64, passing: u64) -> bool {
    let (needed, total) = (passing.saturating_sub(byzantine), honest.iter().sum::<u64>());
    let mut sums = BTreeSet::from([0]);
    for weight in honest {
        let with: Vec<u64> = sums.iter().map(|sum| sum + weight).collect();
        sums.extend(with);
    }
    sums.into_iter().any(|side| side >= needed && total - side >= needed)
}
