//! What the generator and the labels remember of a case: no judge, only a guide to numbers worth recording.

use std::rc::Rc;

use alys_models::tracker::{TrackerOutcome, TrackerTransition, TrackerVerdict};

use super::{ACTORS, SENDERS};

/// Everything remembered.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    pub(super) actors: [ActorMemory; ACTORS],
}

/// One receiving actor.
#[derive(Clone, Debug, Default)]
pub(super) struct ActorMemory {
    pub(super) records: usize,
    pub(super) expected: Option<Rc<[u64]>>,
    /// Whether the records have left the expected order.
    pub(super) diverged: bool,
    /// Whether any record was not in order.
    pub(super) anomalous: bool,
    /// Whether the last transition about this actor was a question.
    pub(super) asked_last: bool,
    /// Whether the actor was asked, and others recorded since while it did not.
    pub(super) others_since_question: bool,
    pub(super) keys: [KeyMemory; SENDERS],
}

/// One (actor, sender).
#[derive(Clone, Debug, Default)]
pub(super) struct KeyMemory {
    pub(super) records: usize,
    pub(super) highest: Option<u64>,
    /// The last numbers, in a ring.
    pub(super) recent: [u64; 4],
    pub(super) gaps: Rc<[(u64, u64)]>,
    /// The last number that came out of order.
    pub(super) filled: Option<u64>,
    pub(super) duplicates: usize,
    pub(super) reorderings: usize,
    pub(super) handle: bool,
    /// Whether the handle was there before the actor was given an expected order.
    pub(super) handle_before_expected: bool,
}

impl KeyMemory {
    /// The number in order, if there is one above the highest.
    pub(super) fn next(&self) -> Option<u64> {
        self.highest.map_or(Some(0), |highest| highest.checked_add(1))
    }

    fn record(&mut self, sequence: u64, verdict: TrackerVerdict) {
        self.recent[self.records % self.recent.len()] = sequence;
        self.records += 1;
        self.highest = self.highest.max(Some(sequence));
        match verdict {
            TrackerVerdict::Duplicate => self.duplicates += 1,
            TrackerVerdict::Reordered => {
                self.reorderings += 1;
                self.filled = Some(sequence);
                self.gaps = without(&self.gaps, sequence);
            }
            TrackerVerdict::Gap { expected, got } => {
                self.gaps = self.gaps.iter().copied().chain([(expected, got - 1)]).collect();
            }
            TrackerVerdict::InOrder => {}
        }
    }
}

impl ActorMemory {
    /// Whether all of the expected order, and no more, has come.
    pub(super) fn is_complete(&self) -> bool {
        let len = self.expected.as_ref().map(|expected| expected.len());
        len == Some(self.records) && !self.diverged
    }

    /// The number that follows the expected order, while the records follow it.
    pub(super) fn following(&self) -> Option<u64> {
        let expected = self.expected.as_ref()?;
        if self.diverged { None } else { expected.get(self.records).copied() }
    }

    fn record(&mut self, sender: usize, sequence: u64, verdict: TrackerVerdict) {
        if self.expected.is_some() && self.following() != Some(sequence) {
            self.diverged = true;
        }
        self.records += 1;
        self.anomalous |= verdict != TrackerVerdict::InOrder;
        self.asked_last = false;
        self.others_since_question = false;
        self.keys[sender].record(sequence, verdict);
    }
}

impl Memory {
    /// Remembers a transition and its answer.
    pub(super) fn note(&mut self, transition: &TrackerTransition, outcome: &TrackerOutcome) {
        use TrackerTransition as T;
        match (transition, outcome) {
            (
                T::Record { actor, sender, sequence } | T::RecordByHandle { actor, sender, sequence },
                TrackerOutcome::Recorded(verdict),
            ) => {
                let (place, key) = (usize::from(*actor), usize::from(*sender));
                self.actors[place].record(key, *sequence, *verdict);
                if matches!(transition, T::RecordByHandle { .. }) {
                    self.actors[place].keys[key].handle = true;
                }
                self.others_recorded(place);
            }
            (T::Resolve { actor, sender }, _) => {
                let expected = self.actors[usize::from(*actor)].expected.is_some();
                let key = &mut self.actors[usize::from(*actor)].keys[usize::from(*sender)];
                key.handle = true;
                key.handle_before_expected &= !expected;
            }
            (T::SetExpected { actor, ordering }, TrackerOutcome::ExpectedSet) => {
                let memory = &mut self.actors[usize::from(*actor)];
                memory.expected = Some(ordering.as_slice().into());
                memory.keys.iter_mut().for_each(|key| key.handle_before_expected = key.handle);
            }
            (T::Verify { actor } | T::Count { actor } | T::Report { actor }, _) => {
                let memory = &mut self.actors[usize::from(*actor)];
                memory.asked_last = true;
                memory.others_since_question = false;
            }
            _ => {}
        }
    }

    fn others_recorded(&mut self, recorder: usize) {
        for (place, actor) in self.actors.iter_mut().enumerate() {
            actor.others_since_question |= place != recorder && actor.asked_last;
        }
    }
}

/// The gaps without a number that lies in one of them.
fn without(gaps: &[(u64, u64)], sequence: u64) -> Rc<[(u64, u64)]> {
    let parts = gaps.iter().flat_map(|&(first, last)| {
        if (first..=last).contains(&sequence) {
            let below = (first < sequence).then(|| (first, sequence - 1));
            [below, (sequence < last).then(|| (sequence + 1, last))]
        } else {
            [Some((first, last)), None]
        }
    });
    parts.flatten().collect()
}
