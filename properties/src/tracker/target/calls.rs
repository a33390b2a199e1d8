//! Calls of a real tracker in the model's words: names for numbers, and answers back.

use alys_models::tracker::{
    TrackerLimits, TrackerOutcome, TrackerSenderReport, TrackerTransition, TrackerVerdict,
};

use super::alys::tracker::{
    ExpectedOrderingError, OrderingHandle, OrderingReport, OrderingTracker, SenderReport, TrackedMessage,
    TrackerConfig, Verdict,
};
use crate::{
    tracker::{ACTORS, SENDERS},
    violation::{check_eq, violated},
};

/// The names of the actors, in the order of their numbers. An actor and a sender written together are often the same
/// as another pair written together, and they share more than the first words of their bytes: keys must be told apart by
/// more than that. Reports are sorted by the sender's name, byte by byte, and give it as it was.
pub const ACTOR_NAMES: [&str; ACTORS] =
    ["chain-actor-of-node-", "chain-actor-of-node-a", "chain-actor-of-node-ab"];

/// The names of the senders, in the order of their numbers.
pub const SENDER_NAMES: [&str; SENDERS] =
    ["", "b\u{dc}-sender-of-messages-1", "b\u{dc}-sender-of-messages-2"];

/// The last handle made for each key.
#[derive(Clone, Debug, Default)]
pub struct Handles([[Option<OrderingHandle>; SENDERS]; ACTORS]);

/// Builds the tracker of a case.
///
/// # Panics
///
/// Raises a violation when the configuration, which is valid, is refused.
#[must_use]
pub fn tracker(limits: &TrackerLimits, shards: usize) -> OrderingTracker {
    let TrackerLimits { duplicates_kept, reorderings_kept, expected_max } = *limits;
    match OrderingTracker::new(TrackerConfig { shards, duplicates_kept, reorderings_kept, expected_max }) {
        Ok(tracker) => tracker,
        Err(error) => violated("OT-5", format!("a valid configuration is refused: {error}")),
    }
}

/// Makes a call and says how it was answered.
///
/// # Panics
///
/// Raises a violation when an answer is about somebody else.
pub fn call(
    tracker: &OrderingTracker,
    handles: &mut Handles,
    transition: &TrackerTransition,
) -> TrackerOutcome {
    use TrackerTransition as T;
    match *transition {
        T::Record { actor, sender, sequence } => TrackerOutcome::Recorded(verdict(record(
            tracker,
            actor_name(actor),
            sender_name(sender),
            sequence,
        ))),
        T::RecordByHandle { actor, sender, sequence } => {
            let place = &mut handles.0[usize::from(actor)][usize::from(sender)];
            let make = || tracker.handle(actor_name(actor), sender_name(sender));
            TrackerOutcome::Recorded(verdict(place.get_or_insert_with(make).record(sequence)))
        }
        T::Resolve { actor, sender } => {
            let handle = tracker.handle(actor_name(actor), sender_name(sender));
            handles.0[usize::from(actor)][usize::from(sender)] = Some(handle);
            TrackerOutcome::Resolved
        }
        T::SetExpected { actor, ref ordering } => set_expected(tracker, actor, ordering),
        T::Verify { actor } => TrackerOutcome::Verified(tracker.verify_ordering(actor_name(actor))),
        T::Count { actor } => TrackerOutcome::Counted(tracker.message_count(actor_name(actor))),
        T::Report { actor } => report(tracker, actor),
    }
}

/// Two doors to one room: every third number arrives as a message, the others under their names.
fn record(tracker: &OrderingTracker, actor: &str, sender: &str, sequence: u64) -> Verdict {
    if sequence.is_multiple_of(3) {
        tracker.track_message(actor, TrackedMessage::new(sender, sequence))
    } else {
        tracker.record(actor, sender, sequence)
    }
}

fn set_expected(tracker: &OrderingTracker, actor: u8, ordering: &[u64]) -> TrackerOutcome {
    let about = |name: &str| check_eq("OT-3", "whom the refusal is about", actor_name(actor), name);
    match tracker.set_expected_ordering(actor_name(actor), ordering.to_vec()) {
        Ok(()) => TrackerOutcome::ExpectedSet,
        Err(ExpectedOrderingError::Late { actor: name, recorded }) => {
            about(&name);
            TrackerOutcome::ExpectedLate(recorded)
        }
        Err(ExpectedOrderingError::TooLong { actor: name, len, .. }) => {
            about(&name);
            check_eq("OT-5", "the length of the order refused", &ordering.len(), &len);
            TrackerOutcome::ExpectedTooLong
        }
        #[allow(unreachable_patterns, reason = "the twin of this source sees the enumeration whole")]
        Err(other) => violated("OT-3", format!("the model has no refusal like: {other}")),
    }
}

/// Asks for the report on an actor.
///
/// # Panics
///
/// Raises a violation when the answer is about somebody else.
#[must_use]
pub fn report(tracker: &OrderingTracker, actor: u8) -> TrackerOutcome {
    match tracker.report(actor_name(actor)) {
        Ok(OrderingReport { actor: name, recorded, senders }) => {
            check_eq("OT-3", "whom the report is about", actor_name(actor), &name);
            TrackerOutcome::Reported { recorded, senders: senders.into_iter().map(sender_report).collect() }
        }
        Err(unknown) => {
            check_eq("OT-3", "who is unknown", actor_name(actor), &unknown.actor);
            TrackerOutcome::Unknown
        }
    }
}

fn sender_report(report: SenderReport) -> TrackerSenderReport {
    let known = SENDER_NAMES.iter().position(|name| *name == report.sender);
    let Some(sender) = known.and_then(|place| u8::try_from(place).ok()) else {
        violated("OT-3", format!("the report names a sender `{}` that there is not", report.sender))
    };
    TrackerSenderReport {
        sender,
        recorded: report.recorded,
        highest: report.highest,
        gaps: report.gaps.into_iter().map(|gap| (gap.first, gap.last)).collect(),
        gaps_seen: report.gaps_seen,
        duplicates: report.duplicates,
        duplicates_total: report.duplicates_total,
        reordered: report.reordered,
        reordered_total: report.reordered_total,
    }
}

/// A verdict in the model's words.
#[must_use]
pub fn verdict(verdict: Verdict) -> TrackerVerdict {
    match verdict {
        Verdict::InOrder => TrackerVerdict::InOrder,
        Verdict::Gap { expected, got } => TrackerVerdict::Gap { expected, got },
        Verdict::Duplicate => TrackerVerdict::Duplicate,
        Verdict::Reordered => TrackerVerdict::Reordered,
    }
}

/// The name of an actor.
#[must_use]
pub fn actor_name(actor: u8) -> &'static str {
    ACTOR_NAMES[usize::from(actor)]
}

/// The name of a sender.
#[must_use]
pub fn sender_name(sender: u8) -> &'static str {
    SENDER_NAMES[usize::from(sender)]
}
