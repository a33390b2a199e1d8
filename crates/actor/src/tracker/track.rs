//! What is known of one key: a plain value, changed only under the mutex of its actor.

use super::config::TrackerConfig;
use super::gaps::Gaps;
use super::message::Verdict;
use super::report::SenderReport;

/// State of one key while its word is busy.
///
/// While the word is not busy, records in order advance the word alone; [`Track::catch_up`] brings them in.
#[derive(Default)]
pub(super) struct Track {
    highest: Option<u64>,
    recorded: u64,
    gaps: Gaps,
    gaps_seen: u64,
    duplicates: Anomalies,
    reordered: Anomalies,
}

/// The first anomalies of a kind, and the number of all.
#[derive(Default)]
struct Anomalies {
    kept: Vec<u64>,
    total: u64,
}

impl Anomalies {
    fn push(&mut self, sequence: u64, kept_max: usize) {
        self.total += 1;
        if self.kept.len() < kept_max {
            self.kept.push(sequence);
        }
    }
}

impl Track {
    /// The number expected next; `None` once `u64::MAX` is recorded.
    pub(super) fn expected(&self) -> Option<u64> {
        self.highest.map_or(Some(0), |highest| highest.checked_add(1))
    }

    /// Brings in the records in order that moved the word up to `expected`.
    pub(super) fn catch_up(&mut self, expected: u64) {
        let known = self.expected().unwrap_or(u64::MAX);
        debug_assert!(known <= expected, "the word fell back from {known} to {expected}");
        self.recorded += expected - known;
        self.highest = expected.checked_sub(1);
    }

    /// Judges one record (OT-1).
    pub(super) fn record(&mut self, sequence: u64, config: &TrackerConfig) -> Verdict {
        self.recorded += 1;
        match self.expected() {
            Some(expected) if expected <= sequence => self.advance(expected, sequence),
            _ => self.look_back(sequence, config),
        }
    }

    fn advance(&mut self, expected: u64, got: u64) -> Verdict {
        self.highest = Some(got);
        if got == expected {
            return Verdict::InOrder;
        }
        self.gaps.open(expected, got - 1);
        self.gaps_seen += 1;
        Verdict::Gap { expected, got }
    }

    fn look_back(&mut self, sequence: u64, config: &TrackerConfig) -> Verdict {
        if self.gaps.fill(sequence) {
            self.reordered.push(sequence, config.reorderings_kept);
            Verdict::Reordered
        } else {
            self.duplicates.push(sequence, config.duplicates_kept);
            Verdict::Duplicate
        }
    }

    pub(super) fn recorded(&self) -> u64 {
        self.recorded
    }

    /// Whether every record was in order. A reordering needs no look of its own: a gap came before it.
    pub(super) fn is_clean(&self) -> bool {
        self.gaps_seen == 0 && self.duplicates.total == 0
    }

    pub(super) fn report(&self, sender: &str) -> SenderReport {
        self.check_invariants();
        SenderReport {
            sender: sender.to_owned(),
            recorded: self.recorded,
            highest: self.highest,
            gaps: self.gaps.iter().collect(),
            gaps_seen: self.gaps_seen,
            duplicates: self.duplicates.kept.clone(),
            duplicates_total: self.duplicates.total,
            reordered: self.reordered.kept.clone(),
            reordered_total: self.reordered.total,
        }
    }

    /// Asserts that the gaps are sound, and that every number up to the highest is missing or recorded once.
    #[cfg(any(test, debug_assertions))]
    pub(super) fn check_invariants(&self) {
        self.gaps.check_invariants(self.highest);
        let reached = self.highest.map_or(0, |highest| u128::from(highest) + 1);
        let distinct = u128::from(self.recorded - self.duplicates.total);
        let missing = u128::from(self.gaps.missing());
        assert_eq!(reached, distinct + missing, "numbers up to {:?}: recorded once + missing", self.highest);
    }

    #[cfg(not(any(test, debug_assertions)))]
    fn check_invariants(&self) {}
}
