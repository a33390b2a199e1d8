//! What is claimed of the model of the tracker.

use alys_models::tracker::{
    TrackerLimits, TrackerModel, TrackerOutcome, TrackerSenderReport, TrackerTransition as T,
};
use proptest_state_machine::ReferenceStateMachine;

use super::Checked;
use crate::{
    small::Small,
    tracker::{State, TrackerReference},
};

/// The reports of the one actor's senders.
fn senders(model: &TrackerModel) -> Vec<TrackerSenderReport> {
    match model.report(0) {
        TrackerOutcome::Reported { senders, .. } => senders,
        _ => Vec::new(),
    }
}

/// Whether every number of a sender is accounted for: below its highest, each has come or lies in an open gap.
fn is_whole(one: &TrackerSenderReport) -> bool {
    let missing: u64 = one.gaps.iter().map(|(first, last)| last - first + 1).sum();
    one.highest.is_none_or(|highest| highest + 1 == one.recorded - one.duplicates_total + missing)
}

type Key = (TrackerLimits, TrackerModel);

/// OT-2, OT-3, OT-5 in every state; and there are gaps, duplicates beyond the cap and late numbers.
#[must_use]
pub fn claims() -> Checked<TrackerReference> {
    Checked::default()
        .always("OT-2: the count is that of all senders", |_, (_, model): &Key| {
            let all: u64 = senders(model).iter().map(|one| one.recorded).sum();
            all == model.count(0) as u64
        })
        .always("OT-3: every number has come or is missing", |_, (_, model): &Key| {
            senders(model).iter().all(is_whole)
        })
        .always("OT-5: no more is listed than configured", |_, (limits, model): &Key| {
            senders(model).iter().all(|one| {
                one.duplicates.len() <= limits.duplicates_kept
                    && one.reordered.len() <= limits.reorderings_kept
            })
        })
        .sometimes("two numbers missing", |_, (_, model): &Key| {
            senders(model).iter().any(|one| one.gaps == [(0, 1)])
        })
        .sometimes("more duplicates than listed", |_, (_, model): &Key| {
            senders(model).iter().any(|one| one.duplicates_total > one.duplicates.len() as u64)
        })
        .sometimes("late", |_, (_, model): &Key| senders(model).iter().any(|one| one.reordered_total > 0))
        .sometimes("two in order", |_, (_, model): &Key| model.count(0) == 2 && model.verify(0))
        .sometimes("out of order", |_, (_, model): &Key| !model.verify(0))
}

/// OT-1: whatever the order in which missing numbers come, in the end no gap is open.
#[must_use]
pub fn closes() -> Checked<TrackerReference> {
    let record = |sequence| T::Record { actor: 0, sender: 0, sequence };
    let gaping = |start: State| [2, 5].map(record).iter().fold(start, TrackerReference::apply);
    let starts: Vec<_> = TrackerReference::starts().into_iter().map(gaping).collect();
    let missing = |state: &State| {
        let gaps = senders(&state.model).into_iter().flat_map(|one| one.gaps);
        gaps.flat_map(|(first, last)| first..=last)
            .map(|sequence| T::Record { actor: 0, sender: 0, sequence })
            .collect()
    };
    Checked::new(&starts, missing).eventually("no gap is open", |_, (_, model): &Key| {
        senders(model).iter().all(|one| one.gaps.is_empty())
    })
}
