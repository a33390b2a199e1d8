//! Reference model of the ordering tracker (rules OT-1 to OT-3 and OT-5).
//!
//! The model keeps each actor's records in one list, in the order in which they were made, and the expected order.
//! Nothing else is stored: verdicts, gaps, counts and reports are read off that list by their definitions, each time
//! anew. OT-4 holds by construction, since a key looks only at its own part of the list; that real keys do not block
//! each other is nothing that a sequential model can say.
//!
//! # Examples
//!
//! ```
//! use alys_models::tracker::{TrackerModel, TrackerOutcome, TrackerTransition, TrackerVerdict};
//!
//! let mut model = TrackerModel::default();
//! let record = TrackerTransition::Record { actor: 0, sender: 1, sequence: 2 };
//! let gap = TrackerVerdict::Gap { expected: 0, got: 2 };
//! assert_eq!(model.apply(&record), TrackerOutcome::Recorded(gap));
//! assert_eq!(model.apply(&record), TrackerOutcome::Recorded(TrackerVerdict::Duplicate));
//! assert_eq!(model.apply(&TrackerTransition::Count { actor: 0 }), TrackerOutcome::Counted(2));
//! ```

use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;
mod transition;

pub use transition::{TrackerOutcome, TrackerSenderReport, TrackerTransition, TrackerVerdict};

/// The sizes that a rule mentions; the others are nobody's business here.
///
/// # Examples
///
/// ```
/// use alys_models::tracker::TrackerLimits;
///
/// assert_eq!(TrackerLimits::default().duplicates_kept, 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TrackerLimits {
    /// Duplicates that a report lists for each sender, the first ones (OT-5).
    pub duplicates_kept: usize,
    /// Reorderings that a report lists for each sender, the first ones (OT-5).
    pub reorderings_kept: usize,
    /// Longest expected order accepted (OT-5).
    pub expected_max: usize,
}

impl Default for TrackerLimits {
    fn default() -> Self {
        Self { duplicates_kept: 1024, reorderings_kept: 1024, expected_max: 1 << 20 }
    }
}

/// The reference state machine.
///
/// # Examples
///
/// ```
/// use alys_models::tracker::{TrackerLimits, TrackerModel};
///
/// let mut model = TrackerModel::new(TrackerLimits::default());
/// model.record(0, 0, 0);
/// assert!(model.verify(0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TrackerModel {
    limits: TrackerLimits,
    actors: BTreeMap<u8, ActorModel>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct ActorModel {
    /// Sender and number of every record, in the order of the records.
    records: Vec<(u8, u64)>,
    expected: Option<Vec<u64>>,
}

impl TrackerModel {
    /// A tracker without records.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::tracker::{TrackerLimits, TrackerModel};
    ///
    /// assert_eq!(TrackerModel::new(TrackerLimits::default()), TrackerModel::default());
    /// ```
    pub fn new(limits: TrackerLimits) -> Self {
        Self { limits, actors: BTreeMap::new() }
    }

    /// Applies one call and answers what the tracker must answer.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::tracker::{TrackerModel, TrackerOutcome, TrackerTransition};
    ///
    /// let mut model = TrackerModel::default();
    /// let set = TrackerTransition::SetExpected { actor: 0, ordering: vec![1] };
    /// assert_eq!(model.apply(&set), TrackerOutcome::ExpectedSet);
    /// model.record(0, 0, 1);
    /// assert_eq!(model.apply(&set), TrackerOutcome::ExpectedLate(1));
    /// ```
    pub fn apply(&mut self, transition: &TrackerTransition) -> TrackerOutcome {
        use TrackerTransition as T;
        match *transition {
            T::Record { actor, sender, sequence } | T::RecordByHandle { actor, sender, sequence } => {
                TrackerOutcome::Recorded(self.record(actor, sender, sequence))
            }
            T::Resolve { .. } => TrackerOutcome::Resolved,
            T::SetExpected { actor, ref ordering } => self.set_expected(actor, ordering),
            T::Verify { actor } => TrackerOutcome::Verified(self.verify(actor)),
            T::Count { actor } => TrackerOutcome::Counted(self.count(actor)),
            T::Report { actor } => self.report(actor),
        }
    }

    /// Records a number and judges it (OT-1).
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::tracker::{TrackerModel, TrackerVerdict};
    ///
    /// assert_eq!(TrackerModel::default().record(0, 0, 0), TrackerVerdict::InOrder);
    /// ```
    pub fn record(&mut self, actor: u8, sender: u8, sequence: u64) -> TrackerVerdict {
        let records = &mut self.actors.entry(actor).or_default().records;
        let verdict = judge(&numbers_of(records, sender), sequence);
        records.push((sender, sequence));
        verdict
    }

    /// Gives the expected order, unless it is too long or the actor has a record.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::tracker::{TrackerLimits, TrackerModel, TrackerOutcome};
    ///
    /// let mut model = TrackerModel::new(TrackerLimits { expected_max: 1, ..TrackerLimits::default() });
    /// assert_eq!(model.set_expected(0, &[0, 1]), TrackerOutcome::ExpectedTooLong);
    /// assert_eq!(model.set_expected(0, &[0]), TrackerOutcome::ExpectedSet);
    /// ```
    pub fn set_expected(&mut self, actor: u8, ordering: &[u64]) -> TrackerOutcome {
        if ordering.len() > self.limits.expected_max {
            return TrackerOutcome::ExpectedTooLong;
        }
        match self.count(actor) {
            0 => {
                self.actors.entry(actor).or_default().expected = Some(ordering.to_vec());
                TrackerOutcome::ExpectedSet
            }
            recorded => TrackerOutcome::ExpectedLate(recorded),
        }
    }

    /// Whether the records are the expected order, or without one, all in order (OT-3).
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::tracker::TrackerModel;
    ///
    /// let mut model = TrackerModel::default();
    /// model.set_expected(0, &[5]);
    /// assert!(!model.verify(0));
    /// model.record(0, 0, 5);
    /// assert!(model.verify(0));
    /// ```
    pub fn verify(&self, actor: u8) -> bool {
        let Some(ActorModel { records, expected }) = self.actors.get(&actor) else { return true };
        match expected {
            Some(expected) => records.iter().map(|(_, sequence)| sequence).eq(expected),
            None => senders_of(records).into_iter().all(|sender| {
                verdicts(&numbers_of(records, sender)).all(|(_, verdict)| verdict == TrackerVerdict::InOrder)
            }),
        }
    }

    /// The number of records of an actor (OT-2).
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(alys_models::tracker::TrackerModel::default().count(0), 0);
    /// ```
    pub fn count(&self, actor: u8) -> usize {
        self.actors.get(&actor).map_or(0, |actor| actor.records.len())
    }

    /// Everything about an actor (OT-3).
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::tracker::{TrackerModel, TrackerOutcome};
    ///
    /// let mut model = TrackerModel::default();
    /// model.set_expected(0, &[]);
    /// assert_eq!(model.report(0), TrackerOutcome::Reported { recorded: 0, senders: vec![] });
    /// ```
    pub fn report(&self, actor: u8) -> TrackerOutcome {
        let Some(ActorModel { records, .. }) = self.actors.get(&actor) else {
            return TrackerOutcome::Unknown;
        };
        let report = |sender| self.report_sender(sender, &numbers_of(records, sender));
        let senders = senders_of(records).into_iter().map(report).collect();
        TrackerOutcome::Reported { recorded: records.len(), senders }
    }

    fn report_sender(&self, sender: u8, numbers: &[u64]) -> TrackerSenderReport {
        let judged = |is: fn(TrackerVerdict) -> bool| -> Vec<u64> {
            verdicts(numbers).filter(|(_, verdict)| is(*verdict)).map(|(sequence, _)| sequence).collect()
        };
        let duplicates = judged(|verdict| verdict == TrackerVerdict::Duplicate);
        let reordered = judged(|verdict| verdict == TrackerVerdict::Reordered);
        TrackerSenderReport {
            sender,
            recorded: numbers.len() as u64,
            highest: numbers.iter().max().copied(),
            gaps: gaps(numbers),
            gaps_seen: judged(|verdict| matches!(verdict, TrackerVerdict::Gap { .. })).len() as u64,
            duplicates_total: duplicates.len() as u64,
            duplicates: duplicates.into_iter().take(self.limits.duplicates_kept).collect(),
            reordered_total: reordered.len() as u64,
            reordered: reordered.into_iter().take(self.limits.reorderings_kept).collect(),
        }
    }
}

fn senders_of(records: &[(u8, u64)]) -> BTreeSet<u8> {
    records.iter().map(|(sender, _)| *sender).collect()
}

fn numbers_of(records: &[(u8, u64)], sender: u8) -> Vec<u64> {
    records.iter().filter(|(of, _)| *of == sender).map(|(_, sequence)| *sequence).collect()
}

/// Each number with its verdict after those before it.
fn verdicts(numbers: &[u64]) -> impl Iterator<Item = (u64, TrackerVerdict)> {
    (0..numbers.len()).map(|at| (numbers[at], judge(&numbers[..at], numbers[at])))
}

fn judge(before: &[u64], sequence: u64) -> TrackerVerdict {
    if before.contains(&sequence) {
        return TrackerVerdict::Duplicate;
    }
    // A number that is new and not below the highest is above it, so the highest is no u64::MAX there.
    match before.iter().max() {
        Some(highest) if sequence < *highest => TrackerVerdict::Reordered,
        Some(highest) if sequence > highest + 1 => {
            TrackerVerdict::Gap { expected: highest + 1, got: sequence }
        }
        None if sequence > 0 => TrackerVerdict::Gap { expected: 0, got: sequence },
        _ => TrackerVerdict::InOrder,
    }
}

/// The ranges that lie between the numbers seen, from 0 up to the highest.
fn gaps(numbers: &[u64]) -> Vec<(u64, u64)> {
    let mut gaps = Vec::new();
    let mut from = 0;
    for seen in numbers.iter().copied().collect::<BTreeSet<u64>>() {
        if from < seen {
            gaps.push((from, seen - 1));
        }
        from = seen.saturating_add(1);
    }
    gaps
}
