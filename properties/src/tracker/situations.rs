//! The situations that the tracker suite must meet.

use alys_models::tracker::{TrackerLimits, TrackerOutcome, TrackerTransition, TrackerVerdict};

use super::{
    labels::actor,
    memory::{KeyMemory, Memory},
};
use crate::coverage::Situation;

macro_rules! situations {
    ($($index:ident = $name:literal;)*) => {
        #[derive(Clone, Copy)]
        enum Met { $($index),* }
        pub(super) const SITUATIONS: &[Situation] = &[$(Situation { name: $name, minimum: 50 }),*];
    };
}

situations! {
    GapClosed = "a gap is closed late";
    GapSplit = "a gap is split in two";
    ClosedAgain = "a number that closed a gap comes again";
    LargestFirst = "u64::MAX comes first";
    LargestAgain = "u64::MAX comes again";
    FirstOfAll = "0 comes late";
    PastTheWord = "a number in order is beyond the word of its key";
    InTheLastWord = "a number in order is the last that the word of its key holds";
    HandleFirst = "a handle made before an expected order records under it";
    OrderReplaced = "an expected order is replaced";
    OrderLate = "an expected order comes after a record";
    OrderTooLong = "an expected order is too long";
    OrderComplete = "the last number of an expected order comes";
    OrderOverrun = "a number comes after a complete expected order";
    OrderWrongAtTheEnd = "only the last number of an expected order is wrong";
    AskedOnTheWay = "a record follows the expected order after a question";
    EmptyOrder = "an empty expected order is asked about";
    DuplicatesUncounted = "a duplicate exceeds the list";
    ReorderingsUncounted = "a reordering exceeds the list";
    UnknownAsked = "an unknown actor is asked about";
    OthersBetween = "others record between two questions to an actor";
    SendersBetween = "a sender goes on in order after another's anomaly";
    HealedAnomaly = "an actor without open gaps is out of order";
}

/// What must be remembered of the state before a transition, to tell afterwards what the transition met.
pub(super) struct Before {
    others_since_question: bool,
    asked_last: bool,
    following: Option<u64>,
    complete: bool,
    diverged: bool,
    expected: Option<usize>,
    records: usize,
    anomalous: bool,
    key: Option<KeyMemory>,
}

impl Before {
    pub(super) fn of(memory: &Memory, transition: &TrackerTransition) -> Self {
        let actor = &memory.actors[actor(transition)];
        let key = match transition {
            TrackerTransition::Record { sender, .. } | TrackerTransition::RecordByHandle { sender, .. } => {
                Some(actor.keys[usize::from(*sender)].clone())
            }
            _ => None,
        };
        Before {
            others_since_question: actor.others_since_question,
            asked_last: actor.asked_last,
            following: actor.following(),
            complete: actor.is_complete(),
            diverged: actor.diverged,
            expected: actor.expected.as_ref().map(|expected| expected.len()),
            records: actor.records,
            anomalous: actor.anomalous,
            key,
        }
    }

    pub(super) fn met(
        &self,
        after: &Memory,
        limits: &TrackerLimits,
        transition: &TrackerTransition,
        outcome: &TrackerOutcome,
    ) -> u32 {
        use TrackerTransition as T;
        let mut met = 0;
        let mut meet = |situation: Met, happened: bool| met |= u32::from(happened) << situation as u32;
        match (transition, outcome, &self.key) {
            (
                T::Record { sequence, .. } | T::RecordByHandle { sequence, .. },
                TrackerOutcome::Recorded(verdict),
                Some(before),
            ) => {
                let by_handle = matches!(transition, T::RecordByHandle { .. });
                meet(Met::HandleFirst, by_handle && before.handle && before.handle_before_expected);
                self.under_an_order(*sequence, &mut meet);
                judged(before, *sequence, *verdict, limits, &mut meet);
                let alone = before.next() == Some(before.records as u64) && before.duplicates == 0;
                let goes_on = *verdict == TrackerVerdict::InOrder && before.records > 0 && alone;
                meet(Met::SendersBetween, goes_on && self.anomalous);
            }
            (T::SetExpected { .. }, TrackerOutcome::ExpectedSet, _) => {
                meet(Met::OrderReplaced, self.expected.is_some());
            }
            (T::SetExpected { .. }, TrackerOutcome::ExpectedLate(_), _) => meet(Met::OrderLate, true),
            (T::SetExpected { .. }, TrackerOutcome::ExpectedTooLong, _) => meet(Met::OrderTooLong, true),
            (T::Verify { .. } | T::Count { .. } | T::Report { .. }, ..) => {
                meet(Met::UnknownAsked, self.records == 0 && self.expected.is_none());
                meet(Met::OthersBetween, self.others_since_question);
                meet(Met::EmptyOrder, self.expected == Some(0));
                let open = after.actors[actor(transition)].keys.iter().any(|key| !key.gaps.is_empty());
                let verify = matches!(transition, T::Verify { .. });
                meet(Met::HealedAnomaly, verify && self.expected.is_none() && self.anomalous && !open);
            }
            _ => {}
        }
        met
    }

    fn under_an_order(&self, sequence: u64, meet: &mut impl FnMut(Met, bool)) {
        let Some(len) = self.expected else { return };
        let follows = self.following == Some(sequence);
        meet(Met::OrderComplete, follows && self.records + 1 == len);
        meet(Met::OrderOverrun, self.complete && len > 0);
        meet(Met::OrderWrongAtTheEnd, !self.diverged && !follows && self.records + 1 == len);
        meet(Met::AskedOnTheWay, follows && self.records > 0 && self.asked_last);
    }
}

/// What a verdict says about its key.
fn judged(
    before: &KeyMemory,
    sequence: u64,
    verdict: TrackerVerdict,
    limits: &TrackerLimits,
    meet: &mut impl FnMut(Met, bool),
) {
    match verdict {
        TrackerVerdict::InOrder => {
            meet(Met::InTheLastWord, sequence == (1 << 63) - 2 && before.records > 0);
            meet(Met::PastTheWord, sequence >= (1 << 63) - 1);
        }
        TrackerVerdict::Gap { .. } => {
            meet(Met::LargestFirst, sequence == u64::MAX && before.records == 0);
        }
        TrackerVerdict::Duplicate => {
            meet(Met::ClosedAgain, before.filled == Some(sequence));
            meet(Met::LargestAgain, sequence == u64::MAX);
            meet(Met::DuplicatesUncounted, before.duplicates >= limits.duplicates_kept);
        }
        TrackerVerdict::Reordered => {
            let gap = before.gaps.iter().find(|(first, last)| (*first..=*last).contains(&sequence));
            let (first, last) = gap.copied().unwrap_or((sequence, sequence));
            meet(Met::GapClosed, first == last);
            meet(Met::GapSplit, first < sequence && sequence < last);
            meet(Met::FirstOfAll, sequence == 0);
            meet(Met::ReorderingsUncounted, before.reorderings >= limits.reorderings_kept);
        }
    }
}
