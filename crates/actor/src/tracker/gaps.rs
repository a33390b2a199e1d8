//! The numbers that one key still waits for.

use std::collections::BTreeMap;

use super::report::OpenGap;

/// Open gaps of one key: memory grows with their number, never with their width (OT-5).
#[derive(Default)]
pub(super) struct Gaps {
    // invariant: first -> last with first <= last, and at least one recorded number between two gaps: a new gap
    // starts right above a recorded number, and a gap splits around one.
    ranges: BTreeMap<u64, u64>,
}

impl Gaps {
    /// Adds the gap `first..=last`, which lies above every other.
    pub(super) fn open(&mut self, first: u64, last: u64) {
        debug_assert!(first <= last, "gap {first}-{last} is empty");
        debug_assert!(
            self.ranges.last_key_value().is_none_or(|(_, below)| *below + 1 < first),
            "gap {first}-{last} does not lie above {:?}",
            self.ranges.last_key_value(),
        );
        self.ranges.insert(first, last);
    }

    /// Takes `sequence` out of its gap, or answers false when no gap holds it.
    pub(super) fn fill(&mut self, sequence: u64) -> bool {
        let Some((&first, &last)) = self.ranges.range(..=sequence).next_back() else { return false };
        if last < sequence {
            return false;
        }
        self.ranges.remove(&first);
        if first < sequence {
            self.ranges.insert(first, sequence - 1);
        }
        if sequence < last {
            self.ranges.insert(sequence + 1, last);
        }
        true
    }

    /// The gaps, lowest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = OpenGap> {
        self.ranges.iter().map(|(&first, &last)| OpenGap { first, last })
    }

    /// How many numbers are missing: up to `u64::MAX`, so the sum needs no wider type.
    #[cfg(any(test, debug_assertions))]
    pub(super) fn missing(&self) -> u64 {
        self.iter().map(|gap| gap.last - gap.first + 1).sum()
    }

    /// Asserts that the gaps are ordered, apart from each other, and below `highest`.
    #[cfg(any(test, debug_assertions))]
    pub(super) fn check_invariants(&self, highest: Option<u64>) {
        let mut floor = None;
        for gap in self.iter() {
            assert!(gap.first <= gap.last, "gap {gap} is empty");
            assert!(floor.is_none_or(|floor| floor < gap.first), "gap {gap} touches the one below");
            assert!(highest.is_some_and(|highest| gap.last < highest), "gap {gap} reaches {highest:?}");
            floor = Some(gap.last + 1);
        }
    }
}
